import { accountBench } from '../support/account-bench';

/**
 * OKX, and every venue reached through ccxt, takes an order without saying how it stands. Only answers that said so
 * were expected to be echoed, so a private stream that said nothing was never found out there.
 */
it('finds a private stream silent that never echoes orders which were taken without a word of their state', async () => {
  const bench = await accountBench();
  const { reconciler, runtime } = bench;
  reconciler.start(runtime.now(), []);
  reconciler.streamChanged(true);
  await runtime.advance(1_000);
  reconciler.acknowledged('m00000000000000000001z');
  await runtime.advance(4_900);
  expect(bench.count('USER_STREAM_SILENT')).toBe(0);
  await runtime.advance(1_100);
  expect([bench.count('USER_STREAM_SILENT'), reconciler.isStreamSilent]).toEqual([1, true]);
  reconciler.stop();
});

it('expects no echo of a stream that is down', async () => {
  const bench = await accountBench();
  const { reconciler, runtime, venue } = bench;
  reconciler.start(runtime.now(), []);
  reconciler.streamChanged(true);
  await runtime.advance(1_000);
  venue.isLive = false;
  reconciler.acknowledged('m00000000000000000001z');
  venue.isLive = true;
  await runtime.advance(8_000);
  expect(bench.count('USER_STREAM_SILENT')).toBe(0);
  reconciler.stop();
});
