import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import type { VenueKnowledge } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import type { SocketEvents } from '../../src/runtime/runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const { dialect } = BinanceConnector;
const address = 'binance:sim';
const knowledge: VenueKnowledge = {
  urls: { publicSocket: 'ws://venue/public', privateSocket: 'ws://venue/private' },
  sign: ({ path, method }) => ({ url: `http://venue/${path}`, method, headers: {}, body: undefined }),
  signParams: () => ({}),
};
const info = { symbols: [], rateLimits: [], serverTime: 0 };

/** A connector whose every login is answered with `status`; when it dialled and what it asked. */
async function scene(status: number, data: object) {
  const dials: number[] = [];
  const runtime = createVirtualRuntime({
    ...{ seed: 1, startMs: 0 },
    http: () => Promise.resolve({ written: true, status: 200, headers: {}, body: JSON.stringify(info) }),
    openSocket: (url, _options, events) => open(url, events),
  });
  function open(url: string, events: SocketEvents) {
    if (url.endsWith('private')) dials.push(runtime.monotonic());
    const send = (text: string): void => {
      const { id } = JSON.parse(text) as { readonly id: string };
      const answer = { id, status, error: { code: -1003, msg: 'Way too much request weight used.', data } };
      runtime.timers.set(1, () => events.onFrame(Buffer.from(JSON.stringify(answer))));
    };
    runtime.timers.set(1, () => events.onOpen());
    return { send, ping: () => events.onPong(), terminate: () => undefined };
  }
  const limiter = new RateLimiter(runtime);
  const breaker = new CircuitBreaker(runtime);
  const feed = new VenueFeed({ dialect, runtime, limiter, address, knowledge: () => knowledge });
  const parts = { runtime, limiter, breaker, feed, knowledge, address, accountId: 'a' };
  const connector = new BinanceConnector(parts);
  void connector.connect();
  await runtime.advance(1_000);
  return { runtime, limiter, connector, dials };
}

/**
 * The login of the private stream of Binance takes of the requests of the address. One that was refused with 429 or 418
 * was tried again within a second, and what else waited to leave did not hear of it: requests into a ban lengthen it.
 */
it('asks nothing before the moment that the refusal of a login names', async () => {
  const { runtime, connector, dials } = await scene(418, { serverTime: 500, retryAfter: 60_000 });
  expect(dials).toHaveLength(1);
  expect(connector.health().createWaitMs).toBeGreaterThan(58_000);
  await runtime.advance(57_000);
  expect(dials).toHaveLength(1);
  await runtime.advance(33_000); // Less than the longest pause between two dials.
  expect(dials.length).toBeGreaterThan(1);
  expect(dials[1]).toBeGreaterThanOrEqual(60_000);
});

it('keeps its own pause where the refusal names no moment', async () => {
  const { runtime, dials } = await scene(429, {});
  await runtime.advance(8_500);
  expect(dials).toHaveLength(1);
});

/** Nor did a ban that a read had brought keep anybody from dialling. */
it('opens no connection inside a ban', () => {
  const limiter = new RateLimiter(createVirtualRuntime({ seed: 1, startMs: 0 }));
  limiter.feedback({ address, status: 418, headers: { 'retry-after': '60' } });
  expect([limiter.connectDelayMs(address), limiter.connectDelayMs('okx:sim')]).toEqual([60_000, 0]);
});
