import { LiveStreams } from '../live-streams';
import type { CoreEvent } from '../venue-types';
import { push } from './okx-client';
import type { OkxClient } from './okx-client';
import type { Fields } from './okx-fields';
import { tradeRow } from './okx-market-rows';
import type { OkxParts } from './okx-parts';
import { openStream, streamName, tradeChannels } from './okx-streams';

/** The public channels. */
export class MarketChannels {
  private readonly live: LiveStreams<OkxClient>;
  private readonly unsubscribe: () => void;

  constructor(private readonly parts: OkxParts) {
    this.live = new LiveStreams({
      timers: parts.timers,
      open: (name) => openStream(name, parts),
      tell: (clients, frame) => this.tell(clients, frame),
    });
    this.unsubscribe = parts.core.onEvent(
      (event) => event.type === 'trade' && this.onTrade(event),
      ['trade'],
    );
  }

  /** What the client gets behind its acknowledgement. Throws a refusal. */
  subscribe(client: OkxClient, arg: Fields): string | undefined {
    return this.live.join(client, streamName(arg, client.kind, this.parts));
  }

  end(client: OkxClient, arg: Fields): void {
    this.live.leave(client, streamName(arg, client.kind, this.parts));
  }

  forget(client: OkxClient): void {
    this.live.leaveAll(client);
  }

  stop(): void {
    this.unsubscribe();
    this.live.stop();
  }

  private tell(clients: Iterable<OkxClient>, frame: string): void {
    const now = this.parts.now();
    for (const client of clients) {
      client.activeAt = now;
      client.ws.send(frame);
    }
  }

  private onTrade(event: Extract<CoreEvent, { type: 'trade' }>): void {
    const instrument = this.parts.instruments.of(event.symbol);
    if (!instrument) return;
    for (const channel of tradeChannels) {
      this.live.tell(`${channel} ${instrument.id}`, () => {
        const row = tradeRow(event, instrument);
        // The plain channel tells trades of one taker at one price together, and how many they were.
        const count = channel === 'trades' ? { count: '1', seqId: this.seqIdOf(event.symbol) } : {};
        return push({ channel, instId: instrument.id }, [{ ...row, ...count }]);
      });
    }
  }

  private seqIdOf(symbol: string): number {
    const { core, sequences } = this.parts;
    return sequences.of(symbol, core.depth(symbol, 0).updateId);
  }
}
