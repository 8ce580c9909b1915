import BigNumber from 'bignumber.js';
import type { Lots, Ms, Side, Ticks } from '../domain/units';
import { Purses } from './accounts';
import type { Resting } from './matching-book';
import { MatchingBook } from './matching-book';
import type {
  CancelAnswer,
  CoreEvent,
  DepthView,
  Market,
  OrderKey,
  OwnTrade,
  PlaceAnswer,
  PlaceRequest,
  VenueBalance,
  VenueCore,
  VenueOrder,
} from './venue-types';

export interface CoreOptions {
  readonly now: () => Ms;
  readonly markets: readonly Market[];
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
}

/** Participants whose money is not counted: the rest of the market. */
export const crowd = 'crowd';

type MutableOrder = { -readonly [K in keyof VenueOrder]: VenueOrder[K] };
type OrderEvent = Extract<CoreEvent, { type: 'order' }>;
type PublicTrade = Extract<CoreEvent, { type: 'trade' }>;

interface MarketState {
  readonly market: Market;
  readonly book: MatchingBook;
  readonly tick: BigNumber;
  readonly lot: BigNumber;
  readonly trades: PublicTrade[];
  updateId: number;
  tradeId: number;
  orderId: number;
}

const publicTradesKept = 1_000;

export const createVenueCore = (options: CoreOptions): VenueCore => new Core(options);

class Core implements VenueCore {
  readonly markets: readonly Market[];
  private readonly states = new Map<string, MarketState>();
  private readonly purses = new Purses();
  private readonly orders = new Map<string, MutableOrder>();
  private readonly byAccount = new Map<string, MutableOrder[]>();
  private readonly openIds = new Map<string, Set<MutableOrder>>();
  private readonly owned = new Map<string, OwnTrade[]>();
  private readonly listeners = new Set<(event: CoreEvent) => void>();

  constructor(private readonly options: CoreOptions) {
    this.markets = options.markets;
    // Sequences go on after a restart: a hundred ids a second are set aside for each.
    const firstId = Math.floor(options.now() / 10);
    for (const market of options.markets) {
      this.states.set(market.symbol, {
        market,
        book: new MatchingBook(),
        tick: new BigNumber(market.tickSize),
        lot: new BigNumber(market.lotSize),
        trades: [],
        ...{ updateId: firstId, tradeId: firstId, orderId: firstId },
      });
    }
  }

  addAccount(account: string, balances: Readonly<Record<string, string>>): void {
    this.purses.open(account, balances);
  }

  place(request: PlaceRequest): PlaceAnswer {
    const state = this.states.get(request.symbol);
    if (!state) return { ok: false, reason: 'UNKNOWN_SYMBOL' };
    const refusal = this.refusal(state, request);
    if (refusal) return { ok: false, reason: refusal };
    const order = this.accept(state, request);
    const trades = this.match(state, order);
    this.rest(state, order);
    return { ok: true, order: { ...order }, trades };
  }

  cancel(key: OrderKey): CancelAnswer {
    const order = this.find(key);
    if (!order || !isOpen(order)) return { ok: false };
    this.finish(this.states.get(order.symbol)!, order, 'CANCELED');
    return { ok: true, order: { ...order } };
  }

  cancelCrowd(symbol: string, orderId: number): void {
    const state = this.states.get(symbol);
    const resting = state?.book.get(orderId);
    if (!state || resting?.account !== crowd) return;
    this.emitDepth(state, resting.side, resting.price, state.book.reduce(resting, resting.lots));
  }

  order(key: OrderKey): VenueOrder | undefined {
    const order = this.find(key);
    return order && { ...order };
  }

  openOrders(account: string, symbol?: string): readonly VenueOrder[] {
    return [...(this.openIds.get(account) ?? [])]
      .filter((order) => symbol === undefined || order.symbol === symbol)
      .map((order) => ({ ...order }));
  }

  allOrders(account: string): readonly VenueOrder[] {
    return (this.byAccount.get(account) ?? []).map((order) => ({ ...order }));
  }

  trades(account: string, symbol: string): readonly OwnTrade[] {
    return [...(this.owned.get(`${account}|${symbol}`) ?? [])];
  }

  balances(account: string): readonly VenueBalance[] {
    return this.purses.list(account);
  }

  depth(symbol: string, levels: number): DepthView {
    const state = this.states.get(symbol)!;
    return { updateId: state.updateId, ...state.book.depth(levels) };
  }

  publicTrades(symbol: string): readonly PublicTrade[] {
    return [...(this.states.get(symbol)?.trades ?? [])];
  }

