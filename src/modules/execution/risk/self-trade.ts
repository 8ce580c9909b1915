import type { TargetQuote } from '../../../domain/quote';
import type { QuoteSide, Ticks } from '../../../domain/units';

/** A quote is moved at most this far to stay clear of an own order; further away it waits. */
const maxNudgeTicks = 5;

export interface OwnOrder {
  readonly price: Ticks;
  readonly strategyId: string;
}

/** The highest own bid and the lowest own ask: who is clear of them is clear of all. */
export interface Best {
  readonly bid: OwnOrder | undefined;
  readonly ask: OwnOrder | undefined;
}

/** Whether an own order at this price stands before the best known of its side. */
export function isNearer(side: QuoteSide, price: Ticks, known: OwnOrder | undefined): boolean {
  if (!known) return true;
  return side === 'bid' ? price > known.price : price < known.price;
}

/** The own order this quote would meet first, whoever of the operator it belongs to. */
export function blockerOf({ side, priceTicks }: TargetQuote, best: Best): OwnOrder | undefined {
  const against = side === 'bid' ? best.ask : best.bid;
  if (!against) return undefined;
  const isMet = side === 'bid' ? priceTicks >= against.price : priceTicks <= against.price;
  return isMet ? against : undefined;
}

/**
 * The quote one tick clear of the order of another strategy, when that is near. An order of the same strategy is not
 * evaded: it is about to move, its cancel goes first and the quote waits.
 */
export function nudged(quote: TargetQuote, best: Best, strategyId: string): TargetQuote {
  const blocker = blockerOf(quote, best);
  if (!blocker || blocker.strategyId === strategyId) return quote;
  const priceTicks = quote.side === 'bid' ? blocker.price - 1 : blocker.price + 1;
  return Math.abs(priceTicks - quote.priceTicks) <= maxNudgeTicks ? { ...quote, priceTicks } : quote;
}
