import type { Instrument } from '../../../domain/instrument';
import { isSettled, unbookedOf } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason, ReasonCode, ReasonEffect } from '../../../domain/reason';
import { quoteSideOf } from '../../../domain/units';
import type { Lots, QuoteSide, Writable } from '../../../domain/units';
import { outstandingOf } from './exposure';
import type { Batch, RiskView } from './risk-view';
import { isNearer } from './self-trade';
import type { Best } from './self-trade';

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

/** The state of a batch in the hands of the one who judges it. */
export interface Counting extends CheckState {
  readonly best: Writable<Best>;
  readonly added: Writable<BySide>;
  open: number;
  creates: number;
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

/** Where the checks of a batch begin: one pass over the orders of the market. The caller counts on in it. */
export function stateOf(
  batch: Omit<Batch, 'nextId'>,
  view: RiskView,
  purpose: CheckState['purpose'],
): Counting {
  const { strategyId, accountId, instrument, venue } = batch;
  const unbooked = { bid: 0, ask: 0 };
  /** What the own orders of each side may still add to the position. */
  const outstanding = { bid: 0, ask: 0 };
  const best: Writable<Best> = { bid: undefined, ask: undefined };
  let open = 0;
  for (const order of view.orders) {
    if (order.venue !== venue || order.instrument !== instrument.id || isSettled(order)) continue;
    const side = quoteSideOf(order.side);
    if (order.strategyId === strategyId) {
      unbooked[side] += unbookedOf(order);
      outstanding[side] += outstandingOf(order);
    }
    if (order.ended) continue;
    if (isNearer(side, order.price, best[side])) best[side] = order;
    if (order.accountId === accountId) open += 1;
  }
  const { positionLots } = view;
  return {
    view,
    instrument,
    purpose,
    strategyId,
    best,
    open,
    unbooked,
    worst: { long: positionLots + outstanding.bid, short: positionLots - outstanding.ask },
    added: { bid: 0, ask: 0 },
    creates: 0,
  };
}

/** Counts an order that has been admitted: the next one of the batch is checked beside it. */
export function countAdmitted(state: Counting, quote: TargetQuote): void {
  const { side, priceTicks: price, quantityLots } = quote;
  if (isNearer(side, price, state.best[side])) state.best[side] = { price, strategyId: state.strategyId };
  state.open += 1;
  state.added[side] += quantityLots;
  state.creates += 1;
}
