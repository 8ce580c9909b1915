import type { Mono, Ms } from '../../../domain/units';
import { maxClockSkewMs } from './constants';

/** Windows so short that the way to the venue is a part of them. */
const shortMs = 10_000;

interface Spent {
  readonly until: Mono;
  readonly amount: number;
  /** What it was spent on. */
  readonly on?: object | undefined;
}

/** How much of something may happen in a sliding window, counted by us and corrected upwards by the venue. */
export class RateWindow {
  /** What is spent and when each part is forgotten, the earliest first. */
  private readonly entries: Spent[] = [];
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

  add(now: Mono, amount: number, on?: object): void {
    this.spend(now, { amount, on, until: now + this.windowMs });
  }

  /**
   * The request arrived at some moment before its answer. A venue that begins to count anew in between would see it
   * together with what we send when we have forgotten it, so in a short window it is kept from its answer on.
   */
  settle(now: Mono, amount: number, on: object): void {
    if (this.windowMs > shortMs) return;
    const at = this.entries.findIndex((entry) => entry.on === on);
    if (at >= 0) this.sum -= this.entries.splice(at, 1)[0]!.amount;
    this.spend(now, { amount, until: now + this.windowMs });
  }

  /**
   * The venue's own count. What it shows beyond ours was spent by others, or by this process before it restarted, and
   * goes when the venue begins to count anew. Lower figures are ignored: requests of ours may still be on their way.
   */
  correct(now: Mono, reported: number, endsInMs: number = this.windowMs): void {
    this.spend(now, { amount: reported - this.used(now), until: now + Math.min(endsInMs, this.windowMs) });
  }

  /** Milliseconds until `amount` fits `share` of the limit, of which one always may; Infinity when it never can. */
  waitFor(now: Mono, amount: number, share: number): number {
    const most = Math.max(this.limitOf * share, Math.min(1, this.limitOf));
    if (amount > most) return Infinity;
    let excess = this.used(now) + amount - most;
    for (const entry of this.entries) {
      if (excess <= 0) return 0;
      excess -= entry.amount;
      if (excess <= 0) return Math.max(1, entry.until - now);
    }
    return 0;
  }

  private spend(now: Mono, spent: Spent): void {
    if (spent.amount <= 0) return;
    this.forget(now);
    const after = this.entries.findLastIndex((entry) => entry.until <= spent.until);
    this.entries.splice(after + 1, 0, spent);
    this.sum += spent.amount;
  }

  private forget(now: Mono): void {
    let gone = 0;
    while (gone < this.entries.length && this.entries[gone]!.until <= now) {
      this.sum -= this.entries[gone]!.amount;
      gone += 1;
    }
    if (gone > 0) this.entries.splice(0, gone);
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
