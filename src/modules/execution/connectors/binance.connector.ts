import { VenueError } from '../../../domain/errors';
import type { AccountId, InstrumentId, VenueId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent } from '../../../domain/sent';
import type { AssetBalance, FillReport, OrderReport, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import type { BinanceFeed } from './binance.feed';
import { BinanceOrders } from './binance.orders';
import { BinancePages } from './binance.pages';
import { BinanceUserStream } from './binance.user-stream';
import type { VenueKnowledge } from './ccxt.knowledge';
import type {
  CallOptions,
  Capabilities,
  ConnectorHealth,
  ExchangeConnector,
  FillCursor,
  NewOrder,
  OrderRef,
  Page,
  PlainLimit,
  PlainMarket,
} from './types';
import { VenueTransport } from './venue.transport';

const connectWaitMs = 10_000;

export interface ConnectorParts {
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly feed: BinanceFeed;
  /** Holds the account's keys; it alone does. */
  readonly knowledge: VenueKnowledge;
  readonly address: string;
  readonly accountId: AccountId;
}

/** One Binance spot account. */
export class BinanceConnector implements ExchangeConnector {
  readonly venue: VenueId = 'binance';
  readonly accountId: AccountId;
  readonly capabilities: Capabilities = {
    postOnly: true,
    requestExpiry: true,
    queryByClientId: true,
    ackHasState: true,
    bookIntegrity: 'sequence',
    clientIdPattern: /^[A-Za-z0-9_-]{1,36}$/,
  };
  private readonly orders: BinanceOrders;
  private readonly pages: BinancePages;
  private readonly stream: BinanceUserStream;
  private readonly parts: () => ConnectorParts;

  constructor(parts: ConnectorParts) {
    const { runtime, limiter, address, accountId, knowledge, feed } = parts;
    const transport = new VenueTransport(runtime, limiter, knowledge, { address, account: accountId });
    this.accountId = accountId;
    this.parts = () => parts;
    this.orders = new BinanceOrders({ transport, ...parts });
    this.pages = new BinancePages(runtime, transport, feed, (outcome, reply) =>
      this.orders.record('query', outcome, reply),
    );
    const connectDelayMs = (): number => limiter.connectDelayMs(address);
    this.stream = new BinanceUserStream({ runtime, accountId, feed, knowledge, connectDelayMs });
  }

  get feed(): BinanceFeed {
    return this.parts().feed;
  }

  /** Connects the shared feed and the private stream. Returns when live or blocked, or after 10 s; dialling goes on. */
  async connect(): Promise<void> {
    const { runtime } = this.parts();
    await this.feed.connect();
    const { socket } = this.stream;
    socket.start();
    const until = runtime.monotonic() + connectWaitMs;
    const isWaiting = (): boolean => !socket.isLive && socket.blockedReason === undefined;
    while (isWaiting() && runtime.monotonic() < until) await runtime.sleep(20);
  }

  /** Leaves the shared feed running for other accounts. */
  disconnect(): Promise<void> {
    this.stream.socket.stop();
    return Promise.resolve();
  }

  isConnected(): boolean {
    return this.stream.socket.isLive && this.feed.health().publicLive;
  }

  health(): ConnectorHealth {
    const { limiter, address } = this.parts();
    const { socket } = this.stream;
    const feed = this.feed.health();
    return {
      ...feed,
      privateLive: socket.isLive,
      privateSince: socket.liveSince,
      blockedReason: socket.blockedReason ?? feed.blockedReason,
      rateBudgetRatio: limiter.budgetRatio(address, this.accountId),
      createWaitMs: limiter.createWaitMs(address, this.accountId),
      reconnects: feed.reconnects + socket.reconnects,
    };
  }

  onEvent(sink: (event: VenueEvent) => void): () => void {
    return this.stream.sinks.add(sink);
  }

  restartStream(reason: string): void {
    this.stream.socket.restart(reason);
  }

  place(order: NewOrder, call: CallOptions): Promise<Sent> {
    return this.orders.place(order, call);
  }

  cancel(ref: OrderRef): Promise<Cancelled> {
    return this.orders.cancel(ref);
  }

  async cancelAll(instrument: InstrumentId, ownPrefix: string): Promise<readonly Cancelled[]> {
    try {
      const open = await this.pages.openOrders(instrument);
      const own = open.rows.filter((order) => order.clientOrderId?.startsWith(ownPrefix));
      return await Promise.all(
        own.map((order) => this.cancel({ instrument, clientOrderId: order.clientOrderId ?? '' })),
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
