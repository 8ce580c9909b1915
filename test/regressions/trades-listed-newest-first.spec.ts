import type { VenueId } from '../../src/domain/instrument';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

const runtime = createRealRuntime();
const instrument = 'BTC/USDT';
const trades = 4;

/**
 * OKX and Gate list the newest trade first, and the cursor of an account moves to the last row of a page: it moved past
 * one trade a read, so whoever traded more often than was read asked for an ever longer list.
 */
it.each<VenueId>(['binance', 'okx', 'gate'])(
  'the newest trade of %s is the last row of a read',
  async (venueId) => {
    const venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 0 });
    const { apiKey, secret } = demoAccount;
    const factory = new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
      credentials: () => Promise.resolve({ apiKey, secret, passphrase: usualPassphrase }),
      simOrigin: venue.origin,
    });
    try {
      const connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
      await connector.connect();
      const rules = connector.feed.rulesOf(instrument)!;
      const price = venue.core.depth('BTCUSDT', 1).bids[0]![0] + 1;
      const quantity = 1_000;
      const clientOrderId = `m${'0'.repeat(20)}z`;
      const order = { clientOrderId, rules, side: 'buy', type: 'limit', price, quantity } as const;
      const call = { sendBy: runtime.monotonic() + 2_000, canSend: () => true };
      const placed = await connector.place({ ...order, timeInForce: 'postOnly' }, call);
      expect(placed.kind).toBe('accepted');
      for (let trade = 0; trade < trades; trade += 1) venue.take('BTCUSDT', 'sell', 100, price);
      const read = await connector.fillsSince({ instrument, since: runtime.now() - 60_000 });
      const ids = read.rows.map((row) => BigInt(row.tradeId));
      expect(ids).toHaveLength(trades);
      expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    } finally {
      await factory.closeAll();
      await venue.stop();
    }
  },
  30_000,
);

afterAll(() => runtime.close());
