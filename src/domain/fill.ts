import BigNumber from 'bignumber.js';
import type { AccountId, VenueId } from './instrument';
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
  [fillKeyOf(fill), new BigNumber(fill.price).toFixed(), new BigNumber(fill.quantity).toFixed()].join('|');

/** Primary key of `fills`. Order id and side are in it because one trade id can appear on both sides of a self-trade. */
export const fillKeyOf = (fill: Fill): string =>
  `${fill.venue}|${fill.accountId}|${fill.instrument}|${fill.tradeId}|${fill.venueOrderId}|${fill.side}`;
