import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import type { VenueKnowledge } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import type { VenueCall } from '../../src/modules/execution/connectors/venue.transport';
import { VenueTransport } from '../../src/modules/execution/connectors/venue.transport';
import type { HttpRequest } from '../../src/runtime/runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

const { answers } = BinanceConnector.dialect;
const scope = { address: 'venue', account: 'a', venueNow: () => 0 };

/** A request that waits for its write after the limiter has let it pass; `said` is what the venue answers meanwhile. */
async function leaves(
  priority: VenueCall['priority'],
  said: { readonly status: number; readonly code: string },
): Promise<boolean> {
  const waiting: HttpRequest[] = [];
  const runtime = createVirtualRuntime({
    ...{ seed: 1, startMs: 0 },
    http: (request) => {
      waiting.push(request);
      return new Promise(() => undefined);
    },
  });
  const limiter = new RateLimiter(runtime);
  const knowledge = { sign: () => ({ url: 'http://venue', method: 'POST', headers: {}, body: '' }) };
  const transport = new VenueTransport(
    runtime,
    limiter,
    knowledge as unknown as VenueKnowledge,
    scope,
    answers,
  );
  const call = { priority, weight: 1, sendBy: 500, answerWithinMs: 3_000, canSend: () => true };
  void transport.send(call as VenueCall);
  await runtime.advance(10);
  limiter.feedback({ ...scope, ...said, headers: { 'retry-after': '2' } });
  return waiting[0]!.beforeWrite();
}

/**
 * A create that had passed the limiter and waited for its write left although the venue had asked for silence in
 * between. A request inside that time lengthens the ban.
 */
it.each([
  ['create', { status: 429, code: '-1003' }, false],
  ['query', { status: 429, code: '-1003' }, false],
  ['cancel', { status: 418, code: '-1003' }, false],
  ['create', { status: 429, code: '-1015' }, false],
  ['cancel', { status: 429, code: '-1015' }, true],
  ['create', { status: 200, code: '50061' }, false],
  ['cancel', { status: 200, code: '50061' }, true],
  ['create', { status: 400, code: '-2010' }, true],
] as const)('a %s after %j: leaves %s', async (priority, said, expected) => {
  expect(await leaves(priority, said)).toBe(expected);
});
