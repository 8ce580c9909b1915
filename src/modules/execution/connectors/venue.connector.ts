import { VenueError } from '../../../domain/errors';
import type { AccountId, InstrumentId, VenueId } from '../../../domain/instrument';
import type { Cancelled, Queried, Sent } from '../../../domain/sent';
import type { AssetBalance, FillReport, OrderReport, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { CircuitBreaker } from '../common/circuit-breaker.service';
import type { RateLimiter } from '../common/rate-limiter.service';
import type { VenueKnowledge } from './ccxt.knowledge';
import type { OrderChange, TooOften, VenueDialect } from './dialect';
import type {
  Amended,
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
import type { VenueFeed } from './venue.feed';
import { VenueBatches } from './venue.batches';
import { VenueOrders } from './venue.orders';
import { VenuePages } from './venue.pages';
import { VenueTransport } from './venue.transport';
import { UserStream } from './venue.user-stream';

const connectWaitMs = 10_000;

export interface ConnectorParts {
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly feed: VenueFeed;
  /** Holds the account's keys; it alone does. */
  readonly knowledge: VenueKnowledge;
  readonly address: string;
  readonly accountId: AccountId;
}

/** One spot account at a venue, in the venue's dialect. */
export class VenueConnector implements ExchangeConnector {
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly capabilities: Capabilities;
  private readonly orders: VenueOrders;
  private readonly batches: VenueBatches;
  private readonly pages: VenuePages;
  private readonly stream: UserStream;
  private readonly parts: () => ConnectorParts;

  constructor(dialect: VenueDialect, parts: ConnectorParts) {
    const { runtime, limiter, address, accountId, knowledge, feed } = parts;
    const scope = { address, account: accountId, venueNow: () => feed.clock.venueNow() };
    const transport = new VenueTransport(runtime, limiter, knowledge, scope, dialect.answers);
    this.venue = dialect.venue;
    this.accountId = accountId;
    this.capabilities = dialect.capabilities;
    this.parts = () => parts;
    const unmapped = (what: string, text = ''): void => this.stream.quarantine(what, text);
    const orderParts = { transport, dialect, unmapped, ...parts };
    this.orders = new VenueOrders(orderParts);
    this.batches = new VenueBatches(orderParts, this.orders);
    this.pages = new VenuePages({
      ...{ runtime, dialect, transport, feed },
      heard: (outcome, reply) => this.orders.record('query', outcome, reply),
    });
    const connectDelayMs = (): number => limiter.connectDelayMs(address);
    const tooOften = (answer: TooOften): void => limiter.feedback({ address, account: accountId, ...answer });
    this.stream = new UserStream({ runtime, dialect, accountId, feed, knowledge, connectDelayMs, tooOften });
  }

  get feed(): VenueFeed {
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

  isPrivateLive(): boolean {
    return this.stream.socket.isLive;
  }

  isConnected(): boolean {
    return this.stream.socket.isLive && this.feed.state().publicLive;
  }

  health(): ConnectorHealth {
    const { limiter, address } = this.parts();
    const { socket } = this.stream;
    const feed = this.feed.state();
    // Field by field: asked several times a tick.
    return {
      publicLive: feed.publicLive,
      publicSince: feed.publicSince,
      clockOffsetMs: feed.clockOffsetMs,
      isClockDoubted: feed.isClockDoubted,
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

  placeMany(orders: readonly NewOrder[], call: CallOptions): Promise<readonly Sent[]> {
    return this.batches.placeMany(orders, call);
  }

  cancel(ref: OrderRef): Promise<Cancelled> {
    return this.orders.cancel(ref);
  }

  cancelMany(refs: readonly OrderRef[]): Promise<readonly Cancelled[]> {
    return this.batches.cancelMany(refs);
  }

  amend(ref: OrderRef, change: OrderChange, call: CallOptions): Promise<Amended> {
    return this.orders.amend(ref, change, call);
  }

  armDeadManSwitch(...call: Parameters<VenueOrders['armDeadMan']>): Promise<boolean> {
    return this.orders.armDeadMan(...call);
  }

  async cancelAll(instrument: InstrumentId, ownPrefix: string): Promise<readonly Cancelled[]> {
    try {
      const open = await this.pages.openOrders(instrument);
      const own = open.rows.filter((order) => order.clientOrderId?.startsWith(ownPrefix));
      const refOf = ({ clientOrderId = '', venueOrderId }: OrderReport) => ({ clientOrderId, venueOrderId });
      return await this.cancelMany(own.map((order) => ({ instrument, ...refOf(order) })));
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
