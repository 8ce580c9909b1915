import { approve } from '../../../domain/approved-order';
import type { ApprovedOrder } from '../../../domain/approved-order';
import { holdOf } from '../../../domain/hold';
import { classOf, isSettled, remainingOf, unbookedOf } from '../../../domain/order';
import type { ClientOrder } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import { levelKeyOf, parseSlotKey } from '../../../domain/slot';
import { orderSideOf } from '../../../domain/units';
import type { Writable } from '../../../domain/units';
import { sortFew } from '../common/sort-few';
import { countAdmitted, refuse, stateOf } from './check-state';
import type { CheckState } from './check-state';
import { problemAfterFunds, problemBeforeFunds } from './checks';
import { fund, holdPerLot } from './funds';
import type { Free, Funded } from './funds';
import type { Batch, RiskView } from './risk-view';
import { blockerOf, nudged } from './self-trade';

export interface Admission {
  readonly approved: readonly ApprovedOrder[];
  /** One reason per order that was refused or trimmed to what its funds allow. */
  readonly refused: readonly Reason[];
}

export interface Fitted {
  readonly targets: readonly TargetQuote[];
  readonly reasons: readonly Reason[];
}

/** The single gate: whatever it returns may be committed and sent, and nothing else may. Ids are drawn last. */
export function admit(batch: Batch, view: RiskView): Admission {
  const { targets, reasons } = examine(batch, view, 'admit');
  return { approved: targets.map((quote) => approvedOf(batch, quote)), refused: reasons };
}

/**
 * The targets as `admit` would let them rest if the live orders they stand for were gone: what those hold is theirs to
 * use again. The plan compares with these, so that an order resting at its trimmed size is kept. A target whose slot
 * waits for an unresolved order passes as it is: nothing can be done there. An unbooked fill holds new orders only.
 */
export function fit(batch: Omit<Batch, 'nextId'>, view: RiskView): Fitted {
  const { seen, waiting } = asIfReplaced(batch, view);
  if (waiting.length === 0) return examine(batch, seen, 'fit');
  const isFree = (quote: TargetQuote): boolean => !waiting.includes(quote.slot);
  const { targets, reasons } = examine({ ...batch, places: batch.places.filter(isFree) }, seen, 'fit');
  const left = batch.places.map((quote) =>
    isFree(quote) ? targets.find(({ slot }) => slot === quote.slot) : quote,
  );
  return { targets: left.filter((quote) => quote !== undefined), reasons };
}

/** Those of the quotes beside their orders that `admit` would let stand with all the others, as they are. */
export function besides(batch: Omit<Batch, 'nextId'>, view: RiskView): readonly TargetQuote[] {
  return examine(batch, view, 'admit').targets.filter((quote) => quote.isBeside);
}

interface Replaced {
  /** The view without the rest of the orders that a target may take the place of. */
  readonly seen: RiskView;
  /** Slots of targets whose order can only be waited for. */
  readonly waiting: readonly string[];
}

function asIfReplaced({ strategyId, places, instrument }: Omit<Batch, 'nextId'>, view: RiskView): Replaced {
  const orders: ClientOrder[] = [];
  const waiting: string[] = [];
  let [freedBase, freedQuote] = [0, 0];
  for (const order of view.orders) {
    const isOwn = order.strategyId === strategyId && !isSettled(order);
    const slot = isOwn ? levelKeyOf(order.slotKey) : '';
    if (!isOwn || !hasSlot(places, slot)) orders.push(order);
    else if (classOf(order) !== 'live' || order.command !== 'NONE') {
      orders.push(order);
      waiting.push(slot);
    } else {
      const held = remainingOf(order) * holdPerLot(instrument, order.side, order.price);
      if (order.side === 'sell') freedBase += held;
      else freedQuote += held;
      // One that is replaced and has no unbooked fill would count for nothing.
      if (unbookedOf(order) > 0) orders.push(withoutRest(order));
    }
  }
  // Copied, then set: each field that a literal sets over a spread is a slow define, many times a tick.
  const seen: Writable<RiskView> = { ...view };
  seen.orders = orders;
  seen.freeBaseLots += freedBase;
  seen.freeQuoteTickLots += freedQuote;
  return { seen, waiting };
}

