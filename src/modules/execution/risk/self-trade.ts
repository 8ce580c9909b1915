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

export function nearer(best: Best, side: QuoteSide, order: OwnOrder): Best {
  const known = best[side];
  const isBehind = known && (side === 'bid' ? known.price >= order.price : known.price <= order.price);
  if (isBehind) return best;
  return side === 'bid' ? { bid: order, ask: best.ask } : { bid: best.bid, ask: order };
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
