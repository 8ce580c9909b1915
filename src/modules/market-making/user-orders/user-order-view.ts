import type { Balance } from '../../execution/types';
import type { FillTotals } from '../ledger/fill-totals';
import { noFills } from '../ledger/fill-totals';
import type { Strategy } from '../strategy/strategy';
import { allowedMoves } from '../strategy/strategy-states';
import { allowedByMoney } from './money-states';
import type { UserOrder } from './user-order';

interface Trading {
  readonly strategy: Strategy;
  readonly totals: FillTotals | undefined;
  readonly balances: readonly Balance[];
  readonly openOrdersCount: number;
}

/** Where the money is, joined with how it trades; the second is never stored with the first. */
export function userOrderView(order: UserOrder, trading: Trading): object {
  const { strategy, totals, balances, openOrdersCount } = trading;
  const { state, desiredState, stateSince: since, stateReason: reason } = strategy;
  const { fillsCount, boughtBase, soldBase, spentQuote, earnedQuote } = totals ?? noFills;
  const moves: readonly string[] = allowedMoves(state);
  return {
    ...order,
    display: order.state === 'active' ? state : order.state,
    trading: { state, desiredState, since, reason, openOrdersCount },
    fills: { count: fillsCount, boughtBase, soldBase, spentQuote, earnedQuote },
    balances: balances.map(({ asset, total, reserved }) => ({ asset, total, reserved })),
    allowed: allowedByMoney(order.state).filter((move) => move === 'cancel' || moves.includes(move)),
  };
}
