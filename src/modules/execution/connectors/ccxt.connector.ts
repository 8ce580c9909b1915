import { VenueError } from '../../../domain/errors';
import type { AccountId, InstrumentId, VenueId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent } from '../../../domain/sent';
import type { AssetBalance, FillReport, OrderReport, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import { ccxtClient } from './ccxt.client';
import type { CcxtFeed } from './ccxt.feed';
import { CcxtOrders } from './ccxt.orders';
import { CcxtPages } from './ccxt.pages';
import type { CcxtProfile } from './ccxt.profiles';
import { CcxtRest } from './ccxt.rest';
import { CcxtUserStream } from './ccxt.user-stream';
import type {
  Amended,
  CallOptions,
  Capabilities,
  ConnectorHealth,
  Credentials,
  Environment,
  ExchangeConnector,
  FillCursor,
  NewOrder,
  OrderRef,
  Page,
  PlainLimit,
  PlainMarket,
} from './types';

const connectWaitMs = 10_000;

export interface CcxtConnectorParts {
  readonly profile: CcxtProfile;
  readonly environment: Environment;
  readonly simOrigin?: string | undefined;
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly feed: CcxtFeed;
  readonly credentials: Credentials;
  readonly address: string;
  readonly accountId: AccountId;
}

/** One spot account at a venue that ccxt speaks to: its unified methods, its sockets, and our transport below them. */
export class CcxtConnector implements ExchangeConnector {
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly capabilities: Capabilities;
  readonly feed: CcxtFeed;
  private readonly orders: CcxtOrders;
  private readonly pages: CcxtPages;
  private readonly stream: CcxtUserStream;
  private readonly known = new Set<InstrumentId>();
  /** Behind a function, so that nothing that prints a connector comes to the keys. */
  private readonly parts: () => CcxtConnectorParts;

  constructor(parts: CcxtConnectorParts) {
    const { runtime, limiter, address, accountId, feed, profile } = parts;
    this.venue = feed.venue;
    this.accountId = accountId;
    this.feed = feed;
    this.capabilities = capabilitiesOf(profile);
    this.parts = () => parts;
    const clock = countingClock(() => feed.clock.venueNow());
    const common = { ...parts, clock, areNumbersText: true };
    const rest = new CcxtRest({ runtime, limiter, address, account: accountId }, (fetch) =>
      ccxtClient({ ...common, fetch }),
    );
    const orderParts = { runtime, breaker: parts.breaker, accountId, profile, feed, rest };
    this.orders = new CcxtOrders(orderParts);
    this.stream = new CcxtUserStream({
      ...{ runtime, accountId, profile, feed },
      connectDelayMs: () => limiter.connectDelayMs(address),
      make: (hooks) => ccxtClient({ ...common, fetch: rest.streamFetch, hooks }),
    });
    this.pages = new CcxtPages(orderParts, () => this.stream.isStarted, this.known);
  }

  /** Connects the shared feed and the private stream. Returns when live or blocked, or after 10 s; dialling goes on. */
  async connect(): Promise<void> {
    const { runtime } = this.parts();
    await this.feed.connect();
    this.stream.start();
    const until = runtime.monotonic() + connectWaitMs;
    const isWaiting = (): boolean => !this.stream.isLive && this.stream.blockedReason === undefined;
    while (isWaiting() && runtime.monotonic() < until) await runtime.sleep(20);
  }

  /** Leaves the shared feed running for other accounts. */
  disconnect(): Promise<void> {
    this.stream.stop();
    return Promise.resolve();
  }

  isPrivateLive(): boolean {
    return this.stream.isLive;
  }

  isConnected(): boolean {
    return this.stream.isLive && this.feed.health().publicLive;
  }

  health(): ConnectorHealth {
    const { limiter, address } = this.parts();
    const feed = this.feed.health();
    return {
      ...feed,
      privateLive: this.stream.isLive,
      privateSince: this.stream.liveSince,
      blockedReason: this.stream.blockedReason ?? feed.blockedReason,
      rateBudgetRatio: limiter.budgetRatio(address, this.accountId),
      createWaitMs: limiter.createWaitMs(address, this.accountId),
      reconnects: feed.reconnects + this.stream.reconnects,
    };
  }

  onEvent(sink: (event: VenueEvent) => void): () => void {
    return this.stream.sinks.add(sink);
  }

  restartStream(reason: string): void {
    this.stream.restart(reason);
  }

  place(order: NewOrder, call: CallOptions): Promise<Sent> {
    this.known.add(order.rules.id);
    return this.orders.place(order, call);
  }

  /** Each is a request of its own, with its own write check. */
  placeMany(orders: readonly NewOrder[], call: CallOptions): Promise<readonly Sent[]> {
    return Promise.all(orders.map((order) => this.place(order, call)));
  }

  cancelMany(refs: readonly OrderRef[]): Promise<readonly Cancelled[]> {
    return Promise.all(refs.map((ref) => this.cancel(ref)));
  }

  cancel(ref: OrderRef): Promise<Cancelled> {
    this.known.add(ref.instrument);
    return this.orders.cancel(ref);
  }

  /** No venue changes an order the same way: it is cancelled and placed anew. */
  amend(): Promise<Amended> {
    const text = 'orders are not amended here: cancel it and place another';
    return Promise.resolve({ kind: 'rejected', code: 'NOT_SENT', venueCode: '', text });
  }

  armDeadManSwitch(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async cancelAll(instrument: InstrumentId, ownPrefix: string): Promise<readonly Cancelled[]> {
    try {
      const open = await this.pages.openOrders(instrument);
      const own = open.rows.filter((order) => order.clientOrderId?.startsWith(ownPrefix));
      return await this.cancelMany(
        own.map((order) => ({ instrument, clientOrderId: order.clientOrderId ?? '' })),
      );
    } catch (error) {
      if (error instanceof VenueError) return [{ kind: 'unknown', reason: 'transport' }];
      throw error;
    }
  }

  limitBuy(order: PlainLimit, call: CallOptions): Promise<Sent> {
    return this.place({ ...order, side: 'buy', type: 'limit', timeInForce: 'gtc' }, call);
  }

  limitSell(order: PlainLimit, call: CallOptions): Promise<Sent> {
    return this.place({ ...order, side: 'sell', type: 'limit', timeInForce: 'gtc' }, call);
  }

  marketBuy(order: PlainMarket, call: CallOptions): Promise<Sent> {
    return this.place({ ...order, price: 0, side: 'buy', type: 'market', timeInForce: 'ioc' }, call);
  }

  marketSell(order: PlainMarket, call: CallOptions): Promise<Sent> {
    return this.place({ ...order, price: 0, side: 'sell', type: 'market', timeInForce: 'ioc' }, call);
  }

  queryOrder(ref: OrderRef): Promise<Queried> {
    this.known.add(ref.instrument);
    return this.orders.query(ref);
  }

  queryByVenueId(instrument: InstrumentId, venueOrderId: string): Promise<Queried> {
    return this.orders.queryByVenueId(instrument, venueOrderId);
  }

  orderInHistory(ref: OrderRef): Promise<Queried> {
    return this.orders.orderInHistory(ref);
  }

  openOrders(instrument?: InstrumentId): Promise<Page<OrderReport>> {
    return this.pages.openOrders(instrument);
  }

  fillsSince(cursor: FillCursor): Promise<Page<FillReport>> {
    this.known.add(cursor.instrument);
    return this.pages.fillsSince(cursor);
  }

  getBalances(): Promise<Page<AssetBalance>> {
    return this.pages.balances();
  }

  /** Never the parts: a ccxt instance holds keys. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { venue: this.venue, accountId: this.accountId, connected: this.isConnected() };
  }
}

/** What a venue of a profile has, and what none of them is used for. */
export const capabilitiesOf = ({ bookIntegrity }: CcxtProfile): Capabilities => ({
  postOnly: true,
  amend: 'none',
  batch: { place: 1, cancel: 1 },
  cancelAllAfter: 'none',
  // An order that cannot be found is never called absent: a request may still be on its way.
  requestExpiry: false,
  queryByClientId: true,
  ackHasState: false,
  tradeCursor: 'time',
  bookIntegrity,
  clientIdPattern: /^m[0-9bcdfghjkmnpqrstvwxyz]{21}$/,
});

/** Kraken refuses a number that it has seen from a key: no two are equal, whichever instance asks. */
function countingClock(now: () => number): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, now()));
}
