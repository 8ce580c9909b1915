import type { Ms, Side, Ticks } from '../domain/units';
import { Purses } from './accounts';
import { CoreEvents } from './core-events';
import { MarketState } from './market-state';
import type { PublicTrade } from './market-state';
import type { Resting } from './matching-book';
import { OrderShelf, acceptedOrder, isOpen, shelfLimits } from './order-shelf';
import type { MutableOrder, ShelfLimits } from './order-shelf';
import { Settlement } from './settlement';
import type { FeeRates, Part } from './settlement';
import { piecesOf, recordOf } from './venue-state';
import type { StateJournal, StateRecord, VenueState } from './venue-state';
import type {
  AmendAnswer,
  CancelAnswer,
  CoreEvent,
  CrowdQuote,
  DepthView,
  Market,
  Memo,
  Movement,
  OrderChange,
  OrderKey,
  OwnTrade,
  PlaceAnswer,
  PlaceRefusal,
  PlaceRequest,
  VenueBalance,
  VenueCore,
  VenueOrder,
} from './venue-types';

export interface CoreOptions extends FeeRates {
  readonly now: () => Ms;
  readonly markets: readonly Market[];
  /** What an earlier venue kept: its accounts, orders and trades go on. */
  readonly kept?: VenueState | undefined;
  /** Nothing is kept without one. */
  readonly journal?: StateJournal | undefined;
  readonly limits?: ShelfLimits;
}

/** Participants whose money is not counted: the rest of the market. */
export const crowd = 'crowd';

export const createVenueCore = (options: CoreOptions): VenueCore => new Core(options);

class Core implements VenueCore {
  readonly markets: readonly Market[];
  private readonly states = new Map<string, MarketState>();
  private readonly purses = new Purses();
  private readonly settlement: Settlement;
  private readonly orders: OrderShelf;
  private lastStamp = 0;
  private readonly events: CoreEvents;

  constructor(private readonly options: CoreOptions) {
    this.markets = options.markets;
    this.settlement = new Settlement(this.purses, options);
    const { now, journal } = options;
    const keep = journal && ((events: readonly CoreEvent[]): void => this.keep(journal, events));
    this.events = new CoreEvents({ now, purses: this.purses, keep });
    this.orders = new OrderShelf(options.limits ?? shelfLimits);
    // Sequences go on after a restart: a hundred ids a second are set aside for each.
    const firstId = Math.floor(options.now() / 10);
    for (const market of options.markets) {
      const kept = options.kept?.markets.find(({ symbol }) => symbol === market.symbol);
      this.states.set(market.symbol, new MarketState(market, firstId, kept));
    }
    if (options.kept) this.restore(options.kept);
    journal?.begin(this.whole());
  }

  addAccount(account: string, balances: Readonly<Record<string, string>>): void {
    this.purses.open(account, balances);
    const rows = this.purses.list(account).map((row) => ({ account, ...row }));
    this.options.journal?.append({ balances: rows }, () => this.whole());
  }

  move(account: string, movement: Movement): void {
    this.purses.move(account, movement);
    this.events.moved(account, movement);
    this.events.flush();
  }

  place(request: PlaceRequest): PlaceAnswer {
    const state = this.states.get(request.symbol);
    if (!state) return { ok: false, reason: 'UNKNOWN_SYMBOL' };
    if (request.account === crowd) return this.placeCrowd(state, request);
    const refusal = this.refusal(state, request);
    if (refusal) return { ok: false, reason: refusal };
    const order = this.accept(state, request);
    const trades = this.match(state, order);
    this.rest(state, order);
    this.events.flush();
    return { ok: true, order: { ...order }, trades };
  }

  /** The rest of the market has no purse, and nobody is told of its orders: they are on no shelf, and no copy is made. */
  private placeCrowd(state: MarketState, request: PlaceRequest): PlaceAnswer {
    if (this.wouldTake(state, request)) return { ok: false, reason: 'WOULD_MATCH' };
    state.orderId += 1;
    const order = acceptedOrder(request, { orderId: state.orderId, stamp: 0, at: this.options.now() });
    this.match(state, order);
    this.rest(state, order);
    this.events.flush();
    return { ok: true, order, trades: noTrades };
  }

