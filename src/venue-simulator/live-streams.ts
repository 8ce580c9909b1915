import type { Runtime, Timer } from '../runtime/runtime';

/** Somebody who hears streams, by their names. */
export interface StreamHearer {
  readonly streams: Set<string>;
}

export interface LiveStream {
  /** How often it looks; streams without it are told of every trade. */
  readonly everyMs?: number;
  /** The frames there are to send now. */
  readonly look?: () => readonly string[];
  /** What a new hearer gets first. */
  readonly first?: () => string;
}

interface Live<Hearer> {
  readonly stream: LiveStream;
  readonly hearers: Set<Hearer>;
  readonly timer: Timer | undefined;
}

export interface StreamParts<Hearer> {
  readonly timers: Runtime['timers'];
  readonly open: (name: string) => LiveStream;
  readonly tell: (hearers: Iterable<Hearer>, frame: string) => void;
}

/** Public streams by name. One lives, and looks at its book, while somebody hears it. */
export class LiveStreams<Hearer extends StreamHearer> {
  private readonly live = new Map<string, Live<Hearer>>();

  constructor(private readonly parts: StreamParts<Hearer>) {}

  /** Answers what the hearer gets first. Throws what opening the stream throws. */
  join(hearer: Hearer, name: string): string | undefined {
    const { stream, hearers } = this.live.get(name) ?? this.open(name);
    hearer.streams.add(name);
    hearers.add(hearer);
    return stream.first?.();
  }

  leave(hearer: Hearer, name: string): void {
    hearer.streams.delete(name);
    const live = this.live.get(name);
    live?.hearers.delete(hearer);
    if (!live || live.hearers.size > 0) return;
    if (live.timer) this.parts.timers.clear(live.timer);
    this.live.delete(name);
  }

  leaveAll(hearer: Hearer): void {
    for (const name of [...hearer.streams]) this.leave(hearer, name);
  }

  /** The frame is made only when somebody hears it. */
  tell(name: string, frameOf: () => string): void {
    const live = this.live.get(name);
    if (live) this.parts.tell(live.hearers, frameOf());
  }

  stop(): void {
    for (const { timer } of this.live.values()) if (timer) this.parts.timers.clear(timer);
    this.live.clear();
  }

  private open(name: string): Live<Hearer> {
    const { timers, open, tell } = this.parts;
    const stream = open(name);
    const hearers = new Set<Hearer>();
    const look = (): void => {
      for (const frame of stream.look?.() ?? []) tell(hearers, frame);
    };
    const timer = stream.everyMs === undefined ? undefined : timers.every(stream.everyMs, look);
    const live = { stream, hearers, timer };
    this.live.set(name, live);
    return live;
  }
}
