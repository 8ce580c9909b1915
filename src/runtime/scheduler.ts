import type { Mono } from '../domain/units';

/** Something that will happen; `undo` before its moment takes it away. */
export interface Scheduled {
  atUs: number;
  order: number;
  fn: (() => void) | undefined;
}

/**
 * What is still to happen, soonest first; equal times in the order they were asked for. Time is whole microseconds
 * and stands still until somebody runs the next event.
 */
export class Scheduler {
  private readonly heap: Scheduled[] = [];
  private elapsedUs = 0;
  private made = 0;

  /** Milliseconds since the beginning. */
  get elapsed(): Mono {
    return this.elapsedUs / 1_000;
  }

  get elapsedMicros(): number {
    return this.elapsedUs;
  }

  /** A positive wait always ends later than now. */
  after(ms: number, fn: () => void): Scheduled {
    const event: Scheduled = { atUs: 0, order: 0, fn };
    this.again(event, ms, fn);
    return event;
  }

  /** The event that is happening, once more: only then, because it stands in the order no more. */
  again(event: Scheduled, ms: number, fn: () => void): void {
    this.made += 1;
    event.atUs = this.elapsedUs + Math.max(0, Math.ceil(ms * 1_000));
    event.order = this.made;
    event.fn = fn;
    this.heap.push(event);
    this.rise(this.heap.length - 1);
  }

  undo(event: Scheduled): void {
    event.fn = undefined;
  }

  /** Runs the next event due within `untilMs`; false when there is none, and then it is that moment. */
  runNext(untilMs: Mono): boolean {
    const untilUs = Math.floor(untilMs * 1_000);
    for (let next = this.heap[0]; next && next.atUs <= untilUs; next = this.heap[0]) {
      this.pop();
      const { fn } = next;
      if (!fn) continue;
      next.fn = undefined;
      this.elapsedUs = next.atUs;
      fn();
      return true;
    }
    this.elapsedUs = Math.max(this.elapsedUs, untilUs);
    return false;
  }

  private pop(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink();
  }

  private rise(from: number): void {
    const { heap } = this;
    const event = heap[from]!;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isSooner(event, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = event;
  }

  private sink(): void {
    const { heap } = this;
    const event = heap[0]!;
    let i = 0;
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && isSooner(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isSooner(heap[child]!, event)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = event;
  }
}

const isSooner = (a: Scheduled, b: Scheduled): boolean =>
  a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);
