import BigNumber from 'bignumber.js';
import { VenueAccount } from './accounts';
import type { BookEnd, BookEvent, BookOrder, BookTimeInForce } from './book-types';
import { VenueMarket } from './venue-market';
import { isOpen, VenueOrders } from './venue-orders';
import type {
  CoreEvent,
  Execution,
  Fees,
  InstrumentSpec,
  PlaceRequest,
  PlaceResult,
  VenueFill,
  VenueOrder,
  VenueStatus,
} from './venue-types';

export interface VenueCoreOptions {
  readonly now: () => number;
  readonly instruments: readonly InstrumentSpec[];
  readonly fees: Fees;
}

/** Everybody else: unlimited funds, no memory of ended orders. */
export const crowd = 'crowd';
/** Where fees go, so that every asset adds up. */
export const feeAccount = 'venue-fees';

type BookTrade = Extract<BookEvent, { type: 'trade' }>;

/** The exchange itself, without a wire: instruments, accounts, orders, trades. Time comes from outside. */
export class VenueCore {
  readonly orders = new VenueOrders();
  readonly fills: VenueFill[] = [];
  private readonly markets = new Map<string, VenueMarket>();
  private readonly accounts = new Map<string, VenueAccount>();
  private readonly listeners = new Set<(event: CoreEvent) => void>();
  private readonly touched = new Map<string, Set<string>>();
  private lastOrderId = 0;
  private cancelId: string | undefined;
  private placedFills: VenueFill[] = [];
  private wasRejected = false;

  constructor(private readonly options: VenueCoreOptions) {
    for (const spec of options.instruments) {
      const market: VenueMarket = new VenueMarket(spec, (event) => this.onBook(market, event));
      this.markets.set(market.instrument.id, market);
    }
    for (const name of [crowd, feeAccount]) this.accounts.set(name, new VenueAccount(name, true));
  }

