import type { Mono, Ms } from '../../../domain/units';
import type { Runtime, Timer } from '../../../runtime/runtime';

const everyMs = 60_000;
const samples = 3;
/** While it is doubted. */
const retryMs = 1_000;

/** How far the venue's clock is ahead of ours, from the measurement with the shortest round trip. */
export class ClockOffset {
  private offset = 0;
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private measuredAt: Mono = -Infinity;
  private doubtedAt: Mono | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly readTime: () => Promise<Ms>,
  ) {}

  get offsetMs(): number {
    return this.offset;
  }

  venueNow(): Ms {
    return this.runtime.now() + this.offset;
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

  /** The venue has called our time wrong, and it has not been measured since. */
  get isDoubted(): boolean {
    return this.doubtedAt !== undefined;
  }

  /** The venue calls our time wrong. Resolves when it was asked for its own anew; it is asked again until it answers. */
  async doubt(): Promise<void> {
    this.doubtedAt ??= this.runtime.monotonic();
    await this.running; // Its samples may be from before our clock went wrong.
    await this.measure();
  }

  /** Measures now. Keeps the old figure when the venue does not answer; never rejects. */
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
      if (!sample || sample.roundTrip >= shortest) continue;
      shortest = sample.roundTrip;
      this.offset = Math.round(sample.offset);
    }
    const isNewer = this.doubtedAt !== undefined && began >= this.doubtedAt;
    if (shortest < Infinity && isNewer) this.doubtedAt = undefined;
  }

  private async sample(): Promise<{ readonly roundTrip: number; readonly offset: number } | undefined> {
    const sentAt = this.runtime.monotonic();
    try {
      const venue = await this.readTime();
      const roundTrip = this.runtime.monotonic() - sentAt;
      return { roundTrip, offset: venue + roundTrip / 2 - this.runtime.now() };
    } catch {
      return undefined;
    }
  }
}
