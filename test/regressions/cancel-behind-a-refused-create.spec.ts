import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import type { VenueKnowledge } from '../../src/modules/execution/connectors/ccxt.knowledge';
import type { VenueDialect } from '../../src/modules/execution/connectors/dialect';
import { GateConnector } from '../../src/modules/execution/connectors/gate.connector';
import { OkxConnector } from '../../src/modules/execution/connectors/okx.connector';
import { VenueTransport } from '../../src/modules/execution/connectors/venue.transport';
import type { VenueCall } from '../../src/modules/execution/connectors/venue.transport';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const startMs = 1_764_000_000_000;

/** What leaves within 400 ms after a create was refused for its rate, at a venue whose clock is half a minute ahead. */
async function leavesAfterRefusal({ answers, market }: VenueDialect): Promise<readonly string[]> {
  const left: string[] = [];
  const aheadMs = 30_000;
  const runtime = createVirtualRuntime({
    ...{ seed: 1, startMs },
    http: ({ method, beforeWrite }) => {
      if (beforeWrite()) left.push(method);
      const resetAt = Math.ceil((startMs + aheadMs + runtime.monotonic()) / 1_000 + 1);
      const headers = { 'x-gate-ratelimit-reset-timestamp': String(resetAt) };
      return Promise.resolve({ written: true, status: method === 'POST' ? 429 : 200, headers, body: '{}' });
    },
  });
  const limiter = new RateLimiter(runtime);
  limiter.configure('venue', market.limitsOf({}));
  const knowledge = {
    sign: ({ method }: VenueCall) => ({ url: 'http://venue', method, headers: {}, body: '' }),
  } as unknown as VenueKnowledge;
  const scope = { address: 'venue', account: 'a', venueNow: () => runtime.now() + aheadMs };
  const transport = new VenueTransport(runtime, limiter, knowledge, scope, answers);
  const send = (method: string, priority: VenueCall['priority']): void => {
    const call = { method, priority, weight: 1, sendBy: runtime.monotonic() + 400, answerWithinMs: 3_000 };
    void transport.send({ ...call, canSend: () => true } as unknown as VenueCall);
  };
  send('POST', 'create');
  await runtime.advance(10);
  send('DELETE', 'cancel');
  send('POST', 'create');
  await runtime.advance(400);
  return left;
}

/**
 * Found by the simulation at Gate: a refusal of creates for their rate was read as silence for the whole address, so that
 * cancels waited behind our own burst. Gate and OKX count each endpoint by itself; Binance counts the address.
 */
it('holds the cancels of a venue only where the venue counts them together', async () => {
  expect(await leavesAfterRefusal(GateConnector.dialect)).toEqual(['POST', 'DELETE']);
  expect(await leavesAfterRefusal(OkxConnector.dialect)).toEqual(['POST', 'DELETE']);
  expect(await leavesAfterRefusal(BinanceConnector.dialect)).toEqual(['POST']);
});

it('lets no more creates of one instrument leave than Gate takes in a second', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs });
  const limiter = new RateLimiter(runtime);
  limiter.configure('venue', GateConnector.dialect.market.limitsOf({}));
  const granted: string[] = [];
  const ask = (instrument: string): void => {
    const scope = { address: 'venue', account: 'a', endpoint: 'POST orders' } as const;
    const request = { ...scope, priority: 'create', weight: 1, instrument } as const;
    void limiter
      .take({ ...request, sendBy: runtime.monotonic() + 500 })
      .then((refused) => void (refused === undefined && granted.push(instrument)));
  };
  for (let i = 0; i < 16; i += 1) ask('ETH_USDT');
  for (let i = 0; i < 3; i += 1) ask('BTC_USDT');
  await runtime.advance(900);
  expect(granted.filter((one) => one === 'ETH_USDT')).toHaveLength(9);
  expect(granted.filter((one) => one === 'BTC_USDT')).toHaveLength(3);
});
