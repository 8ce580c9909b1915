import type { Mono, Ms } from '../../../domain/units';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { maxClockSkewMs } from '../common/constants';

const everyMs = 60_000;
const samples = 3;
/** While it is doubted. */
const retryMs = 1_000;
/** It may have been on its way all this time or no time at all: half of it is how far a measurement may be off. */
const longestRoundTripMs = 2 * maxClockSkewMs;

/**
 * The venue's clock, from the measurement with the shortest round trip and our monotonic clock since: no step of our wall
 * clock moves the moment after which the venue refuses a request.
 */
export class ClockOffset {
  /** From our monotonic clock to the venue's. */
  private ahead: number;
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private measuredAt: Mono = -Infinity;
  private doubtedAt: Mono | undefined;
  /** Until then the venue's time is our wall clock's, which nobody has compared. */
  private isMeasured = false;

  constructor(
    private readonly runtime: Runtime,
    /** Says when the question leaves: until then it may wait for its turn. */
    private readonly readTime: (leaving: () => void) => Promise<Ms>,
  ) {
    this.ahead = runtime.now() - runtime.monotonic();
  }

  /** How far the venue is ahead of our wall clock. */
  get offsetMs(): number {
    return this.venueNow() - this.runtime.now();
  }

  /** A moment of our wall clock in the venue's time, a whole number and rather too early: venues refuse a fraction. */
  sinceAtVenue(at: Ms): Ms {
    return Math.floor(at + Math.min(0, this.offsetMs));
  }

  venueNow(): Ms {
    return Math.floor(this.runtime.monotonic() + this.ahead);
  }

  start(): void {
    this.timer ??= this.runtime.timers.every(retryMs, () => {
      const age = this.runtime.monotonic() - this.measuredAt;
      if (this.isDoubted || age >= everyMs) void this.measure();
    });
  }

  stop(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  /** It was never measured, or not since the venue has called our time wrong. */
  get isDoubted(): boolean {
    return !this.isMeasured || this.doubtedAt !== undefined;
  }

  /** The venue calls our time wrong. Resolves when it was asked for its own anew; it is asked again until it answers. */
  async doubt(): Promise<void> {
    this.doubtedAt ??= this.runtime.monotonic();
    await this.running; // Its samples may be from before our clock went wrong.
    await this.measure();
  }

  /** Measures now. Keeps the old figure when the venue does not answer soon; never rejects. */
  measure(): Promise<void> {
    this.running ??= this.best().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async best(): Promise<void> {
    const began = this.runtime.monotonic();
    this.measuredAt = began;
    let shortest = Infinity;
    for (let i = 0; i < samples; i += 1) {
      const sample = await this.sample();
      if (!sample || sample.roundTrip > longestRoundTripMs || sample.roundTrip >= shortest) continue;
      shortest = sample.roundTrip;
      this.ahead = sample.ahead;
    }
    if (shortest === Infinity) return;
    this.isMeasured = true;
    if (this.doubtedAt !== undefined && began >= this.doubtedAt) this.doubtedAt = undefined;
  }

  private async sample(): Promise<{ readonly roundTrip: number; readonly ahead: number } | undefined> {
    let sentAt = this.runtime.monotonic();
    try {
      const venue = await this.readTime(() => (sentAt = this.runtime.monotonic()));
      const answeredAt = this.runtime.monotonic();
      const roundTrip = answeredAt - sentAt;
      return { roundTrip, ahead: venue + roundTrip / 2 - answeredAt };
    } catch {
      return undefined;
    }
  }
}
