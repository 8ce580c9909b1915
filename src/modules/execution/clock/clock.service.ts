import type { Runtime, Timer } from '../../../runtime/runtime';
import type { Mono } from '../../../domain/units';
import type { Phase, Tick, TimeIterator } from './types';

const phases: readonly Phase[] = ['observe', 'decide', 'act'];
const quarantineAfter = 5;

interface Registered {
  readonly iterator: TimeIterator;
  throws: number;
}

export interface ClockCounters {
  readonly ticks: number;
  readonly skipped: number;
  readonly errors: number;
  /** How long after it was due the last tick began, skipped ones included. */
  readonly lastLagMs: number;
  readonly lastDurationMs: number;
  readonly lastTickAt: Mono;
}

/**
 * One corrected grid, `t0 + k·tick`, drives every iterator in the phase it registered for. A late tick is skipped and
 * counted, never doubled: drift does not accumulate, because each timer is armed for the next grid point. A throw
 * harms nobody else; five in a row take the iterator off the clock until somebody registers it again.
 */
export class ClockService {
  private readonly iterators: Record<Phase, Map<string, Registered>> = {
    observe: new Map(),
    decide: new Map(),
    act: new Map(),
  };
  private timer: Timer | undefined;
  private running = false;
  private startedAt = 0;
  private gridPoint = 0;
  private counts = { ticks: 0, skipped: 0, errors: 0, lastLagMs: 0, lastDurationMs: 0, lastTickAt: 0 };

  constructor(
    private readonly runtime: Runtime,
    private readonly tickMs: number,
  ) {}

  register(phase: Phase, iterator: TimeIterator): void {
    this.iterators[phase].set(iterator.name, { iterator, throws: 0 });
  }

  unregister(name: string): void {
    for (const phase of phases) this.iterators[phase].delete(name);
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.startedAt = this.runtime.monotonic();
    this.gridPoint = 0;
    this.arm();
  }

  stop(): void {
    this.running = false;
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  get lastLagMs(): number {
    return this.counts.lastLagMs;
  }

  counters(): ClockCounters {
    return { ...this.counts };
  }

  /** By how many milliseconds the tick that is due is late; 0 while none is. */
  lateMs(): number {
    const due = this.startedAt + (this.gridPoint + 1) * this.tickMs;
    return this.running ? Math.max(0, this.runtime.monotonic() - due) : Infinity;
  }

  private arm(): void {
    const due = this.startedAt + (this.gridPoint + 1) * this.tickMs;
    const wait = Math.max(0, due - this.runtime.monotonic());
    this.timer = this.runtime.timers.set(wait, () => this.wake(due));
  }

  /** Node may fire a timer up to a millisecond early: then the grid point is not reached and the timer is armed anew. */
  private wake(due: Mono): void {
    if (!this.running) return;
    const now = this.runtime.monotonic();
    if (now < due) return this.arm();
    // The division may fall a hair short of a grid point that was reached: then this tick would run again at once.
    const reached = Math.max(this.gridPoint + 1, Math.floor((now - this.startedAt) / this.tickMs));
    this.counts.skipped += Math.max(0, reached - this.gridPoint - 1);
    this.gridPoint = reached;
    this.counts.lastLagMs = now - due;
    this.run({ id: reached, now: this.runtime.now(), mono: now });
    if (this.running) this.arm();
  }

  private run(tick: Tick): void {
    this.counts.ticks += 1;
    this.counts.lastTickAt = tick.mono;
    for (const phase of phases) {
      for (const registered of [...this.iterators[phase].values()]) this.call(phase, registered, tick);
    }
    this.counts.lastDurationMs = this.runtime.monotonic() - tick.mono;
  }

  private call(phase: Phase, registered: Registered, tick: Tick): void {
    try {
      registered.iterator.onTick(tick);
      registered.throws = 0;
    } catch (error) {
      this.counts.errors += 1;
      registered.throws += 1;
      if (registered.throws < quarantineAfter) return;
      this.iterators[phase].delete(registered.iterator.name);
      registered.iterator.onQuarantine?.(error);
    }
  }
}
