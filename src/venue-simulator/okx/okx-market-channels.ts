import type { Timer } from '../../runtime/runtime';
import type { CoreEvent } from '../venue-types';
import { push } from './okx-client';
import type { OkxClient } from './okx-client';
import type { Fields } from './okx-fields';
import { tradeRow } from './okx-market-rows';
import type { OkxParts } from './okx-parts';
import { openStream, streamName, tradeChannels } from './okx-streams';
import type { Stream } from './okx-streams';

interface Live {
  readonly stream: Stream;
  readonly listeners: Set<OkxClient>;
  readonly timer: Timer | undefined;
}

/** The public channels. A stream lives, and looks at its book, while somebody hears it. */
export class MarketChannels {
  private readonly live = new Map<string, Live>();
  private readonly unsubscribe: () => void;

  constructor(private readonly parts: OkxParts) {
    this.unsubscribe = parts.core.onEvent((event) => {
      if (event.type === 'trade') this.onTrade(event);
    });
  }

  /** What the client gets behind its acknowledgement. Throws a refusal. */
  subscribe(client: OkxClient, arg: Fields): string | undefined {
    const name = streamName(arg, client.kind, this.parts);
    client.streams.add(name);
    const { stream, listeners } = this.open(name);
    listeners.add(client);
    return stream.first?.();
  }

  end(client: OkxClient, arg: Fields): void {
    this.leave(client, streamName(arg, client.kind, this.parts));
  }

  forget(client: OkxClient): void {
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
    const listeners = new Set<OkxClient>();
    const look = (): void => {
      for (const frame of stream.look?.() ?? []) this.tell(listeners, frame);
    };
    const timer = stream.everyMs === undefined ? undefined : this.parts.timers.every(stream.everyMs, look);
    const live = { stream, listeners, timer };
    this.live.set(name, live);
    return live;
  }

  private tell(listeners: Iterable<OkxClient>, frame: string): void {
    const now = this.parts.now();
    for (const client of listeners) {
      client.activeAt = now;
      client.ws.send(frame);
    }
  }

  private leave(client: OkxClient, name: string): void {
    client.streams.delete(name);
    const live = this.live.get(name);
    live?.listeners.delete(client);
    if (!live || live.listeners.size > 0) return;
    if (live.timer) this.parts.timers.clear(live.timer);
    this.live.delete(name);
  }

  private onTrade(event: Extract<CoreEvent, { type: 'trade' }>): void {
    const instrument = this.parts.instruments.of(event.symbol);
    if (!instrument) return;
    for (const channel of tradeChannels) {
      const live = this.live.get(`${channel} ${instrument.id}`);
      if (!live) continue;
      const row = tradeRow(event, instrument);
      // The plain channel tells trades of one taker at one price together, and how many they were.
      const count = channel === 'trades' ? { count: '1', seqId: this.seqIdOf(event.symbol) } : {};
      this.tell(live.listeners, push({ channel, instId: instrument.id }, [{ ...row, ...count }]));
    }
  }

  private seqIdOf(symbol: string): number {
    const { core, sequences } = this.parts;
    return sequences.of(symbol, core.depth(symbol, 1).updateId);
  }
}
