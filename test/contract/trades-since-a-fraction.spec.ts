import type { VenueId } from '../../src/domain/instrument';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

const runtime = createRealRuntime();
afterAll(() => runtime.close());

/**
 * The time of the oldest commit is reckoned from a monotonic clock and has a fraction. Venues refuse one (-1100 at
 * Binance), so that an account without a trade never answered and nothing was ever quoted.
 */
it.each<VenueId>(['binance', 'okx', 'gate'])(
  'asks %s for trades since a whole millisecond',
  async (venueId) => {
    const venue = await startVenueSimulator({ runtime, port: 0, seed: 7, stepsPerSecond: 0 });
    const { apiKey, secret } = demoAccount;
    const factory = new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
      credentials: () => Promise.resolve({ apiKey, secret, passphrase: usualPassphrase }),
      simOrigin: venue.origin,
    });
    const connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    await connector.connect();
    const since = Math.floor(runtime.now()) - 60_000 + 0.803;
    const { rows } = await connector.fillsSince({ instrument: 'BTC/USDT', since });
    expect(rows).toEqual([]);
    await factory.closeAll();
    await venue.stop();
  },
  20_000,
);
