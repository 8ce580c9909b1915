import type { Mono } from '../../../domain/units';

/** How much of something may happen in a sliding window, counted by us and corrected upwards by the venue. */
export class RateWindow {
  private entries: { readonly at: Mono; readonly amount: number }[] = [];
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
    if (amount <= 0) return;
    this.forget(now);
    this.entries.push({ at: now, amount });
    this.sum += amount;
  }

  /** The venue's own count. Lower figures than ours are ignored: requests of ours may still be on their way. */
  correct(now: Mono, reported: number): void {
    this.add(now, reported - this.used(now));
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
      if (excess <= 0) return Math.max(1, entry.at + this.windowMs - now);
    }
    return 0;
  }

  private forget(now: Mono): void {
    let gone = 0;
    while (gone < this.entries.length && this.entries[gone]!.at + this.windowMs <= now) {
      this.sum -= this.entries[gone]!.amount;
      gone += 1;
    }
    if (gone > 0) this.entries = this.entries.slice(gone);
  }
}

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
