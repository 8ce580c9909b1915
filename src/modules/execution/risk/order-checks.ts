import BigNumber from 'bignumber.js';
import { refuse } from './check-state';
import type { Check } from './check-state';
import { blockerOf } from './self-trade';

/** The share of the venue's open-order limit that quotes may use. */
const openOrderShare = 0.8;
/** Position and bounds are fractional lots: their floating error must not refuse a whole lot. */
const rounding = 1e-6;
/** Below this share of a limit no floating error can hide that it is passed; nearer, the exact figure decides. */
const surelyBelow = 1 - 1e-9;

/** 7 */
export const selfTrade: Check = (quote, { best, instrument }) => {
  const blocker = blockerOf(quote, best);
  return blocker && refuse(quote, 'SELF_CROSS_GUARD', { blocker: instrument.price(blocker.price) });
};

/** 8 */
export const orderNotional: Check = (quote, { instrument, view }) => {
  const limit = view.limits.maxOrderNotional;
  if (limit === undefined) return undefined;
  const estimate = quote.priceTicks * quote.quantityLots * instrument.tickLotValue;
  if (estimate < Number(limit) * surelyBelow) return undefined;
  const notional = instrument.notional(quote.priceTicks, quote.quantityLots);
  if (new BigNumber(notional).lte(limit)) return undefined;
  return refuse(quote, 'ORDER_NOTIONAL_LIMIT', { notional, limit });
};

/** 9, first part */
export const worstCase: Check = (quote, { worst, added: before, view: { limits } }) => {
  const added = before[quote.side] + quote.quantityLots;
  const isInside =
    quote.side === 'bid'
      ? worst.long + added <= (limits.maxPositionLots ?? Infinity) + rounding
      : worst.short - added >= (limits.minPositionLots ?? -Infinity) - rounding;
  return isInside ? undefined : refuse(quote, 'INVENTORY_LIMIT');
};

/**
 * 9, second part: a fill known and not booked has already moved the position that way. The side that would move it
 * further waits for the books; the other side may go on.
 */
export const unbooked: Check = (quote, { unbooked: lots, instrument, purpose }) => {
  if (purpose === 'fit' || lots[quote.side] === 0) return undefined;
  return refuse(quote, 'FILL_UNBOOKED', { quantity: instrument.quantity(lots[quote.side]) });
};

/** 10: the share of the venue's limit, or less where the venue has refused one for their number. */
export const openOrders: Check = (quote, { open, instrument, view }) => {
  const share = Math.floor(instrument.rules.maxOpenOrders * openOrderShare);
  const limit = Math.min(share, view.recent.orderBudget ?? Infinity);
  return open < limit ? undefined : refuse(quote, 'ORDER_COUNT_LIMIT', { open, limit }, 'hold');
};

/** 11: what rests already costs no create. */
export const createRate: Check = (quote, { view, creates: before, purpose }) => {
  if (purpose === 'fit') return undefined;
  const creates = view.recent.creates + before;
  const limit = view.limits.createsPerSecond;
  return creates < limit ? undefined : refuse(quote, 'ORDER_RATE_LIMIT', { creates, limit }, 'hold');
};