  cancel(key: OrderKey, memo?: Memo): CancelAnswer {
    const order = this.orders.find(key);
    if (!order || !isOpen(order)) return { ok: false };
    if (memo) order.memo = { ...order.memo, ...memo };
    this.finish(this.states.get(order.symbol)!, order, 'CANCELED');
    this.events.flush();
    return { ok: true, order: { ...order } };
  }

  amend(key: OrderKey, change: OrderChange): AmendAnswer {
    const order = this.orders.find(key);
    if (!order || !isOpen(order)) return { ok: false, reason: 'NOT_OPEN' };
    const state = this.states.get(order.symbol)!;
    const next = { ...order, ...change };
    if (next.price !== order.price && this.wouldTake(state, next))
      return { ok: false, reason: 'WOULD_MATCH' };
    if (!this.settlement.canHold(state, order, next)) return { ok: false, reason: 'INSUFFICIENT_BALANCE' };
    if (change.clientOrderId !== undefined) this.orders.rename(order, change.clientOrderId);
    const trades = this.change(state, order, next);
    this.events.flush();
    return { ok: true, order: { ...order }, trades };
  }

  quoteCrowd({ symbol, side, price, quantity: lots }: CrowdQuote): number | undefined {
    const state = this.states.get(symbol);
    if (!state || state.book.isMet(side, price)) return undefined;
    state.orderId += 1;
    const { orderId } = state;
    this.events.depth(state, side, price, state.book.add({ orderId, account: crowd, side, price, lots }));
    this.events.flush();
    return orderId;
  }

  cancelCrowd(symbol: string, orderId: number): void {
    const state = this.states.get(symbol);
    const resting = state?.book.get(orderId);
    if (!state || resting?.account !== crowd) return;
    this.events.depth(state, resting.side, resting.price, state.book.reduce(resting, resting.lots));
    this.events.flush();
  }

  order(key: OrderKey): VenueOrder | undefined {
    const order = this.orders.find(key);
    return order && { ...order };
  }

  openOrders(account: string, symbol?: string): readonly VenueOrder[] {
    return this.orders.open(account, symbol).map((order) => ({ ...order }));
  }

  allOrders(account: string): readonly VenueOrder[] {
    return this.orders.all(account).map((order) => ({ ...order }));
  }

  trades(account: string, symbol: string): readonly OwnTrade[] {
    return this.orders.trades(account, symbol);
  }

  balances(account: string): readonly VenueBalance[] {
    return this.purses.list(account);
  }

  depth(symbol: string, levels: number): DepthView {
    const state = this.states.get(symbol)!;
    const { bids, asks } = state.book.depth(levels);
    return { updateId: state.updateId, bids, asks };
  }

  crowdBest(symbol: string, side: Side, levels: number): Ticks | undefined {
    return this.states.get(symbol)?.book.bestOfAccount(side, crowd, levels);
  }

  publicTrades(symbol: string): readonly PublicTrade[] {
    return this.states.get(symbol)?.trades ?? [];
  }

  readonly onEvent: VenueCore['onEvent'] = (...asked) => this.events.subscribe(...asked);

  /** Before anyone hears of it: the orders, trades and balances that changed, and ids that were given out. */
  private keep(journal: StateJournal, events: readonly CoreEvent[]): void {
    const record = recordOf(events);
    const touched = new Set(record.orders?.map(({ symbol }) => symbol));
    const marks = [...this.states.values()]
      .filter((state) => state.needsMark || touched.has(state.market.symbol))
      .map((state) => state.mark());
    if (marks.length > 0) journal.append({ ...record, markets: marks }, () => this.whole());
  }

  private whole(): Iterable<StateRecord> {
    const states = [...this.states.values()];
    return piecesOf({
      orders: this.orders.everyOrder(),
      trades: this.orders.everyTrade(),
      balances: () => this.purses.everything(),
      markets: () => states.map((state) => state.mark()),
    });
  }

