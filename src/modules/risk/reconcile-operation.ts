import type { AccountReadsView, OrderView } from '../execution/types';

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** A question of an account as an operation: the reads left, and what the answers have shown. */
export function reconcileOperationOf(view: AccountReadsView, nowMs: number): object {
  const isOver = view.finishedAtMs !== undefined;
  return {
    ...{ id: view.id, kind: 'account.reconcile' },
    state: isOver ? 'succeeded' : view.isLate ? 'timed_out' : 'running',
    target: { type: 'account', id: view.accountId },
    desired: { readsLeftCount: 0 },
    observed: {
      readsLeftCount: view.readsLeft.length,
      disagreement: view.disagreement ?? null,
      unresolvedOrdersCount: view.unresolved.length,
      at: iso(nowMs),
    },
    remaining: view.readsLeft.map((read) => ({ read, lastError: null })),
    result: isOver ? resultOf(view) : null,
    ...{ error: null, requestedBy: `user:${view.requestedBy}`, createdAt: iso(view.createdAtMs) },
    ...{ deadlineAt: iso(view.deadlineAtMs), finishedAt: iso(view.finishedAtMs) },
  };
}

/** `agrees`, `unexplained` for money nobody explains, `orders_unresolved` while the venue has not accounted for some. */
function resultOf({ disagreement, unresolved }: AccountReadsView): object {
  const kind =
    disagreement !== undefined ? 'unexplained' : unresolved.length > 0 ? 'orders_unresolved' : 'agrees';
  return { kind, unexplained: disagreement ?? null, orders: unresolved.map(orderOf) };
}

export const orderOf = (order: OrderView): object => ({
  ...order,
  venueOrderId: order.venueOrderId ?? null,
});
