import { accountBench, loadOrder } from '../support/account-bench';

const hour = 3_600_000;

/**
 * Found by the simulation: the deadline of an order was compared with the wall clock. A step back by an hour kept an
 * absent order unproven for an hour; one forward would let an order be proved absent that could still arrive.
 */
it('proves an order absent in time although the wall clock has gone back by an hour', async () => {
  const bench = await accountBench();
  const id = loadOrder(bench, 10_000);
  bench.venue.isLive = false; // Only the questions about orders run.
  const { runtime } = bench;
  bench.reconciler.start(runtime.now(), []);
  const now = runtime.now.bind(runtime);
  runtime.now = () => now() - hour;
  await runtime.advance(20_000);
  expect(bench.orders.get(id)?.ended?.why).toBe('absent');
  bench.reconciler.stop();
});
