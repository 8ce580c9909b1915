import { DomainError } from '../../src/domain/errors';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/** Books are known by venue: two environments of one venue in one engine would price live orders on simulated books. */
describe('one environment per venue', () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_700_000_000_000 });
  const factory = new ConnectorFactory({
    runtime,
    limiter: new RateLimiter(runtime),
    breaker: new CircuitBreaker(runtime),
    credentials: () => Promise.resolve({ apiKey: 'key', secret: 'secret' }),
    simOrigin: 'http://127.0.0.1:1',
  });

  it('refuses the second, and goes on serving the first', async () => {
    const feed = factory.feed('binance', 'sim');
    expect(() => factory.feed('binance', 'live')).toThrow(DomainError);
    await expect(
      factory.create({ id: 'account', venue: 'binance', environment: 'live' }),
    ).rejects.toMatchObject({ code: 'ENVIRONMENT_MIXED' });
    expect(factory.feed('binance', 'sim')).toBe(feed);
  });
});
