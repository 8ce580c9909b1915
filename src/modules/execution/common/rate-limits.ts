import type { Mono } from '../../../domain/units';
import { ConnectBudget, RateWindow } from './rate-windows';

/** Strict order of service: a lower number leaves first. */
export const priorities = { cancel: 0, query: 1, create: 2, snapshot: 3 } as const;
export type Priority = keyof typeof priorities;

/** Limits of a venue as its metadata states them. */
export interface VenueLimits {
  readonly weightPerMinute: number;
  readonly ordersPer10s: number;
  readonly ordersPerDay: number;
  /** Orders of one account in one instrument, where a venue counts those over a shorter time. */
  readonly burst?: { readonly orders: number; readonly windowMs: number };
}

/** Used until the venue's own figures are known; low enough for any venue. */
export const cautiousLimits: VenueLimits = {
  weightPerMinute: 1_200,
  ordersPer10s: 50,
  ordersPerDay: 100_000,
};

/** Used up to 90 % of a limit. A fifth is kept for cancels, so others stop at 70 %. */
const shares: Readonly<Record<Priority, number>> = {
  cancel: Infinity,
  query: 0.7,
  create: 0.7,
  snapshot: 0.5,
};
const orderShare = 0.9;
const connectEveryMs = 2_000;
const connectBurst = 10;

/** What is spent by all requests that leave by one address. */
export class AddressBudget {
  readonly weight: RateWindow;
  readonly connects = new ConnectBudget(connectEveryMs, connectBurst);
  /** The venue refuses everything until then. */
  blockedUntil: Mono = -Infinity;
  /** Where a venue counts each endpoint by itself: until when it refuses what leaves with a priority. */
  private readonly barred = new Map<Priority, Mono>();

  constructor(limits: VenueLimits) {
    this.weight = new RateWindow(limits.weightPerMinute, 60_000);
  }

  bar(priority: Priority, until: Mono): void {
    this.barred.set(priority, Math.max(until, this.barred.get(priority) ?? -Infinity));
  }

  barredUntil(priority: Priority): Mono {
    return Math.max(this.blockedUntil, this.barred.get(priority) ?? -Infinity);
  }

  /** Milliseconds until a request may leave; 0 means now. Only the venue holds a cancel. */
  waitFor(now: Mono, priority: Priority, weight: number): number {
    const barredUntil = this.barredUntil(priority);
    if (now < barredUntil) return barredUntil - now;
    if (priority === 'cancel') return 0;
    return this.weight.waitFor(now, weight, shares[priority]);
  }
}

/** Orders of one account. Only creates are counted and held. */
export class AccountBudget {
  readonly tenSeconds: RateWindow;
  readonly day: RateWindow;
  createsBlockedUntil: Mono = -Infinity;
  /** Creates of the last moment by instrument. */
  private readonly bursts = new Map<string, RateWindow>();
  private burst: VenueLimits['burst'];

  constructor(limits: VenueLimits) {
    this.tenSeconds = new RateWindow(limits.ordersPer10s, 10_000);
    this.day = new RateWindow(limits.ordersPerDay, 86_400_000);
    this.burst = limits.burst;
  }

  waitFor(now: Mono, instrument?: string, orders = 1): number {
    if (now < this.createsBlockedUntil) return this.createsBlockedUntil - now;
    const windows = [this.tenSeconds, this.day, ...this.burstOf(instrument)];
    return Math.max(...windows.map((window) => window.waitFor(now, orders, orderShare)));
  }

  add(now: Mono, instrument?: string, orders = 1): void {
    for (const window of [this.tenSeconds, this.day, ...this.burstOf(instrument)]) window.add(now, orders);
  }

  setLimits(limits: VenueLimits): void {
    this.tenSeconds.setLimit(limits.ordersPer10s);
    this.day.setLimit(limits.ordersPerDay);
    this.burst = limits.burst;
    this.bursts.clear();
  }

  private burstOf(instrument: string | undefined): readonly RateWindow[] {
    const { burst } = this;
    if (!burst || instrument === undefined) return [];
    const known = this.bursts.get(instrument) ?? new RateWindow(burst.orders, burst.windowMs);
    this.bursts.set(instrument, known);
    return [known];
  }
}
