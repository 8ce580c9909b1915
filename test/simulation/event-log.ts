import type { Scheduler } from '../../src/runtime/scheduler';

const kept = 4_000;

interface Line {
  readonly us: number;
  readonly actor: string;
  readonly kind: string;
  readonly text: string;
}

/** Everything that happened, as one rolling hash and the last lines of it. Equal runs have equal hashes. */
export class EventLog {
  count = 0;
  private high = 0x811c9dc5;
  private low = 0x01000193;
  private readonly ring: Line[] = [];
  private at = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly trace: ((line: string) => void) | undefined,
  ) {}

  /** `shown` is false for what only counts towards the hash. */
  add(actor: string, kind: string, text: string, shown = true): void {
    const us = this.scheduler.elapsedMicros;
    this.count += 1;
    this.mix(us % 4_294_967_296);
    for (let i = 0; i < kind.length; i += 1) this.mix(kind.charCodeAt(i));
    // Two characters at a time, and none past the end: to ask for one makes numbers of all of them.
    const even = text.length - (text.length % 2);
    for (let i = 0; i < even; i += 2) this.mix(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    if (even < text.length) this.mix(text.charCodeAt(even));
    if (!shown && !this.trace) return;
    const line = { us, actor, kind, text };
    this.ring[this.at] = line;
    this.at = (this.at + 1) % kept;
    this.trace?.(shownLine(line));
  }

  get hash(): string {
    return [this.high, this.low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  last(count: number, about?: string): readonly string[] {
    const lines = [...this.ring.slice(this.at), ...this.ring.slice(0, this.at)];
    const chosen = about === undefined ? lines : lines.filter(({ text }) => text.includes(about));
    return chosen.slice(-count).map(shownLine);
  }

  private mix(value: number): void {
    this.high = Math.imul(this.high ^ value, 0x01000193);
    this.low = Math.imul(this.low ^ value ^ (this.high >>> 15), 0x85ebca6b);
  }
}

const shownLine = ({ us, actor, kind, text }: Line): string =>
  `${(us / 1e6).toFixed(6)} ${actor} ${kind} ${text.slice(0, 400)}`;
