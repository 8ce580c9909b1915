import { accountBench, fillOf, loadOrder } from '../support/account-bench';

/**
 * A trade that came again under a key booked by this very process was taken for a repetition whatever it said: only a
 * process that had not booked it compared price and quantity.
 */
it.each([
  ['the same figures', { price: '99.90', quantity: '0.500' }, 0],
  ['another price', { price: '99.8' }, 1],
  ['another quantity', { quantity: '0.4' }, 1],
])('a trade that comes again with %s', async (_what, change, conflicts) => {
  const bench = await accountBench();
  const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
  bench.store.assignStrategy('s1', 'a1');
  bench.reconciler.start(bench.runtime.now(), []);
  const fill = fillOf(id, { venueOrderId: 'v1' });
  bench.reconciler.fill(fill);
  await bench.orders.idle();
  bench.reconciler.fill({ ...fill, ...change });
  await bench.orders.idle();
  expect(bench.count('FILL_CONFLICT')).toBe(conflicts);
  expect(bench.orders.get(id)?.bookedFilled).toBe(500);
  bench.reconciler.stop();
});

it('two that come together are told apart as well', async () => {
  const bench = await accountBench();
  const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
  bench.store.assignStrategy('s1', 'a1');
  bench.reconciler.start(bench.runtime.now(), []);
  const fill = fillOf(id, { venueOrderId: 'v1' });
  bench.reconciler.fill(fill);
  bench.reconciler.fill({ ...fill, price: '99.8' });
  await bench.orders.idle();
  expect(bench.count('FILL_CONFLICT')).toBe(1);
  bench.reconciler.stop();
});
