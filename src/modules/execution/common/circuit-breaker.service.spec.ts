import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import { CircuitBreaker } from './circuit-breaker.service';

it('stops creates of one account, and two successful queries let them resume', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const breaker = new CircuitBreaker(runtime);
  for (let i = 0; i < 3; i += 1) breaker.record('a', 'create', 'failure');
  expect([breaker.canCreate('a'), breaker.canCreate('b')]).toEqual([false, true]);
  await runtime.advance(6_000);
  breaker.record('a', 'query', 'success');
  expect(breaker.canCreate('a')).toBe(false);
  await runtime.advance(1_000);
  breaker.record('a', 'query', 'success');
  expect(breaker.canCreate('a')).toBe(true);
});

it('stops creates after more than 20 refusals in a minute', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const breaker = new CircuitBreaker(runtime);
  for (let i = 0; i < 20; i += 1) breaker.rejected('a');
  expect(breaker.canCreate('a')).toBe(true);
  breaker.rejected('a');
  expect(breaker.canCreate('a')).toBe(false);
  await runtime.advance(60_000);
  expect(breaker.canCreate('a')).toBe(true);
});
