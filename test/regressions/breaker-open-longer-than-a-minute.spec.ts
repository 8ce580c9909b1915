import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { openOrdersEveryMs } from '../../src/modules/execution/common/constants';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const resumeWithinMs = 60_000;

/**
 * An outage of minutes doubled the opening to a minute and a jitter of a fifth, and two of the periodic reads had to
 * prove the venue well after that: creates resumed 80 s after the venue had recovered.
 */
it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'lets creates resume within a minute of the last error (seed %i)',
  async (seed) => {
    const runtime = createVirtualRuntime({ seed, startMs: 0 });
    const breaker = new CircuitBreaker(runtime);
    // The last error is the one that opens it once more.
    while (runtime.monotonic() < 600_000 || breaker.phase('account', 'query') !== 'halfOpen') {
      breaker.record('account', 'query', 'failure');
      await runtime.advance(openOrdersEveryMs);
    }
    breaker.record('account', 'query', 'failure');
    const healedAt = runtime.monotonic();
    while (!breaker.canCreate('account')) {
      await runtime.advance(openOrdersEveryMs);
      breaker.record('account', 'query', 'success');
    }
    expect(runtime.monotonic() - healedAt).toBeLessThanOrEqual(resumeWithinMs);
  },
);
