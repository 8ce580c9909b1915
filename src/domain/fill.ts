import BigNumber from 'bignumber.js';
import type { AccountId, VenueId } from './instrument';
import type { Dec } from './units';
import type { FillReport } from './venue-event';

/** A trade of ours joined to its order: the only thing that moves money, once. */
export interface Fill extends FillReport {
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly strategyId: string;
  readonly clientOrderId: string;
  readonly base: string;
  readonly quote: string;
}

/** What a fill says under its key, `0.5` and `0.50` being the same: a repetition that says anything else is a conflict. */
export const saidBy = (fill: Fill): string =>
  `${fillKeyOf(fill)}|${canonical(fill.price)}|${canonical(fill.quantity)}`;

/** Primary key of `fills`. Order id and side are in it because one trade id can appear on both sides of a self-trade. */
export const fillKeyOf = (fill: Fill): string =>
  `${fill.venue}|${fill.accountId}|${fill.instrument}|${fill.tradeId}|${fill.venueOrderId}|${fill.side}`;

const usualForm = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;
const [point, zero] = [46, 48];

/** A decimal without the zeros that say nothing. A text of any other form than a venue's is left to the library. */
export function canonical(text: Dec): Dec {
  if (!usualForm.test(text)) return new BigNumber(text).toFixed();
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === zero) end -= 1;
  return text.slice(0, text.charCodeAt(end - 1) === point ? end - 1 : end);
}

/** The fill as if so much had traded, its fee in proportion. */
export function partOf(fill: Fill, quantity: Dec): Fill {
  const share = new BigNumber(quantity).div(fill.quantity);
  if (share.eq(1)) return fill;
  return { ...fill, quantity, ...(fill.fee && { fee: share.times(fill.fee).dp(18).toFixed() }) };
}

/** A fee counts only with its asset. */
export const hasFee = ({ fee, feeAsset }: Pick<Fill, 'fee' | 'feeAsset'>): boolean =>
  fee !== undefined && feeAsset !== undefined;
