import BigNumber from 'bignumber.js';
import type { Lots, Ticks } from '../domain/units';
import type { Purses } from './accounts';
import type { MarketState } from './market-state';
import type { PlaceRequest, VenueOrder } from './venue-types';

export interface FeeRates {
  readonly makerFeeBps: number;
  readonly takerFeeBps: number;
}

export interface Part {
  readonly lots: Lots;
  readonly price: Ticks;
  readonly isMaker: boolean;
}

const deepest = 1_000;

/** What orders hold and trades move. */
export class Settlement {
  constructor(
    private readonly purses: Purses,
    private readonly fees: FeeRates,
  ) {}

  /** Price × quantity of quote, or quantity of base, is free. A market buy walks the book. */
  canPay(state: MarketState, request: PlaceRequest): boolean {
    const { account, side } = request;
    const asset = side === 'buy' ? state.market.quote : state.market.base;
    return this.purses.free(account, asset).gte(needs(state, request));
  }

  /** Whether the account can pay for what an order shall become; what the order holds already counts. */
  canHold(state: MarketState, order: VenueOrder, next: VenueOrder): boolean {
    this.release(state, order);
    const isPayable = this.canPay(state, { ...next, quantity: next.quantity - order.filled });
    this.lock(state, order);
    return isPayable;
  }

  /** What is left of an order is held for it. */
  lock(state: MarketState, order: VenueOrder): void {
    const { base, quote } = state.market;
    const { account, side, type, price } = order;
    const left = order.quantity - order.filled;
    if (side === 'sell') this.purses.lock(account, base, state.base(left));
    // A market buy pays as it trades.
    else if (type === 'limit') this.purses.lock(account, quote, state.value(price, left));
  }

  /** Frees what an order that has ended still held. */
  release(state: MarketState, order: VenueOrder): void {
    const { base, quote } = state.market;
    const { account, side, type, price } = order;
    const left = order.quantity - order.filled;
    if (side === 'sell') this.purses.unlock(account, base, state.base(left));
    else if (type === 'limit') this.purses.unlock(account, quote, state.value(price, left));
  }

  /** Pays one side of a trade; the fee is taken from what it receives. */
  settle(
    state: MarketState,
    order: VenueOrder,
    part: Part,
  ): { readonly fee: string; readonly feeAsset: string } {
    const { account } = order;
    const { base, quote } = state.market;
    const { lots, price, isMaker } = part;
    const isBuy = order.side === 'buy';
    const received = isBuy ? state.base(lots) : state.value(price, lots);
    const feeBps = isMaker ? this.fees.makerFeeBps : this.fees.takerFeeBps;
    const fee = received.times(feeBps).shiftedBy(-4).decimalPlaces(8);
    const [paidAsset, gotAsset] = isBuy ? [quote, base] : [base, quote];
    // A buy locked its own price; what a better price left over is free again.
    const locked = isBuy ? this.lockedFor(state, order, part) : state.base(lots);
    const paid = isBuy ? state.value(price, lots) : locked;
    this.purses.spendLocked(account, paidAsset, locked);
    this.purses.credit(account, paidAsset, locked.minus(paid));
    this.purses.credit(account, gotAsset, received.minus(fee));
    return { fee: fee.toFixed(), feeAsset: gotAsset };
  }

  private lockedFor(state: MarketState, order: VenueOrder, { lots, price }: Part): BigNumber {
    if (order.type === 'limit') return state.value(order.price, lots);
    const value = state.value(price, lots);
    this.purses.lock(order.account, state.market.quote, value);
    return value;
  }
}

function needs(state: MarketState, { side, type, price, quantity }: PlaceRequest): BigNumber {
  if (side === 'sell') return state.base(quantity);
  if (type === 'limit') return state.value(price, quantity);
  let left = quantity;
  let sum = new BigNumber(0);
  for (const [level, lots] of state.book.depth(deepest).asks) {
    const taken = Math.min(left, lots);
    sum = sum.plus(state.value(level, taken));
    left -= taken;
    if (left === 0) break;
  }
  return sum;
}
