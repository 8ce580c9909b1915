import type { AccountId, Instrument, VenueId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import type { BookView, TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import type { RiskLimits } from './limits';
import type { Recent } from './risk-memory';
import type { ScopeExposure } from './exposure-book';

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

export type { RiskLimits } from './limits';

/** Everything the gate looks at: live figures of the moment, with all that was admitted before. */
export interface RiskView {
  /** What the desired state, halts, the lease and the health of the engine have against creating. */
  readonly gate: readonly Reason[];
  readonly book: BookView;
  /** Another venue's mid, else the average price of the last minute's public trades, in ticks; undefined is none. */
  readonly secondReferenceTicks: number | undefined;
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
  /** What the last second, minute and day have brought. */
  readonly recent: Recent;
  /** The scopes that have a cap, and what everybody else in them holds and bids for. */
  readonly exposure: readonly ScopeExposure[];
  readonly limits: RiskLimits;
}
