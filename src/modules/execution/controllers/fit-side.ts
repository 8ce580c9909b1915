import type { Instrument } from '../../../domain/instrument';
import type { StrategyView, TargetQuote } from '../../../domain/quote';
import type { Reason, ReasonCode } from '../../../domain/reason';
import type { QuoteSide } from '../../../domain/units';
import { capacityOf } from './inventory';
import type { Commitments } from './inventory';
import type { MarketMakingConfig } from './market-making.config';
import { quoteLadder, targetOf } from './quote-ladder';
import type { LadderPlan, LadderView, RawQuote } from './quote-ladder';
import { floorLot } from './rounding';

export interface SideInput {
  readonly view: StrategyView;
  readonly config: MarketMakingConfig;
  readonly plan: LadderPlan;
  readonly ladder: LadderView;
  readonly committed: Commitments;
}
export interface SideQuotes {
  readonly targets: readonly TargetQuote[];
  readonly reasons: readonly Reason[];
}

/** The quotes of one side within limits and minimums, from the inner level outwards. */
export function fitSide({ view, config, plan, ladder, committed }: SideInput, side: QuoteSide): SideQuotes {
  const { instrument } = view;
  const targets: TargetQuote[] = [];
  const reasons: Reason[] = [];
  let capacity = capacityOf(config, view, committed, side);
  for (const quote of quoteLadder(plan, ladder, side)) {
    const held = committed.bySlot?.get(quote.slot) ?? 0;
    // What an unresolved order of the slot holds is already taken off the capacity.
    const room = Math.max(0, held, capacity);
    const quantityLots = Math.min(floorLot(quote.quantityLots), floorLot(room));
    capacity -= Math.max(0, quantityLots - held);
    if (quote.isClamped) reasons.push(restrict('POST_ONLY_MARGIN', quote));
    const problem = sizeProblem(instrument, quote, quantityLots);
    const isTrimmed = quote.quantityLots > 0 && room < quote.quantityLots;
    const reason = isTrimmed ? limitReason(view, config, quote, room) : problem;
    if (reason) reasons.push(reason);
    if (!problem) targets.push(targetOf(quote, quantityLots, ladder.lean));
  }
  return { targets, reasons };
}

/** A hard limit left less than the level wants; without a lower bound of its own the limit is what there is to sell. */
function limitReason(
  { instrument }: StrategyView,
  { inventory }: MarketMakingConfig,
  quote: RawQuote,
  room: number,
): Reason {
  if (quote.side === 'bid' || Number(inventory.minBase) > 0) return restrict('INVENTORY_LIMIT', quote);
  const have = floorLot(room);
  const need = floorLot(quote.quantityLots);
  return restrict('INSUFFICIENT_BASE', quote, {
    have: instrument.quantity(have),
    need: instrument.quantity(need),
    missing: instrument.quantity(need - have),
  });
}

function sizeProblem(instrument: Instrument, quote: RawQuote, lots: number): Reason | undefined {
  if (!(quote.priceTicks > 0)) return restrict('PRICE_INVALID', quote, { price: quote.priceTicks });
  if (quote.quantityLots <= 0) return restrict('INVENTORY_LIMIT', quote); // A full lean rightly empties one side.
  const figures = (minimum: number): Reason['params'] => ({
    quantity: instrument.quantity(lots),
    minimum: instrument.quantity(minimum),
  });
  if (lots < instrument.minLots) return restrict('BELOW_MIN_QUANTITY', quote, figures(instrument.minLots));
  const least = instrument.minLotsAt(quote.priceTicks);
  if (lots < least) return restrict('BELOW_MIN_NOTIONAL', quote, figures(least));
  if (lots <= instrument.maxLots) return undefined;
  const params = { quantity: instrument.quantity(lots), maximum: instrument.quantity(instrument.maxLots) };
  return restrict('ABOVE_MAX_QUANTITY', quote, params);
}

const restrict = (code: ReasonCode, quote: RawQuote, params: Reason['params'] = {}): Reason => ({
  code,
  effect: 'restrict',
  side: quote.side,
  slot: quote.slot,
  params,
});
