import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import type { Priority } from '../../src/modules/execution/common/rate-limits';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const address = 'gate:live';

/**
 * OKX and Gate count what is signed by user, and what is not by address. A refusal of one account, or of a question
 * without one, held what every other account wanted to ask, and its cancels: for up to a minute at Gate.
 */
it.each<[Priority, string | undefined]>([
  ['cancel', 'a'],
  ['query', 'a'],
  ['query', undefined],
])('a refused %s of %s holds nothing of another account', async (only, account) => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const limiter = new RateLimiter(runtime);
  limiter.feedback({ address, account, status: 429, headers: { 'retry-after': '10' }, only });
  const take = (of: string | undefined) => {
    const wanted = { address, account: of, priority: only, weight: 1, sendBy: 3_000 };
    return Promise.race([limiter.take(wanted), runtime.sleep(2_000).then(() => 'held')]);
  };
  const answers = [take('b'), take(account)];
  await runtime.advance(3_000);
  expect(await Promise.all(answers)).toEqual([undefined, 'held']);
  expect(limiter.mayLeave({ address, account: 'b', priority: only })).toBe(true);
});
