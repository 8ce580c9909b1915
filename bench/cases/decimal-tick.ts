import BigNumber from 'bignumber.js';
import type { QuoteSide } from '../../src/domain/units';
import { book, config, instrument, levels, nowMs } from './sessions';
import type { SessionState } from './sessions';

/** The same view, decision and comparison as ours, the plain way: every figure a BigNumber. */
export interface DecimalQuote {
  readonly slot: string;
  readonly side: QuoteSide;
  readonly price: BigNumber;
  readonly quantity: BigNumber;
}
export interface DecimalOrder extends DecimalQuote {
  readonly sentMs: number;
}
export interface DecimalSession {
  readonly base: BigNumber;
  readonly quote: BigNumber;
  readonly orders: readonly DecimalOrder[];
}

const big = (value: BigNumber.Value): BigNumber => new BigNumber(value);
const rules = instrument.rules;
const tick = big(rules.tickSize);
const lot = big(rules.lotSize);
const one = big(1);
const halfSpread = big(config.bidSpreadBps).plus(config.askSpreadBps).div(2);
const skewBps = halfSpread.times(config.inventory.priceSkew);
const floorBps = big(rules.makerFeeBps).plus(config.minEdgeBps);
const orderQuantity = big(config.orderQuantityBase!);
const spacings = Array.from({ length: levels }, (_, level) => big(level).times(config.levelSpacingBps));
const minimum = { quantity: big(rules.minQuantity), notional: big(rules.minNotional) };
const maxQuantity = big(rules.maxQuantity);
const touch = { bid: tick.times(book.publicTouch!.bid), ask: tick.times(book.publicTouch!.ask) };

export const decimalOf = (session: SessionState, sentMs: number): DecimalSession => ({
  base: lot.times(session.baseLots),
  quote: lot.times(tick).times(session.quoteTickLots),
  orders: session.orders.map((order) => ({
    slot: order.slotKey,
    side: order.side === 'buy' ? 'bid' : 'ask',
    price: tick.times(order.price),
    quantity: lot.times(order.quantity),
    sentMs,
  })),
});

/** Slots to cancel and quotes to place, in the order of the slots. */
export function decimalTick(session: DecimalSession): {
  cancels: readonly string[];
  places: readonly DecimalQuote[];
} {
  const reference = touch.bid.plus(touch.ask).div(2);
  const lean = leanOf(session, reference);
  const targets = (['bid', 'ask'] as const).flatMap((side) => sideOf(session, side, { reference, lean }));
  const resting = new Map(session.orders.map((order) => [order.slot, order]));
  const places = targets.filter((target) => !resting.has(target.slot));
  const cancels = (['bid', 'ask'] as const).flatMap((side) => {
    const mine = targets.filter((target) => target.side === side);
    const kept = mine.filter((target) => resting.has(target.slot));
    const off = kept
      .filter((target) => isOff(resting.get(target.slot)!, target, reference))
      .map(({ slot }) => slot);
    const isMoving = mine.length > kept.length || off.length > 1;
    // A refresh never empties a side of several levels: the outermost waits.
    return off.length === kept.length && mine.length > 1 && isMoving ? off.slice(0, -1) : off;
  });
  return { cancels, places };
}

function sideOf(
  session: DecimalSession,
  side: QuoteSide,
  { reference, lean }: { readonly reference: BigNumber; readonly lean: BigNumber },
): DecimalQuote[] {
  const shift = lean.times(skewBps);
  const offset = BigNumber.max(halfSpread.plus(side === 'bid' ? shift : shift.negated()), floorBps);
  const skew = lean.times(config.inventory.sizeSkew);
  const room = BigNumber.max(0, side === 'bid' ? one.minus(skew) : one.plus(skew));
  const quantity = onGrid(orderQuantity.times(room), lot, BigNumber.ROUND_FLOOR);
  const quotes: DecimalQuote[] = [];
  let capacity = session.base;
  for (let level = 0; level < levels; level += 1) {
    const price = priceAt(side, reference, offset.plus(spacings[level]!));
    const fitting = side === 'ask' ? BigNumber.max(0, BigNumber.min(quantity, capacity)) : quantity;
    if (side === 'ask') capacity = capacity.minus(fitting);
    if (isLargeEnough(price, fitting))
      quotes.push({ slot: `${side}-${level}`, side, price, quantity: fitting });
  }
  return quotes;
}

function leanOf({ base, quote }: DecimalSession, reference: BigNumber): BigNumber {
  const value = base.times(reference);
  const ratio = value.div(value.plus(quote));
  const lean = ratio.minus(config.inventory.targetRatio).div(config.inventory.rangeRatio);
  return BigNumber.min(1, BigNumber.max(-1, lean));
}

function priceAt(side: QuoteSide, reference: BigNumber, bps: BigNumber): BigNumber {
  const factor = bps.div(10_000);
  if (side === 'bid') {
    const wanted = onGrid(reference.times(one.minus(factor)), tick, BigNumber.ROUND_FLOOR);
    return BigNumber.min(wanted, touch.ask.minus(tick));
  }
  const wanted = onGrid(reference.times(one.plus(factor)), tick, BigNumber.ROUND_CEIL);
  return BigNumber.max(wanted, touch.bid.plus(tick));
}

const onGrid = (value: BigNumber, step: BigNumber, mode: BigNumber.RoundingMode): BigNumber =>
  value.div(step).integerValue(mode).times(step);

const isLargeEnough = (price: BigNumber, quantity: BigNumber): boolean =>
  quantity.gte(minimum.quantity) && price.times(quantity).gte(minimum.notional) && quantity.lte(maxQuantity);

function isOff(order: DecimalOrder, target: DecimalQuote, reference: BigNumber): boolean {
  const gapBps = order.price.minus(target.price).abs().div(reference).times(10_000);
  const offBy = order.quantity.minus(target.quantity).abs();
  const isNear = offBy.lte(target.quantity.times(config.sizeToleranceRatio));
  if (gapBps.lte(config.refreshToleranceBps) && isNear) return false;
  return nowMs - order.sentMs >= config.refreshMs;
}