function hasSlot(places: readonly TargetQuote[], slot: string): boolean {
  for (const place of places) if (place.slot === slot) return true;
  return false;
}

/** As if it had just ended: what has filled and is not booked stays. */
const withoutRest = (order: ClientOrder): ClientOrder => {
  const copy: Writable<ClientOrder> = { ...order };
  copy.ended = { why: 'canceled', at: order.committedAt };
  return copy;
};

function examine(batch: Omit<Batch, 'nextId'>, view: RiskView, purpose: CheckState['purpose']): Fitted {
  const { places } = batch;
  if (places.length === 0) return { targets: places, reasons: [] };
  const state = stateOf(batch, view, purpose);
  let free: Free = { baseLots: view.freeBaseLots, quoteTickLots: view.freeQuoteTickLots };
  const reasons: Reason[] = [];
  const admitted: (TargetQuote | undefined)[] = places.map(() => undefined);
  const ranks = places.map(rankOf);
  const turns = sortFew([...ranks.keys()], (a, b) => ranks[a]! - ranks[b]!);
  for (const turn of turns) {
    const place = places[turn]!;
    const verdict = judge(place, state, free);
    // Whole or not at all; without it its order is cancelled first, and that says enough.
    if (place.isBeside && verdict.quote?.quantityLots !== place.quantityLots) continue;
    if (verdict.reason) reasons.push(verdict.reason);
    if (!verdict.quote) continue;
    free = verdict.free;
    countAdmitted(state, verdict.quote);
    admitted[turn] = verdict.quote;
  }
  return { targets: admitted.filter((quote) => quote !== undefined), reasons };
}

/** One order through all checks in their order. What was moved or trimmed and passes still has a reason. */
function judge(place: TargetQuote, state: CheckState, free: Free): Funded {
  const asked = onGrid(place);
  const quote = nudged(asked, state.best, state.strategyId);
  const problem = problemBeforeFunds(quote, state);
  if (problem) return { quote: undefined, free, reason: problem };
  const funded = fund(quote, free, state.instrument);
  if (!funded.quote) return funded;
  const late = problemAfterFunds(funded.quote, state);
  if (late) return { quote: undefined, free, reason: late };
  return quote === asked ? funded : { ...funded, reason: funded.reason ?? movedReason(asked, state) };
}

function movedReason(asked: TargetQuote, { best, instrument }: CheckState): Reason | undefined {
  const blocker = blockerOf(asked, best);
  return blocker && refuse(asked, 'SELF_CROSS_GUARD', { blocker: instrument.price(blocker.price) });
}

/** Inner levels first, and what nothing rests for yet before all that stands beside its order. */
const rankOf = ({ slot, isBeside }: TargetQuote): number =>
  (parseSlotKey(slot)?.level ?? 0) + (isBeside ? besideRank : 0);
/** Above any level. */
const besideRank = 1e6;

/** Away from the opposite side for the price, down for the quantity. */
const onGrid = (quote: TargetQuote): TargetQuote => {
  const priceTicks = quote.side === 'bid' ? Math.floor(quote.priceTicks) : Math.ceil(quote.priceTicks);
  const quantityLots = Math.floor(quote.quantityLots);
  if (priceTicks === quote.priceTicks && quantityLots === quote.quantityLots) return quote;
  return { ...quote, priceTicks, quantityLots };
};

function approvedOf(batch: Batch, quote: TargetQuote): ApprovedOrder {
  const side = orderSideOf(quote.side);
  const hold = holdOf(batch.instrument, side, quote.priceTicks);
  return approve({
    clientOrderId: batch.nextId(),
    strategyId: batch.strategyId,
    accountId: batch.accountId,
    venue: batch.venue,
    instrument: batch.instrument.id,
    slotKey: quote.slot,
    side,
    price: quote.priceTicks,
    quantity: quote.quantityLots,
    type: 'limit',
    timeInForce: 'postOnly',
    epoch: batch.epoch,
    rules: batch.instrument,
    holdAsset: hold.asset,
    holdRate: hold.rate,
  });
}