  /** Open orders stand in the book again before anybody else can place one. */
  private restore({ orders, trades, balances }: VenueState): void {
    for (const { account, asset, free, locked } of balances)
      this.purses.set(account, asset, { free, locked });
    for (const { stamp } of [...orders, ...trades]) this.lastStamp = Math.max(this.lastStamp, stamp);
    for (const trade of trades) this.orders.addTrade(trade);
    for (const kept of orders) {
      const order = { ...kept };
      this.orders.add(order);
      if (!isOpen(order)) continue;
      const { orderId, account, symbol, side, price } = order;
      const resting = { orderId, account, side, price, lots: order.quantity - order.filled };
      this.states.get(symbol)?.book.add(resting);
    }
  }

  private refusal(state: MarketState, request: PlaceRequest): PlaceRefusal | undefined {
    const { account, symbol, clientOrderId } = request;
    const { count, isTaken } = this.orders.standing(account, symbol, clientOrderId);
    if (isTaken) return 'DUPLICATE_ID';
    if (count >= state.market.maxOpenOrders) return 'TOO_MANY_ORDERS';
    if (request.crossing !== 'EXPIRE' && this.wouldTake(state, request)) return 'WOULD_MATCH';
    return this.settlement.canPay(state, request) ? undefined : 'INSUFFICIENT_BALANCE';
  }

  private wouldTake(state: MarketState, request: PlaceRequest): boolean {
    if (request.timeInForce !== 'POST_ONLY') return false;
    return state.book.isMet(request.side, request.price);
  }

  private accept(state: MarketState, request: PlaceRequest): MutableOrder {
    const at = this.options.now();
    state.orderId += 1;
    const order = acceptedOrder(request, { orderId: state.orderId, stamp: this.stamp(at), at });
    this.orders.add(order);
    this.settlement.lock(state, order);
    this.events.order(order, 'NEW');
    this.events.balance(state, order);
    return order;
  }

  private match(state: MarketState, order: MutableOrder): readonly OwnTrade[] {
    const limit = order.type === 'market' ? undefined : order.price;
    const { timeInForce, side, account, quantity } = order;
    const isShort = timeInForce === 'FOK' && state.book.available(side, limit, account) < quantity;
    if (isShort || this.wouldTake(state, order)) {
      this.finish(state, order, 'EXPIRED');
      return [];
    }
    const trades: OwnTrade[] = [];
    while (isOpen(order)) {
      const maker = state.book.firstMatch(order.side, limit);
      if (!maker) break;
      if (maker.account === order.account && order.account !== crowd && order.stp !== 'NONE') {
        this.preventSelfTrade(state, order, maker);
        continue;
      }
      this.trade(state, order, maker, trades);
    }
    return trades;
  }

  /** A thousand a millisecond; a crowded one borrows from the next. */
  private stamp(at: Ms): number {
    this.lastStamp = Math.max(this.lastStamp + 1, at * 1_000);
    return this.lastStamp;
  }

  private change(state: MarketState, order: MutableOrder, next: VenueOrder): readonly OwnTrade[] {
    if (next.quantity <= order.filled) {
      order.memo = next.memo;
      this.finish(state, order, 'CANCELED');
      return [];
    }
    const { price, quantity, memo } = next;
    const keepsPlace = price === order.price && quantity <= order.quantity;
    const resting = state.book.get(order.orderId)!;
    const taken = keepsPlace ? order.quantity - quantity : resting.lots;
    if (taken > 0) this.events.depth(state, order.side, order.price, state.book.reduce(resting, taken));
    this.settlement.release(state, order);
    Object.assign(order, { price, quantity, memo, updatedAt: this.options.now() });
    this.settlement.lock(state, order);
    this.events.order(order, 'REPLACED');
    this.events.balance(state, order);
    if (keepsPlace) return [];
    const trades = this.match(state, order);
    this.rest(state, order);
    return trades;
  }

