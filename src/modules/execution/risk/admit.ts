import { approve } from '../../../domain/approved-order';
import type { ApprovedOrder } from '../../../domain/approved-order';
import { holdOf } from '../../../domain/hold';
import type { Instrument } from '../../../domain/instrument';
import { classOf, isSettled, remainingOf, unbookedOf } from '../../../domain/order';
import type { ClientOrder } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import { levelKeyOf, parseSlotKey } from '../../../domain/slot';
import { orderSideOf } from '../../../domain/units';
import type { Side, Writable } from '../../../domain/units';
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
  const waiting: string[] = [];
  const replaceable: ClientOrder[] = [];
  for (const order of view.orders) {
    if (order.strategyId !== batch.strategyId || isSettled(order)) continue;
    const slot = levelKeyOf(order.slotKey);
    if (!hasSlot(batch.places, slot)) continue;
    if (classOf(order) === 'live' && order.command === 'NONE') replaceable.push(order);
    else waiting.push(slot);
  }
  const isFree = (quote: TargetQuote): boolean => !waiting.includes(quote.slot);
  const places = waiting.length === 0 ? batch.places : batch.places.filter(isFree);
  const seen = asIfReplaced(view, replaceable, batch.instrument);
  const { targets, reasons } = examine({ ...batch, places }, seen, 'fit');
  if (waiting.length === 0) return { targets, reasons };
  const left = batch.places.map((quote) =>
    isFree(quote) ? targets.find(({ slot }) => slot === quote.slot) : quote,
  );
  return { targets: left.filter((quote) => quote !== undefined), reasons };
}

const hasSlot = (places: readonly TargetQuote[], slot: string): boolean => {
  for (const place of places) if (place.slot === slot) return true;
  return false;
};

/** Those of the quotes beside their orders that `admit` would let stand with all the others, as they are. */
export function besides(batch: Omit<Batch, 'nextId'>, view: RiskView): readonly TargetQuote[] {
  return examine(batch, view, 'admit').targets.filter((quote) => quote.isBeside);
}

function asIfReplaced(
  view: RiskView,
  replaceable: readonly ClientOrder[],
  instrument: Instrument,
): RiskView {
  if (replaceable.length === 0) return view;
  // Copied, then set: each field that a literal sets over a spread is a slow define, many times a tick.
  const copy: Writable<RiskView> = { ...view };
  const orders: ClientOrder[] = [];
  for (const order of view.orders) {
    if (!replaceable.includes(order)) orders.push(order);
    // One that is replaced and has no unbooked fill would count for nothing.
    else if (unbookedOf(order) > 0) orders.push(withoutRest(order));
  }
  copy.orders = orders;
  copy.freeBaseLots += heldBy(replaceable, 'sell', instrument);
  copy.freeQuoteTickLots += heldBy(replaceable, 'buy', instrument);
  return copy;
}

/** What the rest of the orders of a side holds, in the unit of its free funds. */
function heldBy(orders: readonly ClientOrder[], side: Side, instrument: Instrument): number {
  let held = 0;
  for (const order of orders)
    if (order.side === side) held += remainingOf(order) * holdPerLot(instrument, side, order.price);
  return held;
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
  const turns = sortFew([...places.keys()], (a, b) => innerFirst(places[a]!, places[b]!));
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

/** What nothing rests for yet comes before what stands beside its order. */
const innerFirst = (a: TargetQuote, b: TargetQuote): number =>
  Number(a.isBeside ?? false) - Number(b.isBeside ?? false) || levelOf(a.slot) - levelOf(b.slot);
const levelOf = (slot: string): number => parseSlotKey(slot)?.level ?? 0;

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
