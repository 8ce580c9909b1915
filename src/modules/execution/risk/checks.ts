import BigNumber from 'bignumber.js';
import { maxTicks } from '../../../domain/instrument';
import type { Instrument } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import { unbookedOf } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason, ReasonCode, ReasonEffect } from '../../../domain/reason';
import { orderSideOf } from '../../../domain/units';
import type { QuoteSide, Ticks } from '../../../domain/units';
import type { RiskView } from './risk-view';

/** The share of the venue's open-order limit that quotes may use. */
const openOrderShare = 0.8;
/** Position and bounds are fractional lots: their floating error must not refuse a whole lot. */
const rounding = 1e-6;

/** What the checks see: the view, and what this batch has been admitted so far. */
export interface CheckState {
  readonly view: RiskView;
  readonly instrument: Instrument;
  /** `fit` asks what may rest, `admit` what may be created now. */
  readonly purpose: 'fit' | 'admit';
  readonly accountId: string;
  /** Unended own orders on this venue and instrument, with the admitted ones of this batch. */
  readonly resting: readonly Resting[];
  /** Orders of this strategy on this instrument that are not settled. */
  readonly own: readonly ClientOrder[];
  /** The position in lots if all of those fill on one side. */
  readonly worst: { readonly long: number; readonly short: number };
  readonly admitted: readonly TargetQuote[];
}
export interface Resting {
  readonly side: QuoteSide;
  readonly price: Ticks;
  readonly accountId: string;
}

type Check = (quote: TargetQuote, state: CheckState) => Reason | undefined;

export const refuse = (
  quote: TargetQuote,
  code: ReasonCode,
  params: Reason['params'] = {},
  effect: ReasonEffect = 'restrict',
): Reason => ({ code, effect, side: quote.side, slot: quote.slot, params });

const instrumentStatus: Check = (quote, { instrument }) => {
  if (instrument.rules.status === 'trading') return undefined;
  const code = instrument.rules.status === 'halted' ? 'INSTRUMENT_HALTED' : 'INSTRUMENT_CANCEL_ONLY';
  return refuse(quote, code, {}, 'block');
};

const freshBook: Check = (quote, { view: { book, loopLagMs, limits } }) => {
  if (book.status === 'empty') return refuse(quote, 'BOOK_EMPTY', {}, 'block');
  if (book.status !== 'synced') return refuse(quote, 'BOOK_GAP_RESYNC', { problem: book.problem }, 'block');
  if (!(book.livenessAgeMs <= limits.maxBookAgeMs)) {
    const params = { ageMs: String(book.livenessAgeMs), limitMs: limits.maxBookAgeMs };
    return refuse(quote, 'BOOK_STALE', params, 'block');
  }
  if (!book.bids[0] || !book.asks[0]) return refuse(quote, 'BOOK_EMPTY', {}, 'block');
  if (loopLagMs <= limits.maxLoopLagMs) return undefined;
  return refuse(quote, 'LOOP_LAG', { lagMs: loopLagMs, limitMs: limits.maxLoopLagMs }, 'block');
};

const sane: Check = (quote, { instrument }) => {
  const { priceTicks, quantityLots } = quote;
  if (!Number.isSafeInteger(priceTicks) || priceTicks <= 0 || priceTicks >= maxTicks) {
    return refuse(quote, 'PRICE_INVALID', { price: String(priceTicks) });
  }
  const least = instrument.minLotsAt(priceTicks);
  const figures = (minimum: number): Reason['params'] => ({
    quantity: Number.isFinite(quantityLots) ? instrument.quantity(quantityLots) : String(quantityLots),
    minimum: instrument.quantity(minimum),
  });
  if (!(quantityLots >= instrument.minLots)) {
    return refuse(quote, 'BELOW_MIN_QUANTITY', figures(instrument.minLots));
  }
  if (quantityLots < least) return refuse(quote, 'BELOW_MIN_NOTIONAL', figures(least));
  if (quantityLots <= instrument.maxLots) return undefined;
  const maximum = instrument.quantity(instrument.maxLots);
  return refuse(quote, 'ABOVE_MAX_QUANTITY', { quantity: instrument.quantity(quantityLots), maximum });
};

