import { approve } from '../../../domain/approved-order';
import type { ApprovedOrder } from '../../../domain/approved-order';
import { holdOf } from '../../../domain/hold';
import { classOf, isSettled, remainingOf, unbookedOf } from '../../../domain/order';
import type { ClientOrder } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import { levelKeyOf, parseSlotKey } from '../../../domain/slot';
import { orderSideOf } from '../../../domain/units';
import type { Side, Writable } from '../../../domain/units';
import { refuse, stateOf, withAdmitted } from './check-state';
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
  const slots = new Set(batch.places.map((quote) => quote.slot));
  const inSlots = view.orders.filter(
    (o) => isOwn(batch, o) && slots.has(levelKeyOf(o.slotKey)) && !isSettled(o),
  );
  const isReplaceable = (o: ClientOrder): boolean => classOf(o) === 'live' && o.command === 'NONE';
  const waiting = new Set(inSlots.filter((o) => !isReplaceable(o)).map((o) => levelKeyOf(o.slotKey)));
  const replaceable = new Set(inSlots.filter(isReplaceable));
  const freed = (side: Side): number =>
    [...replaceable]
      .filter((order) => order.side === side)
      .reduce((sum, o) => sum + remainingOf(o) * holdPerLot(batch.instrument, side, o.price), 0);
  const places = batch.places.filter((quote) => !waiting.has(quote.slot));
  const { targets, reasons } = examine({ ...batch, places }, asIfReplaced(view, replaceable, freed), 'fit');
  const fitted = new Map(targets.map((quote) => [quote.slot, quote]));
  return {
    targets: batch.places.flatMap((quote) =>
      waiting.has(quote.slot) ? [quote] : (fitted.get(quote.slot) ?? []),
    ),
    reasons,
  };
}

/** Those of the quotes beside their orders that `admit` would let stand with all the others, as they are. */
export function besides(batch: Omit<Batch, 'nextId'>, view: RiskView): readonly TargetQuote[] {
  return examine(batch, view, 'admit').targets.filter((quote) => quote.isBeside);
}

const asIfReplaced = (
  view: RiskView,
  replaceable: ReadonlySet<ClientOrder>,
  freed: (side: Side) => number,
): RiskView => {
  // Copied, then set: each field that a literal sets over a spread is a slow define, many times a tick.
  const copy: Writable<RiskView> = { ...view };
  // One that is replaced and has no unbooked fill would count for nothing.
  copy.orders = view.orders.flatMap((order) =>
    replaceable.has(order) ? (unbookedOf(order) > 0 ? [withoutRest(order)] : []) : [order],
  );
  copy.freeBaseLots += freed('sell');
  copy.freeQuoteTickLots += freed('buy');
  return copy;
};

/** As if it had just ended: what has filled and is not booked stays. */
const withoutRest = (order: ClientOrder): ClientOrder => {
  const copy: Writable<ClientOrder> = { ...order };
  copy.ended = { why: 'canceled', at: order.committedAt };
  return copy;
};

function examine(batch: Omit<Batch, 'nextId'>, view: RiskView, purpose: CheckState['purpose']): Fitted {
  if (batch.places.length === 0) return { targets: [], reasons: [] };
  let state = stateOf(batch, view, purpose);
  let free: Free = { baseLots: view.freeBaseLots, quoteTickLots: view.freeQuoteTickLots };
  const reasons: Reason[] = [];
  const admitted = new Map<TargetQuote, TargetQuote>();
  for (const place of [...batch.places].sort(innerFirst)) {
    const verdict = judge(place, state, free);
    // Whole or not at all; without it its order is cancelled first, and that says enough.
    if (place.isBeside && verdict.quote?.quantityLots !== place.quantityLots) continue;
    if (verdict.reason) reasons.push(verdict.reason);
    if (!verdict.quote) continue;
    free = verdict.free;
    state = withAdmitted(state, verdict.quote);
    admitted.set(place, verdict.quote);
  }
  return { targets: batch.places.flatMap((place) => admitted.get(place) ?? []), reasons };
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
  const copy: Writable<TargetQuote> = { ...quote };
  copy.priceTicks = quote.side === 'bid' ? Math.floor(quote.priceTicks) : Math.ceil(quote.priceTicks);
  copy.quantityLots = Math.floor(quote.quantityLots);
  return copy;
};

const isOwn = (batch: Pick<Batch, 'strategyId'>, order: ClientOrder): boolean =>
  order.strategyId === batch.strategyId;

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