  onEvent(listener: (event: CoreEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  market(id: string): VenueMarket | undefined {
    return this.markets.get(id);
  }

  allMarkets(): readonly VenueMarket[] {
    return [...this.markets.values()];
  }

  allAccounts(): readonly VenueAccount[] {
    return [...this.accounts.values()];
  }

  account(name: string): VenueAccount | undefined {
    return this.accounts.get(name);
  }

  /** Opens the account if it is new and adds to its free amounts. */
  fund(name: string, amounts: Readonly<Record<string, string>>): void {
    const account = this.accounts.get(name) ?? new VenueAccount(name, false);
    this.accounts.set(name, account);
    for (const [asset, amount] of Object.entries(amounts)) {
      account.credit(asset, new BigNumber(amount));
      this.touch(name, asset);
    }
    this.flushBalances();
  }

  place(request: PlaceRequest): PlaceResult {
    const market = this.markets.get(request.symbol);
    const account = this.accounts.get(request.account);
    if (!market || !account) return { ok: false, why: 'symbol' };
    const known = this.orders.byClient(request.account, request.symbol, request.clientId);
    if (request.account !== crowd && known && isOpen(known)) return { ok: false, why: 'duplicate' };
    const locked = needed(market, request);
    if (!account.lock(lockAsset(market, request), locked)) return { ok: false, why: 'balance' };
    const order = this.newOrder(request, locked);
    this.placedFills = [];
    this.wasRejected = false;
    this.touch(order.account, lockAsset(market, order));
    this.orders.put(order, order.account === crowd);
    market.book.place(toBookOrder(order));
    const fills = this.placedFills;
    this.finish(market);
    if (this.wasRejected) return { ok: false, why: 'post-only' };
    return { ok: true, order: this.orders.get(order.id) ?? order, fills };
  }

  /** The ended order, or undefined when it does not rest. */
  cancel(id: number, cancelId?: string): VenueOrder | undefined {
    const order = this.orders.get(id);
    const market = order && this.markets.get(order.symbol);
    if (!market) return undefined;
    this.cancelId = cancelId;
    const isDone = market.book.cancel(id);
    this.cancelId = undefined;
    if (!isDone) return undefined;
    this.finish(market);
    return this.orders.get(id) ?? order;
  }

  /** Lowers the whole quantity and keeps the place in the queue. */
  shrink(id: number, lots: number): VenueOrder | undefined {
    const order = this.orders.get(id);
    const market = order && this.markets.get(order.symbol);
    if (!market?.book.shrink(id, lots - order.executedLots)) return undefined;
    const locked = order.ticks === undefined ? order.locked : lockFor(market, order, lots - order.executedLots);
    this.unlock(market, order, order.locked.minus(locked));
    const next = this.update(order, { lots, locked });
    this.emitOrder('REPLACED', next);
    this.finish(market);
    return next;
  }

  private newOrder(request: PlaceRequest, locked: BigNumber): VenueOrder {
    this.lastOrderId += 1;
    const at = this.options.now();
    return {
      ...request,
      id: this.lastOrderId,
      locked,
      executedLots: 0,
      quoteFilled: new BigNumber(0),
      status: 'NEW',
      time: at,
      updateTime: at,
      expiryReason: undefined,
      preventedLots: 0,
    };
  }

  private onBook(market: VenueMarket, event: BookEvent): void {
    if (event.type === 'trade') return this.onTrade(market, event);
    const order = this.orders.get(event.id);
    if (!order) return;
    if (event.type === 'accepted') return this.emitOrder('NEW', order);
    if (event.type === 'rejected') {
      this.wasRejected = true;
      return this.end(market, order, { status: 'REJECTED', execution: 'REJECTED' });
    }
    this.end(market, order, endings[event.reason], event.remaining);
  }

  private end(market: VenueMarket, order: VenueOrder, ending: Ending, remaining = 0): void {
    this.unlock(market, order, order.locked);
    const isPrevention = ending.execution === 'TRADE_PREVENTION';
    const next = this.update(order, {
      status: ending.status,
      locked: new BigNumber(0),
      expiryReason: ending.reason,
      preventedLots: isPrevention ? remaining : 0,
    });
    this.emitOrder(isPrevention ? 'EXPIRED' : ending.execution, next, undefined, this.cancelId);
  }

  private onTrade(market: VenueMarket, event: BookTrade): void {
    const time = this.options.now();
    market.lastTradeId += 1;
    const id = market.lastTradeId;
    const { ticks, lots, takerSide } = event;
    market.addTrade({ id, ticks, lots, time, takerSide });
    const buyOrderId = takerSide === 'buy' ? event.takerId : event.makerId;
    const sellOrderId = takerSide === 'buy' ? event.makerId : event.takerId;
    const trade = { id, symbol: market.instrument.id, ticks, lots, time, takerSide, buyOrderId, sellOrderId };
    this.emit({ type: 'trade', trade });
    this.settle(market, event, event.makerId);
    this.settle(market, event, event.takerId);
  }

  private settle(market: VenueMarket, trade: BookTrade, orderId: number): void {
    const order = this.orders.get(orderId)!;
    const account = this.accounts.get(order.account)!;
    const { base, quote } = market.instrument;
    const cost = market.cost(trade.ticks, trade.lots);
    const amount = market.step.times(trade.lots);
    const isBuy = order.side === 'buy';
    const rate = trade.makerId === orderId ? this.options.fees.maker : this.options.fees.taker;
    const fee = (isBuy ? amount : cost).times(order.account === crowd ? 0 : rate);
    const feeAsset = isBuy ? base : quote;
    const paid = isBuy ? cost : amount;
    account.spend(isBuy ? quote : base, paid);
    account.credit(feeAsset, (isBuy ? amount : cost).minus(fee));
    this.accounts.get(feeAccount)!.credit(feeAsset, fee);
    const executedLots = order.executedLots + trade.lots;
    const locked = lockAfter(market, order, { executedLots, paid });
    this.unlock(market, order, order.locked.minus(paid).minus(locked));
    this.touch(order.account, base);
    this.touch(order.account, quote);
    const next = this.update(order, {
      executedLots,
      locked,
      quoteFilled: order.quoteFilled.plus(cost),
      status: executedLots === order.lots ? 'FILLED' : 'PARTIALLY_FILLED',
    });
    this.book(market, next, { trade, fee, feeAsset });
  }

  private book(
    market: VenueMarket,
    order: VenueOrder,
    { trade, fee, feeAsset }: { trade: BookTrade; fee: BigNumber; feeAsset: string },
  ): void {
    if (order.account === crowd) return;
    const fill: VenueFill = {
      tradeId: market.lastTradeId,
      orderId: order.id,
      clientId: order.clientId,
      account: order.account,
      symbol: order.symbol,
      side: order.side,
      ticks: trade.ticks,
      lots: trade.lots,
      fee,
      feeAsset,
      isMaker: trade.makerId === order.id,
      time: this.options.now(),
    };
    this.fills.push(fill);
    if (!fill.isMaker) this.placedFills.push(fill);
    this.emitOrder('TRADE', order, fill);
  }

  private update(order: VenueOrder, change: Partial<VenueOrder>): VenueOrder {
    const next = { ...order, ...change, updateTime: this.options.now() };
    this.orders.put(next, order.account === crowd);
    return next;
  }

  private unlock(market: VenueMarket, order: VenueOrder, amount: BigNumber): void {
    if (amount.isZero()) return;
    const asset = lockAsset(market, order);
    this.accounts.get(order.account)!.unlock(asset, amount);
    this.touch(order.account, asset);
  }

  private touch(account: string, asset: string): void {
    if (account === crowd) return;
    const assets = this.touched.get(account) ?? new Set<string>();
    this.touched.set(account, assets.add(asset));
  }

  private finish(market: VenueMarket): void {
    this.flushBalances();
    if (market.countChanges()) this.emit({ type: 'top', symbol: market.instrument.id });
  }

  private flushBalances(): void {
    const at = this.options.now();
    for (const [account, assets] of this.touched) {
      this.accounts.get(account)!.remember(at);
      this.emit({ type: 'balances', account, assets: [...assets], at });
    }
    this.touched.clear();
  }

  private emitOrder(execution: Execution, order: VenueOrder, fill?: VenueFill, cancelId?: string): void {
    if (order.account !== crowd) this.emit({ type: 'order', execution, order, fill, cancelId });
  }

  private emit(event: CoreEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

interface Ending {
  readonly status: VenueStatus;
  readonly execution: Execution;
  readonly reason?: string;
}

const endings: Readonly<Record<BookEnd, Ending>> = {
  canceled: { status: 'CANCELED', execution: 'CANCELED' },
  ioc: { status: 'EXPIRED', execution: 'EXPIRED' },
  fok: { status: 'EXPIRED', execution: 'EXPIRED' },
  'no-liquidity': { status: 'EXPIRED', execution: 'EXPIRED' },
  prevention: { status: 'EXPIRED_IN_MATCH', execution: 'TRADE_PREVENTION', reason: 'SELF_TRADE_PREVENTION' },
};

const lockAsset = (market: VenueMarket, order: Pick<VenueOrder, 'side'>): string =>
  order.side === 'buy' ? market.instrument.quote : market.instrument.base;

const lockFor = (market: VenueMarket, order: Pick<VenueOrder, 'side' | 'ticks'>, lots: number): BigNumber =>
  order.side === 'buy' ? market.cost(order.ticks ?? 0, lots) : market.step.times(lots);

/** What must be free: the limit's cost, or for a market order what the book asks now. */
function needed(market: VenueMarket, request: PlaceRequest): BigNumber {
  if (request.side === 'sell' || request.ticks !== undefined) return lockFor(market, request, request.lots);
  return market.book
    .fillPlan(request)
    .reduce((sum, { ticks, lots }) => sum.plus(market.cost(ticks, lots)), new BigNumber(0));
}

function lockAfter(
  market: VenueMarket,
  order: VenueOrder,
  { executedLots, paid }: { executedLots: number; paid: BigNumber },
): BigNumber {
  const left = order.lots - executedLots;
  if (left === 0) return new BigNumber(0);
  if (order.ticks === undefined) return order.locked.minus(paid);
  return lockFor(market, order, left);
}

const toBookOrder = (order: VenueOrder): BookOrder => ({
  id: order.id,
  owner: order.account,
  side: order.side,
  ticks: order.ticks,
  lots: order.lots,
  timeInForce: bookTimeInForce(order),
  // The crowd is many people.
  prevention: order.account === crowd ? 'NONE' : order.prevention,
});

function bookTimeInForce(order: VenueOrder): BookTimeInForce {
  if (order.type === 'LIMIT_MAKER') return 'post-only';
  if (order.timeInForce === 'IOC') return 'ioc';
  return order.timeInForce === 'FOK' ? 'fok' : 'gtc';
}
