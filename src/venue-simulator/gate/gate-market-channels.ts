import { LiveStreams } from '../live-streams';
import type { CoreEvent } from '../venue-types';
import { SocketRefusal, updateFrame } from './gate-client';
import type { ChannelRequest, GateClient } from './gate-client';
import { tradeEventRow } from './gate-market-rows';
import type { GateParts } from './gate-parts';
import { openStream, streamNames } from './gate-streams';

/** The public channels. */
export class MarketChannels {
  private readonly live: LiveStreams<GateClient>;
  private readonly unsubscribe: () => void;

  constructor(private readonly parts: GateParts) {
    this.live = new LiveStreams({
      timers: parts.timers,
      open: (name) => openStream(name, parts),
      tell: (clients, frame) => {
        for (const { ws } of clients) ws.send(frame);
      },
    });
    this.unsubscribe = parts.core.onEvent(
      (event) => event.type === 'trade' && this.onTrade(event),
      ['trade'],
    );
  }

  /** Returns what the client gets behind its acknowledgement. Throws a refusal. */
  subscribe(client: GateClient, { channel, payload }: ChannelRequest): readonly string[] {
    const names = streamNames(channel, payload, this.parts.pairs);
    const repeated = names.find((name) => channel === 'spot.obu' && client.streams.has(name));
    if (repeated !== undefined) throw new SocketRefusal(2, `Alert sub ${payload[0] ?? ''}`);
    return names.flatMap((name) => this.live.join(client, name) ?? []);
  }

  end(client: GateClient, { channel, payload }: ChannelRequest): void {
    for (const name of streamNames(channel, payload, this.parts.pairs)) this.live.leave(client, name);
  }

  forget(client: GateClient): void {
    this.live.leaveAll(client);
  }

  stop(): void {
    this.unsubscribe();
    this.live.stop();
  }

  private onTrade(event: Extract<CoreEvent, { type: 'trade' }>): void {
    const pair = this.parts.pairs.of(event.symbol);
    if (!pair) return;
    this.live.tell(`spot.trades ${pair.id}`, () =>
      updateFrame('spot.trades', tradeEventRow(event, pair), this.parts.now()),
    );
  }
}
