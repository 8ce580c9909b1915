import { accountBench, loadOrder } from '../support/account-bench';

/**
 * A venue that ccxt reaches takes requests that are late: one that cannot be found may still be on its way. However
 * long it is asked for, only a person ends it.
 */
it.each([
  [true, 'absent'],
  [false, undefined],
] as const)('with requests that expire (%s) an order nobody knows ends as %s', async (requestExpiry, why) => {
  const bench = await accountBench();
  const capabilities = { ...bench.connector.capabilities, requestExpiry };
  Object.assign(bench.connector, { capabilities });
  const id = loadOrder(bench, 1_000);
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(600_000);
  expect(bench.venue.calls.query).toBeGreaterThan(3);
  expect(bench.orders.get(id)?.ended?.why).toBe(why);
  bench.reconciler.stop();
});
