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
  readonly filled: BigNumber;
  readonly booked: BigNumber;
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
const zero = big(0);
const one = big(1);
const halfSpread = big(config.bidSpreadBps).plus(config.askSpreadBps).div(2);
const skewBps = halfSpread.times(config.inventory.priceSkew);
const floorBps = big(rules.makerFeeBps).plus(config.minEdgeBps);
const leastBps = floorBps.minus(0.1);
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
    filled: lot.times(order.maxFilled),
    booked: lot.times(order.bookedFilled),
  })),
});

/** What is asked for, in the order of the slots, what stays, and the figures people read. */
export interface DecimalPlan {
  readonly cancels: readonly string[];
  readonly places: readonly DecimalQuote[];
  readonly keeps: readonly string[];
  readonly trace: {
    readonly reference: BigNumber;
    readonly lean: BigNumber;
    readonly shiftBps: BigNumber;
    readonly unskewed: readonly DecimalQuote[];
  };
}

const sides = ['bid', 'ask'] as const;

export function decimalTick(session: DecimalSession): DecimalPlan {
  const reference = touch.bid.plus(touch.ask).div(2);
  const lean = leanOf(session, reference);
  const shiftBps = shiftOf(lean);
  const targets = sides.flatMap((side) => fitted(session, side, ladder(side, { reference, lean, shiftBps })));
  const even = { reference, lean: zero, shiftBps: zero };
  const unskewed = sides.flatMap((side) => ladder(side, even));
  const resting = new Map(session.orders.map((order) => [order.slot, order]));
  const places = targets.filter((target) => !resting.has(target.slot));
  const cancels = sides.flatMap((side) => cancelsOf(session, side, targets, reference));
  const gone = new Set(cancels);
  const keeps = session.orders.filter(({ slot }) => !gone.has(slot)).map(({ slot }) => slot);
  return { cancels, places, keeps, trace: { reference, lean, shiftBps, unskewed } };
}

function cancelsOf(
  session: DecimalSession,
  side: QuoteSide,
  targets: readonly DecimalQuote[],
  reference: BigNumber,
): readonly string[] {
  const resting = new Map(session.orders.map((order) => [order.slot, order]));
  const mine = targets.filter((target) => target.side === side);
  const kept = mine.filter((target) => resting.has(target.slot));
  const unsafe = kept.filter((target) => isTooClose(resting.get(target.slot)!, reference));
  const off = kept.filter(
    (target) => !unsafe.includes(target) && isOff(resting.get(target.slot)!, target, reference),
  );
  const slots = off.map(({ slot }) => slot);
  const isMoving = mine.length > kept.length || off.length > 1;
  // A refresh never empties a side of several levels: the outermost waits.
  const paced = off.length === kept.length && mine.length > 1 && isMoving ? slots.slice(0, -1) : slots;
  return [...unsafe.map(({ slot }) => slot), ...paced];
}

interface Leaning {
  readonly reference: BigNumber;
  readonly lean: BigNumber;
  readonly shiftBps: BigNumber;
}

function shiftOf(lean: BigNumber): BigNumber {
  const most = halfSpread.times(config.inventory.maxShiftRatio);
  return BigNumber.max(most.negated(), BigNumber.min(most, lean.times(skewBps)));
}

/** The quotes of one side before limits, inner level first, each strictly outside the one before. */
function ladder(side: QuoteSide, { reference, lean, shiftBps }: Leaning): DecimalQuote[] {
  const offset = BigNumber.max(halfSpread.plus(side === 'bid' ? shiftBps : shiftBps.negated()), floorBps);
  const skew = lean.times(config.inventory.sizeSkew);
  const room = BigNumber.max(0, side === 'bid' ? one.minus(skew) : one.plus(skew));
  const quantity = onGrid(orderQuantity.times(room), lot, BigNumber.ROUND_FLOOR);
  const quotes: DecimalQuote[] = [];
  for (let level = 0; level < levels; level += 1) {
    const wanted = priceAt(side, reference, offset.plus(spacings[level]!));
    const inner = quotes[level - 1]?.price;
    const price = inner === undefined ? wanted : separate(side, wanted, inner);
    quotes.push({ slot: `${side}-${level}`, side, price, quantity });
  }
  return quotes;
}

const separate = (side: QuoteSide, price: BigNumber, inner: BigNumber): BigNumber =>
  side === 'bid' ? BigNumber.min(price, inner.minus(tick)) : BigNumber.max(price, inner.plus(tick));

/** Within what is there to sell and what unbooked fills leave of it, and large enough for the venue. */
function fitted(session: DecimalSession, side: QuoteSide, quotes: readonly DecimalQuote[]): DecimalQuote[] {
  const committed = session.orders
    .filter((order) => order.side === side)
    .reduce((sum, order) => sum.plus(order.filled.minus(order.booked)), zero);
  let capacity = session.base.minus(committed);
  return quotes.flatMap((quote) => {
    const quantity =
      side === 'ask' ? BigNumber.max(0, BigNumber.min(quote.quantity, capacity)) : quote.quantity;
    capacity = capacity.minus(quantity);
    return isLargeEnough(quote.price, quantity) ? [{ ...quote, quantity }] : [];
  });
}

function isTooClose(order: DecimalOrder, reference: BigNumber): boolean {
  const distance = order.side === 'bid' ? reference.minus(order.price) : order.price.minus(reference);
  return distance.div(reference).times(10_000).lt(leastBps);
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
