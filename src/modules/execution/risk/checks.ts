import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import type { Check, CheckState } from './check-state';
import { exposure, fillRate, losses, oneSided } from './loss-checks';
import {
  collar,
  freshBook,
  instrumentStatus,
  permitted,
  postOnly,
  references,
  sane,
  venueBand,
} from './market-checks';
import { createRate, openOrders, orderNotional, selfTrade, unbooked, worstCase } from './order-checks';

/** In the order in which they are asked; the first that fails is the one reason of the order. */
const beforeFunds: readonly Check[] = [
  permitted,
  instrumentStatus,
  freshBook,
  sane,
  references,
  collar,
  venueBand,
  postOnly,
  selfTrade,
  orderNotional,
  worstCase,
  unbooked,
  openOrders,
  createRate,
];

/** Asked of the order at the size its funds allow. */
const afterFunds: readonly Check[] = [losses, fillRate, oneSided, exposure];

/** Checks 1 to 11. Undefined when nothing is against the order whatever funds are free. */
export const problemBeforeFunds = (quote: TargetQuote, state: CheckState): Reason | undefined =>
  first(beforeFunds, quote, state);

/** Checks 13 to 15, after the funds. */
export const problemAfterFunds = (quote: TargetQuote, state: CheckState): Reason | undefined =>
  first(afterFunds, quote, state);

function first(checks: readonly Check[], quote: TargetQuote, state: CheckState): Reason | undefined {
  for (const check of checks) {
    const problem = check(quote, state);
    if (problem) return problem;
  }
  return undefined;
}
