import type { Ms } from '../../domain/units';
import { refusals } from './okx-errors';

/** What a request counts against. `key` tells whose limit it is. */
export interface Charge {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly count: number;
  /** Refused with the code of the account's limit instead of the endpoint's. */
  readonly isAccountWide?: true;
}

interface Window {
  index: number;
  used: number;
}

const twoSeconds = 2_000;
const ordersPerAccount = 1_000;

/** So many requests in two seconds, or another span, of one user or of one address. */
export const asking = (endpoint: string, who: string, limit: number, windowMs = twoSeconds): Charge => ({
  ...{ key: `${endpoint}/${who}`, limit, windowMs, count: 1 },
});

/** Orders in two seconds per user and instrument: a batch counts each of its own. */
export const ordersOf = (
  endpoint: string,
  account: string,
  limit: number,
  instIds: readonly string[],
): readonly Charge[] => {
  const counts = new Map<string, number>();
  for (const id of instIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].map(([id, count]) => ({
    ...{ key: `${endpoint}/${account}/${id}`, limit, windowMs: twoSeconds, count },
  }));
};

/** New and amended orders of an account in two seconds, over all endpoints and instruments. */
export const accountOrders = (account: string, count: number): Charge => ({
  ...{ key: `orders/${account}`, limit: ordersPerAccount, windowMs: twoSeconds, count, isAccountWide: true },
});

/** Counts in windows that start on round times. A refused request is not counted. */
export class OkxMeter {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly now: () => Ms) {}

  /** Throws, and counts nothing, when any limit would be passed. OKX tells nothing of what is left. */
  charge(charges: readonly Charge[]): void {
    const over = charges.find((charge) => this.window(charge).used + charge.count > charge.limit);
    if (over) throw over.isAccountWide ? refusals.accountRate() : refusals.rate();
    for (const charge of charges) this.window(charge).used += charge.count;
  }

  private window({ key, windowMs }: Charge): Window {
    const index = Math.floor(this.now() / windowMs);
    const known = this.windows.get(key);
    if (known?.index === index) return known;
    const fresh = { index, used: 0 };
    this.windows.set(key, fresh);
    return fresh;
  }
}
