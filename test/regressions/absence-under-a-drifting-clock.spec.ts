import { accountBench, loadOrder } from '../support/account-bench';

const driftMs = 20_000;

/**
 * The database's clock was measured when an account was opened and never again. After days it was seconds behind what
 * the engine took it for, and an order still on its way was proved absent before its deadline.
 */
it('proves absence by the clock the database has now', async () => {
  const bench = await accountBench();
  const { reconciler, runtime, orders } = bench;
  reconciler.start(runtime.now(), []);
  reconciler.databaseSays(runtime.now() - driftMs);
  const id = loadOrder(bench, driftMs); // Committed at this moment of the database; its deadline is 14.5 s away.
  await runtime.advance(14_000);
  expect(orders.get(id)?.ended).toBeUndefined();
  await runtime.advance(30_000);
  expect(orders.get(id)?.ended).toMatchObject({ why: 'absent' });
  reconciler.stop();
});
