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

  constructor(limits: VenueLimits) {
    this.weight = new RateWindow(limits.weightPerMinute, 60_000);
  }

  /** Milliseconds until a request may leave; 0 means now. Only the venue holds a cancel. */
  waitFor(now: Mono, priority: Priority, weight: number): number {
    if (now < this.blockedUntil) return this.blockedUntil - now;
    if (priority === 'cancel') return 0;
    return this.weight.waitFor(now, weight, shares[priority]);
  }
}

/** Orders of one account. Only creates are counted and held. */
export class AccountBudget {
  readonly tenSeconds: RateWindow;
  readonly day: RateWindow;
  createsBlockedUntil: Mono = -Infinity;

  constructor(limits: VenueLimits) {
    this.tenSeconds = new RateWindow(limits.ordersPer10s, 10_000);
    this.day = new RateWindow(limits.ordersPerDay, 86_400_000);
  }

  waitFor(now: Mono, orders = 1): number {
    if (now < this.createsBlockedUntil) return this.createsBlockedUntil - now;
    const short = this.tenSeconds.waitFor(now, orders, orderShare);
    return Math.max(short, this.day.waitFor(now, orders, orderShare));
  }

  add(now: Mono, orders = 1): void {
    this.tenSeconds.add(now, orders);
    this.day.add(now, orders);
  }

  setLimits(limits: VenueLimits): void {
    this.tenSeconds.setLimit(limits.ordersPer10s);
    this.day.setLimit(limits.ordersPerDay);
  }
}
