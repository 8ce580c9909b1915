import { classOf } from '../../src/domain/order';
import { accountBench, loadOrder, reportOf } from '../support/account-bench';

/**
 * The venue shows an order whose absence was proved and is on record: it has to count and to be cancelled like any
 * other. It stayed closed instead, so no sum, no cancel and no question saw it until its memory ran out.
 */
it('an order shown live after its end was committed is an open order again', async () => {
  const bench = await accountBench();
  const { orders, reconciler, runtime, venue } = bench;
  const id = loadOrder(bench, 60_000);
  const at = runtime.monotonic();
  const end = { why: 'absent', at: runtime.now() } as const;
  orders.apply(id, { kind: 'absent', at, atMs: runtime.now(), end });
  await orders.idle();
  expect(orders.unended('s1')).toEqual([]);

  reconciler.report(reportOf(id, { source: 'rest-list' }));
  expect(orders.unended('s1').map((order) => [order.clientOrderId, classOf(order)])).toEqual([[id, 'live']]);
  expect(bench.count('PAGE_RESURRECTED')).toBe(1);

  reconciler.report(reportOf(id, { status: 'canceled', source: 'ws-order' }));
  await orders.idle();
  expect(orders.unended('s1')).toEqual([]);
  expect(venue.cancelled).toEqual([]);
});

it('and so is one shown live while its end is on the way to the record', async () => {
  const bench = await accountBench();
  const { orders, reconciler, runtime, store } = bench;
  const id = loadOrder(bench, 60_000);
  const reopened: string[] = [];
  const reopen = store.reopenOrder.bind(store);
  store.reopenOrder = (clientOrderId) => (reopened.push(clientOrderId), reopen(clientOrderId));
  const end = { why: 'absent', at: runtime.now() } as const;
  orders.apply(id, { kind: 'absent', at: runtime.monotonic(), atMs: runtime.now(), end });
  reconciler.report(reportOf(id, { source: 'rest-list' }));
  expect(reopened).toEqual([]);
  await orders.idle();
  expect(reopened).toEqual([id]);
  expect(orders.unended('s1').map((order) => classOf(order))).toEqual(['live']);
  reconciler.report(reportOf(id, { status: 'canceled', source: 'ws-order' }));
  await orders.idle();
  expect(orders.unended('s1')).toEqual([]);
});
