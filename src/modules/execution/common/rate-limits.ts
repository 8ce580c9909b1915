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

/**
 * A limit is used up to 90 %. What cancels share is left to them from 70 % on. Snapshots stop a tenth before: nobody quotes
 * without a book, and a venue tells an engine that has just started what the one before it has used of the minute.
 */
const shares: Readonly<Record<Priority, number>> = {
  cancel: Infinity,
  query: 0.7,
  create: 0.7,
  snapshot: 0.6,
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

/** One count a request takes part in. */
export interface Part {
  readonly rule: RateRule;
  readonly window: RateWindow;
  /** By what a request counts there: a count of orders takes how many it places, any other its weight. */
  readonly by: 'weight' | 'orders';
}

/** How much of one of its counts a request takes. */
export const amountOf = ({ by }: Pick<Part, 'by'>, { weight, orders = 1 }: Counted): number =>
  by === 'weight' ? weight : orders;

/** A window and whose it is; `account` is empty for what is counted by address. */
interface OwnedWindow {
  readonly window: RateWindow;
  readonly account: string;
  readonly isOfAddress: boolean;
}

type PartsByPlace = Map<string, Map<string, Map<string, readonly Part[]>>>;

/** All counts of what leaves by one address to one venue. */
export class AddressBudget {
  readonly connects = new ConnectBudget(connectEveryMs, connectBurst);
  /** The venue refuses everything until then. */
  blockedUntil: Mono = -Infinity;
  private stated = countedTogether(cautious);
  /** Where a venue counts each endpoint by itself: until when it refuses what leaves with a priority, by account. */
  private readonly barred = new Map<string, Mono>();
  /** Until when it refuses the creates of an account. */
  private readonly createsStopped = new Map<string, Mono>();
  private readonly windows = new Map<string, OwnedWindow>();
  /** What was found of each kind of request, by endpoint, account and instrument, while the limits stand. */
  private readonly found: Readonly<Record<'create' | 'other', PartsByPlace>> = {
    create: new Map(),
    other: new Map(),
  };

  setLimits(limits: VenueLimits): void {
    this.stated = limits;
    this.found.create.clear();
    this.found.other.clear();
  }

  /** What is asked without an account is counted by address, and by nobody's account. */
  bar(priority: Priority, account: string, until: Mono): void {
    const key = `${priority}|${account}`;
    this.barred.set(key, Math.max(until, this.barred.get(key) ?? -Infinity));
  }

  stopCreates(account: string, until: Mono): void {
    this.createsStopped.set(account, Math.max(until, this.createsStopped.get(account) ?? -Infinity));
  }

  /** Until when the venue has said that it refuses such a request. */
  barredUntil({ priority, account = '' }: Pick<Counted, 'priority' | 'account'>): Mono {
    const stopped = priority === 'create' ? this.createsStopped.get(account) : undefined;
    return Math.max(
      this.blockedUntil,
      this.barred.get(`${priority}|${account}`) ?? -Infinity,
      stopped ?? -Infinity,
    );
  }

  /** Milliseconds until a request may leave; 0 means now. Only the venue holds a cancel. */
  waitFor(now: Mono, request: Counted): number {
    const until = this.barredUntil(request);
    if (now < until) return until - now;
    if (request.priority === 'cancel') return 0;
    let longest = 0;
    for (const part of this.partsOf(request)) {
      const share = part.rule.isShared ? shares[request.priority] : ownShare;
      longest = Math.max(longest, part.window.waitFor(now, amountOf(part, request), share));
    }
    return longest;
  }

  /** The counts of a request. Asked several times a tick for each account: looked up anew only for new limits. */
  partsOf(request: Counted): readonly Part[] {
    const { endpoint = '*', account = '', instrument = '', priority } = request;
    const found = this.found[priority === 'create' ? 'create' : 'other'];
    const ofAccount = entryOf(entryOf(found, endpoint, mapOfMaps), account, mapOfParts);
    return entryOf(ofAccount, instrument, () => this.findParts(request));
  }

  /** The largest used share of the counts of the address and of this account. */
  usedShare(now: Mono, account = ''): number {
    let most = 0;
    for (const owned of this.windows.values()) {
      if (!owned.isOfAddress && owned.account !== account) continue;
      most = Math.max(most, owned.window.used(now) / owned.window.limit);
    }
    return most;
  }

  private findParts(request: Counted): readonly Part[] {
    const { endpoint = '*', priority } = request;
    const { requests, orders } = this.stated;
    const rule = requests[endpoint] ?? requests['*'];
    const partOf = (each: RateRule, by: Part['by'], ofEndpoint: string): Part => ({
      ...{ rule: each, by },
      window: this.windowOf(each, ofEndpoint, request),
    });
    const parts = rule ? [partOf(rule, 'weight', endpoint)] : [];
    if (priority !== 'create') return parts;
    return [...parts, ...orders.map((each) => partOf(each, 'orders', ''))];
  }

  /** A count goes on when its limit is stated anew. */
  private windowOf(rule: RateRule, endpoint: string, of: Counted): RateWindow {
    const account = rule.per === 'address' ? '' : (of.account ?? '');
    const instrument = rule.per === 'instrument' ? (of.instrument ?? '') : '';
    const key = `${rule.name ?? endpoint}|${account}|${instrument}`;
    const known = this.windows.get(key)?.window;
    const window = known?.windowMs === rule.windowMs ? known : new RateWindow(rule.limit, rule.windowMs);
    window.setLimit(rule.limit);
    this.windows.set(key, { window, account, isOfAddress: account === '' && instrument === '' });
    return window;
  }
}

const mapOfMaps = (): Map<string, Map<string, readonly Part[]>> => new Map();
const mapOfParts = (): Map<string, readonly Part[]> => new Map();

/** What a map holds under a key, made when it is asked for the first time. */
function entryOf<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
