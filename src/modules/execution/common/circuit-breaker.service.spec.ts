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

describe('refusals of orders', () => {
  const bench = () => {
    const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
    const breaker = new CircuitBreaker(runtime);
    /** How many of so many refusals were one too many. */
    const refuse = (count: number, instrument = 'BTC/USDT', account = 'a'): number =>
      Array.from({ length: count }, () => breaker.rejected(account, instrument)).filter(Boolean).length;
    return { runtime, breaker, refuse };
  };

  it('are too many from the 21st of a minute on, which is said once', () => {
    const { refuse, breaker } = bench();
    expect([refuse(20), refuse(1), refuse(20), refuse(1)]).toEqual([0, 1, 0, 1]);
    expect(breaker.canCreate('a')).toBe(true);
  });

  it('are counted by account and instrument', () => {
    const { refuse } = bench();
    expect([refuse(20), refuse(20, 'ETH/USDT'), refuse(20, 'BTC/USDT', 'b')]).toEqual([0, 0, 0]);
  });

  it('are forgotten after a minute', async () => {
    const { refuse, runtime } = bench();
    refuse(20);
    await runtime.advance(60_001);
    expect(refuse(20)).toBe(0);
  });
});