const collar: Check = (quote, { view }) => {
  const mid = (view.book.bids[0]![0] + view.book.asks[0]![0]) / 2;
  const distanceBps = (Math.abs(quote.priceTicks - mid) / mid) * 1e4;
  if (distanceBps <= view.limits.collarBps) return undefined;
  const params = { distanceBps: Math.round(distanceBps * 10) / 10, limitBps: view.limits.collarBps };
  return refuse(quote, 'PRICE_COLLAR', params);
};

const postOnly: Check = (quote, { view: { book } }) => {
  const isClear =
    quote.side === 'bid' ? quote.priceTicks < book.asks[0]![0] : quote.priceTicks > book.bids[0]![0];
  return isClear ? undefined : refuse(quote, 'POST_ONLY_MARGIN');
};

const selfTrade: Check = (quote, { resting, instrument }) => {
  const against = resting.filter((order) => order.side !== quote.side).map((order) => order.price);
  if (against.length === 0) return undefined;
  const blocker = quote.side === 'bid' ? Math.min(...against) : Math.max(...against);
  const isClear = quote.side === 'bid' ? quote.priceTicks < blocker : quote.priceTicks > blocker;
  return isClear ? undefined : refuse(quote, 'SELF_CROSS_GUARD', { blocker: instrument.price(blocker) });
};

const orderNotional: Check = (quote, { instrument, view }) => {
  const limit = view.limits.maxOrderNotional;
  if (limit === undefined) return undefined;
  const notional = instrument.notional(quote.priceTicks, quote.quantityLots);
  if (new BigNumber(notional).lte(limit)) return undefined;
  return refuse(quote, 'ORDER_NOTIONAL_LIMIT', { notional, limit });
};

const worstCase: Check = (quote, { worst, admitted, view: { limits } }) => {
  const added = admitted
    .filter((other) => other.side === quote.side)
    .reduce((sum, other) => sum + other.quantityLots, quote.quantityLots);
  const isInside =
    quote.side === 'bid'
      ? worst.long + added <= (limits.maxPositionLots ?? Infinity) + rounding
      : worst.short - added >= (limits.minPositionLots ?? -Infinity) - rounding;
  return isInside ? undefined : refuse(quote, 'INVENTORY_LIMIT');
};

/** A fill known and not booked has already moved the position that way: the same side waits for the books. */
const unbooked: Check = (quote, { own, instrument, purpose }) => {
  if (purpose === 'fit') return undefined;
  const side = orderSideOf(quote.side);
  const lots = own.filter((order) => order.side === side).reduce((sum, order) => sum + unbookedOf(order), 0);
  return lots === 0 ? undefined : refuse(quote, 'FILL_UNBOOKED', { quantity: instrument.quantity(lots) });
};

const openOrders: Check = (quote, { resting, accountId, instrument }) => {
  const limit = Math.floor(instrument.rules.maxOpenOrders * openOrderShare);
  const open = resting.filter((order) => order.accountId === accountId).length;
  return open < limit ? undefined : refuse(quote, 'ORDER_COUNT_LIMIT', { open, limit }, 'hold');
};

/** In the order in which they are asked; the first that fails is the one reason of the order. */
const checks: readonly Check[] = [
  instrumentStatus,
  freshBook,
  sane,
  collar,
  postOnly,
  selfTrade,
  orderNotional,
  worstCase,
  unbooked,
  openOrders,
];

/** Why this order may not be created whatever funds are free; undefined when nothing is against it. */
export function firstProblem(quote: TargetQuote, state: CheckState): Reason | undefined {
  for (const check of checks) {
    const problem = check(quote, state);
    if (problem) return problem;
  }
  return undefined;
}
