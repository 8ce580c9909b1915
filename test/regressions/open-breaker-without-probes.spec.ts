import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import type { VenueKnowledge } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const accountId = 'account';
const { dialect } = BinanceConnector;
const knowledge: VenueKnowledge = {
  urls: { publicSocket: 'ws://venue', privateSocket: 'ws://venue' },
  sign: ({ path, method }) => ({ url: `http://venue/${path}`, method, headers: {}, body: undefined }),
  signParams: () => ({}),
};

/**
 * Found by the simulation: three creates of unknown outcome opened the breaker, no order was left in doubt, and only
 * questions about single orders counted as probes. So nothing ever proved the venue well, and creates stayed stopped.
 */
it('lets the periodic reads prove that the venue answers again', async () => {
  const runtime = createVirtualRuntime({
    ...{ seed: 1, startMs: 0 },
    http: () => Promise.resolve({ written: true, status: 200, headers: {}, body: '[]' }),
  });
  const [limiter, breaker] = [new RateLimiter(runtime), new CircuitBreaker(runtime)];
  const feed = new VenueFeed({
    dialect,
    runtime,
    limiter,
    address: 'binance:sim',
    knowledge: () => knowledge,
  });
  const parts = { runtime, limiter, breaker, feed, knowledge, accountId };
  const connector = new BinanceConnector({ ...parts, address: 'binance:sim' });
  for (let i = 0; i < 3; i += 1) breaker.record(accountId, 'create', 'failure');
  expect(breaker.canCreate(accountId)).toBe(false);
  await runtime.advance(7_000);
  for (let i = 0; i < 2; i += 1) {
    await connector.openOrders();
    await runtime.advance(2_000);
  }
  expect(breaker.canCreate(accountId)).toBe(true);
});
