import { accountBench, loadOrder } from '../support/account-bench';

const deadlineMs = 14_500;

/**
 * Found by the simulation: 30 s after a restart an order of the process before was still not proven. A question asked
 * before its answer could count moved the next one up to 5 s beyond the moment from which it would.
 */
it.each([1_000, 2_000, 4_000])('proves an order absent soon after its deadline, %d ms old', async (ageMs) => {
  const bench = await accountBench();
  const id = loadOrder(bench, ageMs);
  bench.venue.isLive = false; // Only the questions about orders run.
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(deadlineMs - ageMs);
  expect(bench.orders.get(id)?.ended).toBeUndefined();
  await bench.runtime.advance(5_000); // Two rounds two seconds apart, each begun and ended by a cycle of a second.
  expect(bench.orders.get(id)?.ended?.why).toBe('absent');
  bench.reconciler.stop();
});
