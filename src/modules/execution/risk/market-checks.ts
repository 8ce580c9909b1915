import { maxTicks } from '../../../domain/instrument';
import type { Reason } from '../../../domain/reason';
import { refuse, shortBps } from './check-state';
import type { Check, CheckState } from './check-state';

/** A maker's price stays this far from the best price of others on the other side. */
const postOnlyMarginTicks = 1;

/** 1: halt, lease, state of the strategy and trading state. What only holds new orders lets resting ones be. */
export const permitted: Check = (quote, { view: { gate }, purpose }) => {
  const against = gate.find(
    ({ effect, side }) =>
      (side === 'both' || side === quote.side) &&
      (effect === 'block' || (effect !== 'info' && purpose === 'admit')),
  );
  return against && refuse(quote, against.code, against.params, against.effect);
};

/** 2 */
export const instrumentStatus: Check = (quote, { instrument }) => {
  if (instrument.rules.status === 'trading') return undefined;
  const code = instrument.rules.status === 'cancel_only' ? 'INSTRUMENT_CANCEL_ONLY' : 'INSTRUMENT_HALTED';
  return refuse(quote, code, {}, 'block');
};

/** 3 */
export const freshBook: Check = (quote, { view: { book, loopLagMs, limits } }) => {
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

/** 4 */
export const sane: Check = (quote, { instrument }) => {
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

const midOf = ({ view: { book } }: CheckState): number => (book.bids[0]![0] + book.asks[0]![0]) / 2;
const apartBps = (price: number, reference: number): number =>
  (Math.abs(price - reference) / reference) * 1e4;

/** 5, first part: two references that disagree say that one of them is wrong, and not which. */
export const references: Check = (quote, state) => {
  const { secondReferenceTicks: second, limits } = state.view;
  if (second === undefined) return undefined;
  const gapBps = apartBps(second, midOf(state));
  if (gapBps <= limits.referenceGapBps) return undefined;
  const params = { gapBps: shortBps(gapBps), limitBps: limits.referenceGapBps };
  return refuse(quote, 'REFERENCES_DISAGREE', params, 'block');
};

/** 5, second part */
export const collar: Check = (quote, state) => {
  const { secondReferenceTicks: second, limits } = state.view;
  const mid = midOf(state);
  const distanceBps = Math.max(
    apartBps(quote.priceTicks, mid),
    second === undefined ? 0 : apartBps(quote.priceTicks, second),
  );
  if (distanceBps <= limits.collarBps) return undefined;
  return refuse(quote, 'PRICE_COLLAR', { distanceBps: shortBps(distanceBps), limitBps: limits.collarBps });
};

/** 5, third part: the band the venue itself allows around its own average price, of which ours is an estimate. */
export const venueBand: Check = (quote, state) => {
  const band = state.instrument.rules.percentPrice?.[quote.side];
  if (!band) return undefined;
  const reference = state.view.secondReferenceTicks ?? midOf(state);
  const ratio = quote.priceTicks / reference;
  if (ratio >= band.down && ratio <= band.up) return undefined;
  const limit = ratio < band.down ? 1 - band.down : band.up - 1;
  const distanceBps = shortBps(apartBps(quote.priceTicks, reference));
  return refuse(quote, 'PRICE_COLLAR', { distanceBps, limitBps: shortBps(limit * 1e4) });
};

/** 6: the book of the view is without our own size. */
export const postOnly: Check = (quote, { view: { book } }) => {
  const margin =
    quote.side === 'bid' ? book.asks[0]![0] - quote.priceTicks : quote.priceTicks - book.bids[0]![0];
  return margin >= postOnlyMarginTicks ? undefined : refuse(quote, 'POST_ONLY_MARGIN');
};