  private preventSelfTrade(state: MarketState, taker: MutableOrder, maker: Resting): void {
    const resting = this.orders.byId(taker.symbol, maker.orderId)!;
    state.preventionId += 1;
    const match = {
      id: state.preventionId,
      price: maker.price,
      taker: leftOf(taker),
      maker: leftOf(resting),
    };
    const expire = (order: MutableOrder, counter: MutableOrder): void => {
      order.prevented = { ...match, counterOrderId: counter.orderId };
      this.finish(state, order, 'EXPIRED_IN_MATCH');
    };
    if (taker.stp !== 'EXPIRE_TAKER') expire(resting, taker);
    if (taker.stp !== 'EXPIRE_MAKER') expire(taker, resting);
  }

  private trade(state: MarketState, taker: MutableOrder, maker: Resting, own: OwnTrade[]): void {
    const lots = Math.min(taker.quantity - taker.filled, maker.lots);
    const at = this.options.now();
    state.tradeId += 1;
    const shown = state.book.reduce(maker, lots);
    this.events.depth(state, maker.side, maker.price, shown);
    const makerOrder = maker.account === crowd ? undefined : this.orders.byId(taker.symbol, maker.orderId);
    if (makerOrder) this.fill(state, makerOrder, { lots, price: maker.price, isMaker: true, at });
    taker.filled += taker.account === crowd ? lots : 0;
    if (taker.account !== crowd)
      own.push(this.fill(state, taker, { lots, price: maker.price, isMaker: false, at }));
    else if (taker.filled === taker.quantity) taker.status = 'FILLED';
    const event: PublicTrade = {
      type: 'trade',
      at,
      symbol: taker.symbol,
      tradeId: state.tradeId,
      price: maker.price,
      quantity: lots,
      taker: taker.side,
    };
    this.events.trade(state, event);
  }

  private fill(state: MarketState, order: MutableOrder, part: Part & { readonly at: Ms }): OwnTrade {
    const { lots, price, isMaker, at } = part;
    const cost = this.settlement.settle(state, order, part);
    order.filled += lots;
    order.filledTickLots += lots * price;
    order.updatedAt = at;
    order.status = order.filled === order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
    if (order.status === 'FILLED') this.orders.end(order);
    const { account, symbol, orderId, stamp: orderStamp, clientOrderId, side } = order;
    const trade: OwnTrade = {
      tradeId: state.tradeId,
      stamp: this.stamp(at),
      symbol,
      account,
      orderId,
      orderStamp,
      clientOrderId,
      side,
      price,
      quantity: lots,
      ...cost,
      isMaker,
      at,
    };
    this.orders.addTrade(trade);
    this.events.order(order, 'TRADE', trade);
    this.events.balance(state, order);
    return trade;
  }

  /** What rests, and what may not rest expires. */
  private rest(state: MarketState, order: MutableOrder): void {
    if (!isOpen(order)) return;
    const mayRest =
      order.type === 'limit' && (order.timeInForce === 'GTC' || order.timeInForce === 'POST_ONLY');
    if (!mayRest) return this.finish(state, order, 'EXPIRED');
    const { orderId, account, side, price } = order;
    const shown = state.book.add({ orderId, account, side, price, lots: order.quantity - order.filled });
    this.events.depth(state, side, price, shown);
  }

  private finish(
    state: MarketState,
    order: MutableOrder,
    status: 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH',
  ): void {
    const resting = state.book.get(order.orderId);
    if (resting) this.events.depth(state, order.side, order.price, state.book.reduce(resting, resting.lots));
    order.status = status;
    order.updatedAt = this.options.now();
    if (order.account === crowd) return;
    this.settlement.release(state, order);
    this.orders.end(order);
    this.events.order(order, status === 'CANCELED' ? 'CANCELED' : 'EXPIRED');
    this.events.balance(state, order);
  }
}

const noTrades: readonly OwnTrade[] = [];
const leftOf = ({ quantity, filled }: VenueOrder): number => quantity - filled;
