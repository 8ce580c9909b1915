import type { Instrument } from '../../../domain/instrument';
import { isSettled, unbookedOf } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason, ReasonCode, ReasonEffect } from '../../../domain/reason';
import { quoteSideOf } from '../../../domain/units';
import type { Lots, QuoteSide, Writable } from '../../../domain/units';
import { worstLong, worstShort } from './exposure';
import type { Batch, RiskView } from './risk-view';
import { nearer } from './self-trade';
import type { Best, OwnOrder } from './self-trade';

type BySide = Readonly<Record<QuoteSide, Lots>>;

/** What the checks see: the view, and what this batch has been admitted so far. */
export interface CheckState {
  readonly view: RiskView;
  readonly instrument: Instrument;
  /** `fit` asks what may rest, `admit` what may be created now. */
  readonly purpose: 'fit' | 'admit';
  readonly strategyId: string;
  /** Best unended own orders of the operator on this market, with the admitted ones of this batch. */
  readonly best: Best;
  /** How many of those lie on the account. */
  readonly open: number;
  /** The position in lots if all orders of the strategy that are not settled fill on one side. */
  readonly worst: { readonly long: number; readonly short: number };
  /** Fills of the strategy that are known and not booked. */
  readonly unbooked: BySide;
  /** What the batch has been admitted. */
  readonly added: BySide;
  readonly creates: number;
}

/** Why this order may not be created; undefined when the check has nothing against it. */
export type Check = (quote: TargetQuote, state: CheckState) => Reason | undefined;

export const refuse = (
  quote: TargetQuote,
  code: ReasonCode,
  params: Reason['params'] = {},
  effect: ReasonEffect = 'restrict',
): Reason => ({ code, effect, side: quote.side, slot: quote.slot, params });

/** One decimal is enough for a distance that people read. */
export const shortBps = (bps: number): number => Math.round(bps * 10) / 10;

/** Where the checks of a batch begin: one pass over the orders of the market. */
export function stateOf(
  batch: Omit<Batch, 'nextId'>,
  view: RiskView,
  purpose: CheckState['purpose'],
): CheckState {
  const orders = view.orders.filter(
    (order) => order.venue === batch.venue && order.instrument === batch.instrument.id && !isSettled(order),
  );
  const own = orders.filter((order) => order.strategyId === batch.strategyId);
  const unbooked = { bid: 0, ask: 0 };
  for (const order of own) unbooked[quoteSideOf(order.side)] += unbookedOf(order);
  let best: Best = { bid: undefined, ask: undefined };
  let open = 0;
  for (const order of orders) {
    if (order.ended) continue;
    best = nearer(best, quoteSideOf(order.side), order);
    if (order.accountId === batch.accountId) open += 1;
  }
  return {
    view,
    instrument: batch.instrument,
    purpose,
    strategyId: batch.strategyId,
    best,
    open,
    unbooked,
    worst: { long: worstLong(view.positionLots, own), short: worstShort(view.positionLots, own) },
    added: { bid: 0, ask: 0 },
    creates: 0,
  };
}

export function withAdmitted(state: CheckState, { side, priceTicks, quantityLots }: TargetQuote): CheckState {
  const order: OwnOrder = { price: priceTicks, strategyId: state.strategyId };
  const { bid, ask } = state.added;
  const next: Writable<CheckState> = { ...state };
  next.best = nearer(state.best, side, order);
  next.open += 1;
  next.added = side === 'bid' ? { bid: bid + quantityLots, ask } : { bid, ask: ask + quantityLots };
  next.creates += 1;
  return next;
}
