import type { Mono, Ms } from '../../../domain/units';
import { maxClockSkewMs } from './constants';

/** How much of something may happen in a sliding window, counted by us and corrected upwards by the venue. */
export class RateWindow {
  /** What is spent and when each part is forgotten, the earliest first. */
  private entries: { readonly until: Mono; readonly amount: number }[] = [];
  private sum = 0;

  constructor(
    private limitOf: number,
    readonly windowMs: number,
  ) {}

  get limit(): number {
    return this.limitOf;
  }

  setLimit(limit: number): void {
    this.limitOf = limit;
  }

  used(now: Mono): number {
    this.forget(now);
    return this.sum;
  }

  add(now: Mono, amount: number): void {
    this.spend(now, amount, now + this.windowMs);
  }

  /**
   * The venue's own count. What it shows beyond ours was spent by others, or by this process before it restarted, and
   * goes when the venue begins to count anew. Lower figures are ignored: requests of ours may still be on their way.
   */
  correct(now: Mono, reported: number, endsInMs: number = this.windowMs): void {
    this.spend(now, reported - this.used(now), now + Math.min(endsInMs, this.windowMs));
  }

  fits(now: Mono, amount: number, share: number): boolean {
    return this.used(now) + amount <= this.limitOf * share;
  }

  /** Milliseconds until `amount` fits `share` of the limit; Infinity when it never can. */
  waitFor(now: Mono, amount: number, share: number): number {
    if (amount > this.limitOf * share) return Infinity;
    let excess = this.used(now) + amount - this.limitOf * share;
    for (const entry of this.entries) {
      if (excess <= 0) return 0;
      excess -= entry.amount;
      if (excess <= 0) return Math.max(1, entry.until - now);
    }
    return 0;
  }

  private spend(now: Mono, amount: number, until: Mono): void {
    if (amount <= 0) return;
    this.forget(now);
    const after = this.entries.findLastIndex((entry) => entry.until <= until);
    this.entries.splice(after + 1, 0, { until, amount });
    this.sum += amount;
  }

  private forget(now: Mono): void {
    let gone = 0;
    while (gone < this.entries.length && this.entries[gone]!.until <= now) {
      this.sum -= this.entries[gone]!.amount;
      gone += 1;
    }
    if (gone > 0) this.entries = this.entries.slice(gone);
  }
}

/**
 * Milliseconds until a venue that counts by fixed calendar intervals begins to count anew. Said later rather than
 * earlier, because its clock may be behind ours.
 */
export const intervalEndsIn = (now: Ms, intervalMs: number): number =>
  intervalMs - (now % intervalMs) + maxClockSkewMs;

/** Permission to open connections: a burst, then one per interval. */
export class ConnectBudget {
  private next = -Infinity;

  constructor(
    private readonly everyMs: number,
    private readonly burst: number,
  ) {}

  /** Reserves the next connection and answers how long to wait for it. */
  take(now: Mono): number {
    const earliest = now - (this.burst - 1) * this.everyMs;
    this.next = Math.max(this.next + this.everyMs, earliest);
    return Math.max(0, this.next - now);
  }
}