  onEvent(listener: (event: CoreEvent) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private refusal(
    state: MarketState,
    request: PlaceRequest,
  ): Extract<PlaceAnswer, { ok: false }>['reason'] | undefined {
    const { account, symbol, side, clientOrderId } = request;
    if (account === crowd) return this.wouldTake(state, request) ? 'WOULD_MATCH' : undefined;
    const open = this.openOrders(account, symbol);
    if (open.some((order) => order.clientOrderId === clientOrderId)) return 'DUPLICATE_ID';
    if (open.length >= state.market.maxOpenOrders) return 'TOO_MANY_ORDERS';
    if (this.wouldTake(state, request)) return 'WOULD_MATCH';
    const asset = side === 'buy' ? state.market.quote : state.market.base;
    return this.purses.free(account, asset).lt(this.needs(state, request))
      ? 'INSUFFICIENT_BALANCE'
      : undefined;
  }

  private wouldTake(state: MarketState, request: PlaceRequest): boolean {
    if (request.timeInForce !== 'POST_ONLY') return false;
    return state.book.firstMatch(request.side, request.price) !== undefined;
  }

  /** What an order must find free: price × quantity of quote, or quantity of base. A market buy walks the book. */
  private needs(state: MarketState, request: PlaceRequest): BigNumber {
    const { side, type, price, quantity } = request;
    if (side === 'sell') return this.base(state, quantity);
    if (type === 'limit') return this.value(state, price, quantity);
    let left = quantity;
    let sum = new BigNumber(0);
    for (const [level, lots] of state.book.depth(1_000).asks) {
      const taken = Math.min(left, lots);
      sum = sum.plus(this.value(state, level, taken));
      left -= taken;
      if (left === 0) break;
    }
    return sum;
  }

  private accept(state: MarketState, request: PlaceRequest): MutableOrder {
    const at = this.options.now();
    state.orderId += 1;
    const order: MutableOrder = {
      ...request,
      ...{
        orderId: state.orderId,
        filled: 0,
        filledTickLots: 0,
        status: 'NEW',
        createdAt: at,
        updatedAt: at,
      },
    };
    if (order.account === crowd) return order;
    this.orders.set(idKey(order.symbol, order.orderId), order);
    // The same client id names the newest order that used it.
    this.orders.set(clientKey(order.account, order.symbol, order.clientOrderId), order);
    const all = this.byAccount.get(order.account) ?? [];
    all.push(order);
    this.byAccount.set(order.account, all);
    this.openIds.set(order.account, (this.openIds.get(order.account) ?? new Set()).add(order));
    this.lock(state, order);
    this.emitOrder(order, 'NEW');
    this.emitBalance(state, order);
    return order;
  }

  private match(state: MarketState, order: MutableOrder): readonly OwnTrade[] {
    const limit = order.type === 'market' ? undefined : order.price;
    if (
      order.timeInForce === 'FOK' &&
      state.book.available(order.side, limit, order.account) < order.quantity
    ) {
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
      trades.push(...this.trade(state, order, maker));
    }
    return trades;
  }

  private preventSelfTrade(state: MarketState, taker: MutableOrder, maker: Resting): void {
    const resting = this.orders.get(idKey(taker.symbol, maker.orderId))!;
    if (taker.stp !== 'EXPIRE_TAKER') this.finish(state, resting, 'EXPIRED_IN_MATCH');
    if (taker.stp !== 'EXPIRE_MAKER') this.finish(state, taker, 'EXPIRED_IN_MATCH');
  }

  private trade(state: MarketState, taker: MutableOrder, maker: Resting): readonly OwnTrade[] {
    const lots = Math.min(taker.quantity - taker.filled, maker.lots);
    const at = this.options.now();
    state.tradeId += 1;
    const shown = state.book.reduce(maker, lots);
    this.emitDepth(state, maker.side, maker.price, shown);
    const makerOrder = this.orders.get(idKey(taker.symbol, maker.orderId));
    const own: OwnTrade[] = [];
    if (makerOrder && maker.account !== crowd)
      this.fill(state, makerOrder, { lots, price: maker.price, isMaker: true, at });
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
    state.trades.push(event);
    if (state.trades.length > publicTradesKept) state.trades.shift();
    this.emit(event);
    return own;
  }

  private fill(
    state: MarketState,
    order: MutableOrder,
    part: { readonly lots: Lots; readonly price: Ticks; readonly isMaker: boolean; readonly at: Ms },
  ): OwnTrade {
    const { lots, price, isMaker, at } = part;
    const { base, quote } = state.market;
    const isBuy = order.side === 'buy';
    const received = isBuy ? this.base(state, lots) : this.value(state, price, lots);
    const feeBps = isMaker ? this.options.makerFeeBps : this.options.takerFeeBps;
    const fee = received.times(feeBps).div(10_000).decimalPlaces(8);
    const [paidAsset, gotAsset] = isBuy ? [quote, base] : [base, quote];
    // A buy locked its own price; what a better price left over is free again.
    const locked = isBuy ? this.lockedFor(state, order, lots, price) : this.base(state, lots);
    const paid = isBuy ? this.value(state, price, lots) : locked;
    this.purses.spendLocked(order.account, paidAsset, locked);
    this.purses.credit(order.account, paidAsset, locked.minus(paid));
    this.purses.credit(order.account, gotAsset, received.minus(fee));
    order.filled += lots;
    order.filledTickLots += lots * price;
    order.updatedAt = at;
    order.status = order.filled === order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
    if (order.status === 'FILLED') this.openIds.get(order.account)?.delete(order);
    const { account, symbol, orderId, clientOrderId, side } = order;
    const trade: OwnTrade = {
      ...{ tradeId: state.tradeId, symbol, account, orderId, clientOrderId, side, price, quantity: lots },
      ...{ fee: fee.toFixed(), feeAsset: gotAsset, isMaker, at },
    };
    const key = `${account}|${symbol}`;
    const list = this.owned.get(key) ?? [];
    list.push(trade);
    this.owned.set(key, list);
    this.emitOrder(order, 'TRADE', trade);
    this.emit({ type: 'balance', at, account, balances: this.purses.list(account, [base, quote]) });
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
    this.emitDepth(state, side, price, shown);
  }

  private finish(
    state: MarketState,
    order: MutableOrder,
    status: 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH',
  ): void {
    const resting = state.book.get(order.orderId);
    if (resting) this.emitDepth(state, order.side, order.price, state.book.reduce(resting, resting.lots));
    order.status = status;
    order.updatedAt = this.options.now();
    if (order.account === crowd) return;
    const left = order.quantity - order.filled;
    const { base, quote } = state.market;
    if (order.side === 'sell') this.purses.unlock(order.account, base, this.base(state, left));
    else if (order.type === 'limit')
      this.purses.unlock(order.account, quote, this.value(state, order.price, left));
    this.openIds.get(order.account)?.delete(order);
    this.emitOrder(order, status === 'CANCELED' ? 'CANCELED' : 'EXPIRED');
    this.emitBalance(state, order);
  }

  private lock(state: MarketState, order: MutableOrder): void {
    const { base, quote } = state.market;
    if (order.side === 'sell') this.purses.lock(order.account, base, this.base(state, order.quantity));
    // A market buy pays as it trades.
    else if (order.type === 'limit')
      this.purses.lock(order.account, quote, this.value(state, order.price, order.quantity));
  }

  private lockedFor(state: MarketState, order: MutableOrder, lots: Lots, price: Ticks): BigNumber {
    if (order.type === 'limit') return this.value(state, order.price, lots);
    const value = this.value(state, price, lots);
    this.purses.lock(order.account, state.market.quote, value);
    return value;
  }

  private find({ account, symbol, orderId, clientOrderId }: OrderKey): MutableOrder | undefined {
    const order =
      orderId === undefined
        ? this.orders.get(clientKey(account, symbol, clientOrderId ?? ''))
        : this.orders.get(idKey(symbol, orderId));
    return order?.account === account ? order : undefined;
  }

  private emitOrder(order: MutableOrder, execution: OrderEvent['execution'], trade?: OwnTrade): void {
    this.emit({
      type: 'order',
      at: order.updatedAt,
      execution,
      order: { ...order },
      ...(trade ? { trade } : {}),
    });
  }

  private emitBalance(state: MarketState, order: VenueOrder): void {
    const { account, updatedAt: at } = order;
    const { base, quote } = state.market;
    this.emit({ type: 'balance', at, account, balances: this.purses.list(account, [base, quote]) });
  }

  private emitDepth(state: MarketState, side: Side, price: Ticks, quantity: Lots): void {
    state.updateId += 1;
    const { updateId, market } = state;
    this.emit({
      type: 'depth',
      at: this.options.now(),
      symbol: market.symbol,
      updateId,
      side,
      price,
      quantity,
    });
  }

  private emit(event: CoreEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private base = (state: MarketState, lots: Lots): BigNumber => state.lot.times(lots);
  private value = (state: MarketState, price: Ticks, lots: Lots): BigNumber =>
    state.tick.times(price).times(state.lot.times(lots));
}

const isOpen = (order: VenueOrder): boolean => order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';
const idKey = (symbol: string, orderId: number): string => `${symbol}|${orderId}`;
const clientKey = (account: string, symbol: string, clientOrderId: string): string =>
  `${account}|${symbol}|c|${clientOrderId}`;
