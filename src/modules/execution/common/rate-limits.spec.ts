import fc from 'fast-check';
import { AddressBudget, amountOf } from './rate-limits';
import type { Counted, RateRule, VenueLimits } from './rate-limits';
import { RateWindow } from './rate-windows';

const second = 1_000;
const rule = (of: Partial<RateRule> & Pick<RateRule, 'per'>): RateRule => ({
  limit: 20,
  windowMs: 10 * second,
  ...of,
});
/** Shared and own counts, by name and by endpoint, of all three kinds; the second is the first stated anew. */
const stated: readonly VenueLimits[] = [
  {
    requests: {
      'POST orders': rule({ per: 'instrument', name: 'place' }),
      'GET fills': rule({ per: 'account' }),
      '*': rule({ per: 'address', name: 'weight', isShared: true, windowMs: 60 * second }),
    },
    orders: [rule({ per: 'account', name: 'ten seconds' }), rule({ per: 'account', name: 'day', limit: 90 })],
  },
  {
    requests: {
      'POST orders': rule({ per: 'instrument', name: 'place', limit: 9, windowMs: 2 * second }),
      '*': rule({ per: 'address', name: 'weight', isShared: true, limit: 40, windowMs: 60 * second }),
    },
    orders: [rule({ per: 'account', name: 'ten seconds', limit: 30 })],
  },
];

/** Looks every window up by its whole key each time, and judges whose it is by that key. */
class NaiveBudget {
  private readonly windows = new Map<string, RateWindow>();

  constructor(public limits: VenueLimits) {}

  partsOf(
    request: Counted,
  ): readonly { readonly window: RateWindow; readonly amount: number; rule: RateRule }[] {
    const { endpoint = '*', weight, orders = 1, priority } = request;
    const found = this.limits.requests[endpoint] ?? this.limits.requests['*']!;
    const first = { rule: found, window: this.windowOf(found, endpoint, request), amount: weight };
    if (priority !== 'create') return [first]; // A count that no request takes of keeps the limit it had.
    const others = this.limits.orders.map((each) => ({
      ...{ rule: each, amount: orders },
      window: this.windowOf(each, '', request),
    }));
    return [first, ...others];
  }

  waitFor(now: number, request: Counted): number {
    const shares = { cancel: Infinity, query: 0.7, create: 0.7, snapshot: 0.6 };
    if (request.priority === 'cancel') return 0;
    const waits = this.partsOf(request).map(({ rule: each, window, amount }) =>
      window.waitFor(now, amount, each.isShared ? shares[request.priority] : 0.9),
    );
    return Math.max(0, ...waits);
  }

  usedShare(now: number, account: string): number {
    const own = [...this.windows].filter(
      ([key]) => /\|(.*)\|/.exec(key)?.[1] === account || key.endsWith('||'),
    );
    return Math.max(0, ...own.map(([, window]) => window.used(now) / window.limit));
  }

  private windowOf(each: RateRule, endpoint: string, { account = '', instrument = '' }: Counted): RateWindow {
    const whose = { address: '|', account: `${account}|`, instrument: `${account}|${instrument}` }[each.per];
    const key = `${each.name ?? endpoint}|${whose}`;
    const known = this.windows.get(key);
    const window = known?.windowMs === each.windowMs ? known : new RateWindow(each.limit, each.windowMs);
    window.setLimit(each.limit);
    this.windows.set(key, window);
    return window;
  }
}

const request: fc.Arbitrary<Counted> = fc.record({
  priority: fc.constantFrom('cancel' as const, 'query' as const, 'create' as const, 'snapshot' as const),
  weight: fc.integer({ min: 1, max: 5 }),
  orders: fc.constantFrom(undefined, 1, 3),
  account: fc.constantFrom(undefined, 'a', 'b'),
  endpoint: fc.constantFrom(undefined, 'POST orders', 'GET fills', 'GET other'),
  instrument: fc.constantFrom(undefined, 'BTCUSDT', 'ETHUSDT'),
});
const step = fc.record({
  afterMs: fc.constantFrom(0, 10, 900, 5_000, 61_000),
  anew: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  request,
  isTaken: fc.boolean(),
});

it('counts and waits as a budget would that looks every count up anew', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = new AddressBudget();
      budget.setLimits(stated[0]!);
      const naive = new NaiveBudget(stated[0]!);
      let now = 0;
      for (const { afterMs, anew, request: asked, isTaken } of steps) {
        now += afterMs;
        if (anew !== undefined) {
          budget.setLimits(stated[anew]!);
          naive.limits = stated[anew]!;
        }
        expect(budget.waitFor(now, asked)).toBe(naive.waitFor(now, asked));
        if (isTaken) {
          for (const part of budget.partsOf(asked)) part.window.add(now, amountOf(part, asked));
          for (const { window, amount } of naive.partsOf(asked)) window.add(now, amount);
        }
        for (const account of ['', 'a', 'b'])
          expect(budget.usedShare(now, account)).toBe(naive.usedShare(now, account));
      }
    }),
  );
});
