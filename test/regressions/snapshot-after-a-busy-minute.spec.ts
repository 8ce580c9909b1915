import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const address = 'binance:sim';

/**
 * Simulation big-74 at Binance: an engine that had just started was told that 3,489 of the minute's 6,000 were used, by the
 * one before it. Its first snapshot waited for the whole minute, beside 2,500 that were free, and nothing was quoted.
 */
it('lets a first snapshot leave beside what an earlier engine has used of the minute', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const limiter = new RateLimiter(runtime);
  const rule = { per: 'address', limit: 6_000, windowMs: 60_000, usedIn: 'x-mbx-used-weight-1m' } as const;
  limiter.configure(address, { requests: { '*': { ...rule, isShared: true, name: 'weight' } }, orders: [] });
  limiter.feedback({ address, status: 200, headers: { 'x-mbx-used-weight-1m': '3489' } });
  const take = () =>
    limiter.take({
      address,
      account: 'a',
      priority: 'snapshot',
      weight: 50,
      sendBy: runtime.monotonic() + 5_000,
    });
  const answers: unknown[] = [];
  void take().then((refused) => answers.push(refused ?? 'granted'));
  await runtime.advance(100);
  expect(answers).toEqual(['granted']);
});
