import type { Timer } from '../../runtime/runtime';
import type { CoreEvent } from '../venue-types';
import { SocketRefusal, updateFrame } from './gate-client';
import type { ChannelRequest, GateClient } from './gate-client';
import { tradeEventRow } from './gate-market-rows';
import type { GateParts } from './gate-parts';
import { openStream, streamNames } from './gate-streams';
import type { Stream } from './gate-streams';

interface Live {
  readonly stream: Stream;
  readonly listeners: Set<GateClient>;
  readonly timer: Timer | undefined;
}

/** The public channels. A stream lives, and looks at its book, while somebody hears it. */
export class MarketChannels {
  private readonly live = new Map<string, Live>();
  private readonly unsubscribe: () => void;

  constructor(private readonly parts: GateParts) {
    this.unsubscribe = parts.core.onEvent((event) => {
      if (event.type === 'trade') this.onTrade(event);
    });
  }

  /** Returns what the client gets behind its acknowledgement. Throws a refusal. */
  subscribe(client: GateClient, { channel, payload }: ChannelRequest): readonly string[] {
    const names = streamNames(channel, payload, this.parts.pairs);
    const repeated = names.find((name) => channel === 'spot.obu' && client.streams.has(name));
    if (repeated !== undefined) throw new SocketRefusal(2, `Alert sub ${payload[0] ?? ''}`);
    return names.flatMap((name) => {
      client.streams.add(name);
      const { stream, listeners } = this.open(name);
      listeners.add(client);
      return stream.first?.() ?? [];
    });
  }

  end(client: GateClient, { channel, payload }: ChannelRequest): void {
    for (const name of streamNames(channel, payload, this.parts.pairs)) this.leave(client, name);
  }

  forget(client: GateClient): void {
    for (const name of [...client.streams]) this.leave(client, name);
  }

  stop(): void {
    this.unsubscribe();
    for (const { timer } of this.live.values()) if (timer) this.parts.timers.clear(timer);
    this.live.clear();
  }

  private open(name: string): Live {
    const known = this.live.get(name);
    if (known) return known;
    const stream = openStream(name, this.parts);
    const listeners = new Set<GateClient>();
    const look = (): void => {
      const frames = stream.look?.() ?? [];
      for (const { ws } of listeners) for (const frame of frames) ws.send(frame);
    };
    const timer = stream.everyMs === undefined ? undefined : this.parts.timers.every(stream.everyMs, look);
    const live = { stream, listeners, timer };
    this.live.set(name, live);
    return live;
  }

  private leave(client: GateClient, name: string): void {
    client.streams.delete(name);
    const live = this.live.get(name);
    live?.listeners.delete(client);
    if (!live || live.listeners.size > 0) return;
    if (live.timer) this.parts.timers.clear(live.timer);
    this.live.delete(name);
  }

  private onTrade(event: Extract<CoreEvent, { type: 'trade' }>): void {
    const pair = this.parts.pairs.of(event.symbol);
    const live = pair && this.live.get(`spot.trades ${pair.id}`);
    if (!live) return;
    const frame = updateFrame('spot.trades', tradeEventRow(event, pair), this.parts.now());
    for (const { ws } of live.listeners) ws.send(frame);
  }
}
