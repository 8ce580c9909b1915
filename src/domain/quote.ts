import type { Instrument } from './instrument';
import type { ClientOrder } from './order';
import type { Reason } from './reason';
import type { Lots, Mono, Ms, QuoteSide, Ticks } from './units';

/** What we want resting in one slot. */
export interface TargetQuote {
  readonly slot: string;
  readonly side: QuoteSide;
  readonly priceTicks: Ticks;
  readonly quantityLots: Lots;
  readonly postOnly: true;
  readonly reducesInventory: boolean;
  /** Stands beside the order it replaces until it is live: it is placed whole, or that one is cancelled first. */
  readonly isBeside?: true;
}

/** Best prices of a book, own resting size removed or not as its holder says. */
export interface Touch {
  readonly bid: Ticks;
  readonly ask: Ticks;
}

/** A settled, frozen copy of a book: best first, at most 50 levels a side. */
export interface BookView {
  readonly status: 'synced' | 'invalid' | 'empty';
  /** Why it is not synced, in words; empty when synced. */
  readonly problem: string;
  readonly sequence: number;
  /** Milliseconds since the book last changed, or was last proved to be the venue's newest; Infinity before that. */
  readonly livenessAgeMs: number;
  /** The age from which it counts as stale, learned from how often it changes. */
  readonly staleAfterMs: number;
  readonly changeAgeMs: number;
  /** `[ticks, lots]`, own resting size removed. */
  readonly bids: readonly (readonly [Ticks, Lots])[];
  readonly asks: readonly (readonly [Ticks, Lots])[];
  /** Best prices with own size included; undefined when a side is empty. */
  readonly publicTouch: Touch | undefined;
}

export interface Inventory {
  /** Total holdings of the strategy in lots of base (fractional) and in quote as tick·lot units (fractional). */
  readonly baseLots: number;
  readonly quoteTickLots: number;
  readonly freeBaseLots: number;
  readonly freeQuoteTickLots: number;
}

/** Whether a strategy may create, and what stops it. Computed outside `decide`, carried in as values. */
export interface Gate {
  readonly reasons: readonly Reason[];
}

/** Everything `decide` may look at. Frozen and complete; equal views give byte-equal decisions. */
export interface StrategyView {
  readonly nowMs: Ms;
  readonly monoMs: Mono;
  readonly instrument: Instrument;
  readonly book: BookView;
  readonly inventory: Inventory;
  /** Own orders of the strategy that are not settled, newest facts, in the order they were admitted. */
  readonly orders: readonly ClientOrder[];
  readonly gate: Gate;
}

export interface Decision {
  readonly targets: readonly TargetQuote[];
  readonly reasons: readonly Reason[];
  /** Inputs and intermediate figures for people; decides nothing. */
  readonly trace: Trace;
}

export interface Trace {
  readonly referenceTicks: number | undefined;
  readonly lean: number;
  readonly halfSpreadBps: { readonly bid: number; readonly ask: number };
  readonly shiftBps: number;
  readonly unskewed: readonly TargetQuote[];
}
