import type { AccountId, Instrument, VenueId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import type { BookView, TargetQuote } from '../../../domain/quote';
import type { Dec } from '../../../domain/units';

/** One session's wish of one tick. */
export interface Batch {
  readonly strategyId: string;
  readonly accountId: AccountId;
  readonly venue: VenueId;
  readonly epoch: number;
  readonly instrument: Instrument;
  readonly places: readonly TargetQuote[];
  /** The only impure part: a client order id that was never used before. */
  readonly nextId: () => string;
}

export interface RiskLimits {
  /** Furthest a price may be from the mid, in bps. */
  readonly collarBps: number;
  /** A book whose feed was proved alive longer ago than this admits nothing, in ms. */
  readonly maxBookAgeMs: number;
  readonly maxLoopLagMs: number;
  /** Largest value of one order in quote currency; undefined is no limit. */
  readonly maxOrderNotional: Dec | undefined;
  /** Bounds of the position in the worst case, in fractional lots; undefined is no limit. */
  readonly maxPositionLots: number | undefined;
  readonly minPositionLots: number | undefined;
}

/** Everything the gate looks at: live figures of the moment, with all that was admitted before. */
export interface RiskView {
  readonly book: BookView;
  readonly loopLagMs: number;
  /**
   * Own orders of the whole operator on this venue and instrument that are not settled, every account and strategy:
   * live, unproven and admitted but not yet committed. Others are left out by the gate.
   */
  readonly orders: readonly ClientOrder[];
  /** Base held by the strategy according to the books, in fractional lots. */
  readonly positionLots: number;
  /** Total less reserved of the strategy, in fractional lots and in tick·lot units of quote. */
  readonly freeBaseLots: number;
  readonly freeQuoteTickLots: number;
  readonly limits: RiskLimits;
}
