import { accountBench } from '../support/account-bench';

/**
 * The private stream was dialled anew while the account still answered the question of the stream before. That answer
 * let creates leave, although what traded between its reads and the new stream was asked for by nobody.
 */
it('does not take an answer to what an earlier private stream asked', async () => {
  const bench = await accountBench();
  const { reconciler, runtime } = bench;
  bench.venue.readMs = 2_000;
  reconciler.start(runtime.now(), []);
  reconciler.streamChanged(true);
  await runtime.advance(1_000);
  reconciler.streamChanged(false);
  reconciler.streamChanged(true);
  await runtime.advance(6_500); // Everything the earlier stream asked has been answered.
  expect(reconciler.isReady).toBe(false);
  await runtime.advance(8_000);
  expect(reconciler.isReady).toBe(true);
  reconciler.stop();
});
