import type { Mono, Ms } from '../../../domain/units';
import { ConnectBudget, RateWindow } from './rate-windows';

/** Strict order of service: a lower number leaves first. */
export const priorities = { cancel: 0, query: 1, create: 2, snapshot: 3 } as const;
export type Priority = keyof typeof priorities;

/** One count of a venue, as its documents or its metadata state it. */
export interface RateRule {
  /** All that name it share one count; without a name each endpoint has a count of its own. */
  readonly name?: string;
  /** Whose count it is. Requests without an account are counted by address. */
  readonly per: 'address' | 'account' | 'instrument';
  readonly limit: number;
  readonly windowMs: Ms;
  /** Cancels are counted here beside everything else, so a fifth is kept for them. */
  readonly isShared?: boolean;
  /** The header of an answer, in lower case, that tells what the venue has counted, or what it lets pass yet. */
  readonly usedIn?: string;
  readonly leftIn?: string;
}

/** Limits of a venue as its dialect declares them. */
export interface VenueLimits {
  /** What a request takes its weight of, by endpoint (`POST orders`); `*` is every endpoint that is not named. */
  readonly requests: Readonly<Record<string, RateRule>>;
  /** What else the orders of a create or an amend are counted against. */
  readonly orders: readonly RateRule[];
}

/** One weight of all requests of an address, and orders by account: as Binance counts. */
export const countedTogether = (of: {
  readonly weightPerMinute: number;
  readonly ordersPer10s: number;
  readonly ordersPerDay: number;
}): VenueLimits => ({
  requests: {
    '*': {
      ...{ name: 'weight', per: 'address', limit: of.weightPerMinute, windowMs: 60_000, isShared: true },
      usedIn: 'x-mbx-used-weight-1m',
    },
  },
  orders: [
    {
      ...{ name: 'ten seconds', per: 'account', limit: of.ordersPer10s, windowMs: 10_000 },
      usedIn: 'x-mbx-order-count-10s',
    },
    {
      ...{ name: 'day', per: 'account', limit: of.ordersPerDay, windowMs: 86_400_000 },
      usedIn: 'x-mbx-order-count-1d',
    },
  ],
});

/** Used until the venue's own figures are known; low enough for any venue. */
export const cautious = { weightPerMinute: 1_200, ordersPer10s: 50, ordersPerDay: 100_000 };

/** A limit is used up to 90 %. What cancels share is left to them from 70 % on. */
const shares: Readonly<Record<Priority, number>> = {
  cancel: Infinity,
  query: 0.7,
  create: 0.7,
  snapshot: 0.5,
};
const ownShare = 0.9;
const connectEveryMs = 2_000;
const connectBurst = 10;

/** What a request is counted by. */
export interface Counted {
  readonly priority: Priority;
  readonly weight: number;
  readonly account?: string | undefined;
  /** `METHOD path`, as the limits name it. */
  readonly endpoint?: string | undefined;
  /** The venue's name of what it is about: some venues count each instrument. */
  readonly instrument?: string | undefined;
  /** How many orders a create is; one unless it says so. */
  readonly orders?: number | undefined;
}

/** One count a request takes part in, and how much of it that is. */
export interface Part {
  readonly rule: RateRule;
  readonly window: RateWindow;
  readonly amount: number;
}

/** All counts of what leaves by one address to one venue. */
export class AddressBudget {
  readonly connects = new ConnectBudget(connectEveryMs, connectBurst);
  limits = countedTogether(cautious);
  /** The venue refuses everything until then. */
  blockedUntil: Mono = -Infinity;
  /** Where a venue counts each endpoint by itself: until when it refuses what leaves with a priority. */
  private readonly barred = new Map<Priority, Mono>();
  /** Until when it refuses the creates of an account. */
  private readonly createsStopped = new Map<string, Mono>();
  private readonly windows = new Map<string, RateWindow>();

  bar(priority: Priority, until: Mono): void {
    this.barred.set(priority, Math.max(until, this.barred.get(priority) ?? -Infinity));
  }

  stopCreates(account: string, until: Mono): void {
    this.createsStopped.set(account, Math.max(until, this.createsStopped.get(account) ?? -Infinity));
  }

  /** Until when the venue has said that it refuses such a request. */
  barredUntil({ priority, account = '' }: Pick<Counted, 'priority' | 'account'>): Mono {
    const stopped = priority === 'create' ? this.createsStopped.get(account) : undefined;
    return Math.max(this.blockedUntil, this.barred.get(priority) ?? -Infinity, stopped ?? -Infinity);
  }

  /** Milliseconds until a request may leave; 0 means now. Only the venue holds a cancel. */
  waitFor(now: Mono, request: Counted): number {
    const until = this.barredUntil(request);
    if (now < until) return until - now;
    if (request.priority === 'cancel') return 0;
    const waits = this.partsOf(request).map(({ rule, window, amount }) =>
      window.waitFor(now, amount, rule.isShared ? shares[request.priority] : ownShare),
    );
    return Math.max(0, ...waits);
  }

  /** The counts of a request. */
  partsOf(request: Counted): readonly Part[] {
    const { endpoint = '*', weight, orders = 1, priority } = request;
    const { requests, orders: ofOrders } = this.limits;
    const rule = requests[endpoint] ?? requests['*'];
    const parts = rule ? [{ rule, window: this.windowOf(rule, endpoint, request), amount: weight }] : [];
    if (priority !== 'create') return parts;
    return [
      ...parts,
      ...ofOrders.map((each) => ({ rule: each, window: this.windowOf(each, '', request), amount: orders })),
    ];
  }

  /** The largest used share of the counts of the address and of this account. */
  usedShare(now: Mono, account = ''): number {
    const own = [...this.windows].filter(
      ([key]) => /\|(.*)\|/.exec(key)?.[1] === account || key.endsWith('||'),
    );
    return Math.max(0, ...own.map(([, window]) => window.used(now) / window.limit));
  }

  /** A count goes on when its limit is stated anew. */
  private windowOf(rule: RateRule, endpoint: string, { account = '', instrument = '' }: Counted): RateWindow {
    const whose = { address: '|', account: `${account}|`, instrument: `${account}|${instrument}` }[rule.per];
    const key = `${rule.name ?? endpoint}|${whose}`;
    const known = this.windows.get(key);
    const window = known?.windowMs === rule.windowMs ? known : new RateWindow(rule.limit, rule.windowMs);
    window.setLimit(rule.limit);
    this.windows.set(key, window);
    return window;
  }
}
