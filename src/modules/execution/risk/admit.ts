import { approve } from '../../../domain/approved-order';
import type { ApprovedOrder } from '../../../domain/approved-order';
import { holdOf } from '../../../domain/hold';
import { classOf, isSettled, remainingOf } from '../../../domain/order';
import type { ClientOrder } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import { parseSlotKey } from '../../../domain/slot';
import { orderSideOf, quoteSideOf } from '../../../domain/units';
import { firstProblem } from './checks';
import type { CheckState, Resting } from './checks';
import { fund, holdPerLot } from './funds';
import type { Free } from './funds';
import type { Batch, RiskView } from './risk-view';

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
  const { targets, reasons } = examine(batch, view);
  return { approved: targets.map((quote) => approvedOf(batch, quote)), refused: reasons };
}

/**
 * The targets as `admit` would let them rest if the live orders they stand for were gone: what those hold is theirs to
 * use again. The plan compares with these, so that an order resting at its trimmed size is kept.
 */
export function fit(batch: Omit<Batch, 'nextId'>, view: RiskView): Fitted {
  const slots = new Set(batch.places.map((quote) => quote.slot));
  const replaceable = view.orders.filter(
    (order) =>
      isOwn(batch, order) &&
      slots.has(order.slotKey) &&
      classOf(order) === 'live' &&
      order.command === 'NONE',
  );
  const orders = view.orders.map((order) => (replaceable.includes(order) ? withoutRest(order) : order));
  const freed = (side: 'buy' | 'sell'): number =>
    replaceable
      .filter((order) => order.side === side)
      .reduce((sum, o) => sum + remainingOf(o) * holdPerLot(batch.instrument, side, o.price), 0);
  return examine(batch, {
    ...view,
    orders,
    freeBaseLots: view.freeBaseLots + freed('sell'),
    freeQuoteTickLots: view.freeQuoteTickLots + freed('buy'),
  });
}

/** As if it had just ended: what has filled and is not booked stays. */
const withoutRest = (order: ClientOrder): ClientOrder => ({
  ...order,
  ended: { why: 'canceled', at: order.committedAt },
});

function examine(batch: Omit<Batch, 'nextId'>, view: RiskView): Fitted {
  let state = stateOf(batch, view);
  let free: Free = { baseLots: view.freeBaseLots, quoteTickLots: view.freeQuoteTickLots };
  const reasons: Reason[] = [];
  for (const place of [...batch.places].sort(innerFirst)) {
    const quote = onGrid(place);
    const problem = firstProblem(quote, state);
    const funded = problem ? undefined : fund(quote, free, batch.instrument);
    const reason = problem ?? funded?.reason;
    if (reason) reasons.push(reason);
    if (!funded?.quote) continue;
    free = funded.free;
    state = withAdmitted(state, funded.quote);
  }
  const order = batch.places.map((place) => place.slot);
  const targets = [...state.admitted].sort((a, b) => order.indexOf(a.slot) - order.indexOf(b.slot));
  return { targets, reasons };
}

const innerFirst = (a: TargetQuote, b: TargetQuote): number => levelOf(a.slot) - levelOf(b.slot);
const levelOf = (slot: string): number => parseSlotKey(slot)?.level ?? 0;

/** Away from the opposite side for the price, down for the quantity. */
const onGrid = (quote: TargetQuote): TargetQuote => ({
  ...quote,
  priceTicks: quote.side === 'bid' ? Math.floor(quote.priceTicks) : Math.ceil(quote.priceTicks),
  quantityLots: Math.floor(quote.quantityLots),
});

function stateOf(batch: Omit<Batch, 'nextId'>, view: RiskView): CheckState {
  const orders = view.orders.filter(
    (o) => o.venue === batch.venue && o.instrument === batch.instrument.id && !isSettled(o),
  );
  const resting: readonly Resting[] = orders
    .filter((order) => !order.ended)
    .map((order) => ({
      side: quoteSideOf(order.side),
      price: order.price,
      accountId: order.accountId,
    }));
  return {
    view,
    instrument: batch.instrument,
    strategyId: batch.strategyId,
    accountId: batch.accountId,
    resting,
    own: orders.filter((order) => isOwn(batch, order)),
    admitted: [],
  };
}

const isOwn = (batch: Pick<Batch, 'strategyId'>, order: ClientOrder): boolean =>
  order.strategyId === batch.strategyId;

const withAdmitted = (state: CheckState, quote: TargetQuote): CheckState => ({
  ...state,
  resting: [...state.resting, { side: quote.side, price: quote.priceTicks, accountId: state.accountId }],
  admitted: [...state.admitted, quote],
});

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
