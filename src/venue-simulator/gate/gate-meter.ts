import type { Ms } from '../../domain/units';
import { refusals } from './gate-errors';

/** What a request counts against. `key` tells whose limit it is. */
export interface Charge {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly count: number;
}

interface Window {
  index: number;
  used: number;
}

const second = 1_000;

/** Placing and amending: 10 a second per user and pair, every order of a batch counted. */
export const placing = (account: string, pair: string, count = 1): Charge => ({
  ...{ key: `place/${account}/${pair}`, limit: 10, windowMs: second, count },
});

/** Cancelling: 200 a second per user. */
export const cancelling = (account: string): Charge => ({
  ...{ key: `cancel/${account}`, limit: 200, windowMs: second, count: 1 },
});

/** Everything else: 200 in ten seconds per endpoint and user, or address where nobody signs. */
export const asking = (endpoint: string, account = 'address'): Charge => ({
  ...{ key: `${endpoint}/${account}`, limit: 200, windowMs: 10 * second, count: 1 },
});

/** Counts in windows that start on round times. A refused request is not counted. */
export class GateMeter {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly now: () => Ms) {}

  /** The headers of the first charge; throws, and counts nothing, when any limit would be passed. */
  charge(charges: readonly [Charge, ...Charge[]]): Readonly<Record<string, string>> {
    const over = charges.find((charge) => this.window(charge).used + charge.count > charge.limit);
    if (over) throw refusals.rate(this.headers(over, true));
    for (const charge of charges) this.window(charge).used += charge.count;
    return this.headers(charges[0], false);
  }

  /** As if the limit had been passed. */
  refuse(charge: Charge): never {
    throw refusals.rate(this.headers(charge, true));
  }

  private headers(charge: Charge, isOver: boolean): Readonly<Record<string, string>> {
    const now = this.now();
    const { index, used } = this.window(charge);
    const resetAt = isOver ? (index + 1) * charge.windowMs : now;
    return {
      'X-Gate-RateLimit-Requests-Remain': String(isOver ? 0 : charge.limit - used),
      'X-Gate-RateLimit-Limit': String(charge.limit),
      'X-Gate-RateLimit-Reset-Timestamp': String(Math.ceil(resetAt / 1_000)),
    };
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
