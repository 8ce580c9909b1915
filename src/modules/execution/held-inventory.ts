import BigNumber from 'bignumber.js';
import { holdOf } from '../../domain/hold';
import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Inventory } from '../../domain/quote';
import type { Dec } from '../../domain/units';

/** What an inventory is counted from: the totals of the strategy in the books, and its orders that are not over. */
export interface Held {
  readonly rules: Instrument;
  readonly base: Dec;
  readonly quote: Dec;
  readonly own: readonly ClientOrder[];
}

/** An inventory, what it was counted from, and the totals in lots and tick·lots before they became doubles. */
export interface Counted extends Held {
  readonly inventory: Inventory;
  readonly baseLots: BigNumber;
  readonly quoteTickLots: BigNumber;
}

/**
 * The holdings in lots and tick·lots, and what the orders leave free of them. Counts only what is not as it was last:
 * totals change with fills, and orders that change make another list.
 */
export function countInventory(held: Held, last: Counted | undefined): Counted {
  const { rules, base, quote, own } = held;
  const isHeldStill = last?.rules === rules && last.base === base && last.quote === quote;
  if (isHeldStill && last.own === own) return last;
  const { lot, tickLot, heldTickLots } = stepsOf(rules);
  const baseLots = isHeldStill ? last.baseLots : new Precise(base).div(lot);
  const quoteTickLots = isHeldStill ? last.quoteTickLots : new Precise(quote).div(tickLot);
  const { sellLots, buyTickLots } = openOf(own);
  const inventory: Inventory = {
    baseLots: baseLots.toNumber(),
    quoteTickLots: quoteTickLots.toNumber(),
    freeBaseLots: baseLots.minus(sellLots).toNumber(),
    // What a buy holds is proportional to its price, so the whole of them holds what their sum of tick·lots does.
    freeQuoteTickLots: quoteTickLots.minus(heldTickLots.times(buyTickLots)).toNumber(),
  };
  return { rules, base, quote, own, inventory, baseLots, quoteTickLots };
}

function openOf(orders: readonly ClientOrder[]): { readonly sellLots: number; readonly buyTickLots: number } {
  let sellLots = 0;
  let buyTickLots = 0;
  for (const order of orders) {
    const open = Math.max(0, order.quantity - order.bookedFilled);
    if (order.side === 'sell') sellLots += open;
    else buyTickLots += open * order.price;
  }
  return { sellLots, buyTickLots };
}

/** Divides to so many places that the nearest double is the one the exact quotient has. */
const Precise = BigNumber.clone({ DECIMAL_PLACES: 40 });

/** Steps of an instrument as decimals, made once: a lot of base, a tick·lot of quote, and how many a buy of one holds. */
interface Steps {
  readonly lot: BigNumber;
  readonly tickLot: BigNumber;
  readonly heldTickLots: BigNumber;
}
const knownSteps = new WeakMap<Instrument, Steps>();

function stepsOf(rules: Instrument): Steps {
  const known = knownSteps.get(rules);
  if (known) return known;
  const lot = new Precise(rules.rules.lotSize);
  const tickLot = lot.times(rules.rules.tickSize);
  const heldTickLots = lot.times(holdOf(rules, 'buy', 1).rate).div(tickLot);
  const steps = { lot, tickLot, heldTickLots };
  knownSteps.set(rules, steps);
  return steps;
}
