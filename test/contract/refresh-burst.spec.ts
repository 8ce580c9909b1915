import type { Instrument } from '../../src/domain/instrument';
import type { Sent } from '../../src/domain/sent';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { WireTap } from '../support/wire-tap';

/** Orders in ten seconds: nine tenths are used, which are the twenty that rest and ten of the twenty to come. */
const ordersPer10s = 34;
const quotes = 20;
const shortMs = 1_000;
const longMs = 20_000;
const runtime = createRealRuntime();
jest.setTimeout(60_000);

let venue: VenueSimulator;
let tap: WireTap;
let factory: ConnectorFactory;
let connector: ExchangeConnector;
let rules: Instrument;
let made = 0;

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, seed: 7, stepsPerSecond: 0, ordersPer10s });
  tap = new WireTap(runtime, venue.port);
  factory = new ConnectorFactory({
    ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
    credentials: () => Promise.resolve({ apiKey: demoAccount.apiKey, secret: demoAccount.secret }),
    simOrigin: await tap.listen(),
  });
  connector = await factory.create({ id: 'a1', venue: 'binance', environment: 'sim' });
  await connector.connect();
  rules = connector.feed.rulesOf('BTC/USDT')!;
}, 60_000);

afterAll(async () => {
  await factory?.closeAll();
  await tap?.close();
  await venue?.stop();
  await runtime.close();
});

const newOrder = (level: number): NewOrder => ({
  clientOrderId: `m${(made += 1).toString().padStart(20, '0')}z`,
  ...{ rules, side: 'buy', type: 'limit', quantity: 100, timeInForce: 'postOnly' },
  price: 6_000_000 - level * 100,
});
const ladder = (): readonly NewOrder[] => Array.from({ length: quotes }, (_, level) => newOrder(level));
const place = (order: NewOrder, sendBy: number): Promise<Sent> =>
  connector.place(order, { sendBy, canSend: () => true });

/** Where in the order of arrival a request of the order came; -1 when none did. */
const arrivalOf = (method: 'POST' | 'DELETE', { clientOrderId }: NewOrder): number =>
  tap.requests.findIndex(
    ({ route, text }) => (route === '' || route.startsWith(method)) && text.includes(clientOrderId),
  );

it('lets every cancel of a refresh pass the creates that its limits hold, and sends none of those late', async () => {
  const resting = ladder();
  for (const sent of await Promise.all(resting.map((order) => place(order, runtime.monotonic() + longMs))))
    expect(sent.kind).toBe('accepted');
  tap.requests.length = 0;

  // Worst order of asking: all creates first. Every other one would rather not be sent than wait.
  const start = runtime.monotonic();
  const fresh = ladder();
  const sendBy = fresh.map((_, index) => start + (index % 2 === 0 ? shortMs : longMs));
  const placing = fresh.map((order, index) => place(order, sendBy[index]!));
  const cancelling = resting.map(({ clientOrderId }) =>
    connector.cancel({ instrument: 'BTC/USDT', clientOrderId }),
  );
  for (const cancelled of await Promise.all(cancelling)) expect(cancelled.kind).toBe('accepted');
  const sent = await Promise.all(placing);

  const refused = fresh.filter((_, index) => sent[index]!.kind !== 'accepted');
  const waited = fresh.filter((_, index) => index >= quotes / 2);
  expect(sent.slice(0, quotes / 2).map(({ kind }) => kind)).toEqual(Array(quotes / 2).fill('accepted'));
  expect(sent.slice(quotes / 2)).toEqual(
    waited.map((_, index) =>
      index % 2 === 0
        ? expect.objectContaining({ kind: 'rejected', code: 'NOT_SENT' })
        : expect.objectContaining({ kind: 'accepted' }),
    ),
  );

  const cancels = resting.map((order) => arrivalOf('DELETE', order));
  const lateCreates = waited.map((order) => arrivalOf('POST', order)).filter((at) => at >= 0);
  expect(Math.min(...cancels)).toBeGreaterThanOrEqual(0);
  expect(lateCreates).toHaveLength(quotes / 4);
  expect(Math.max(...cancels)).toBeLessThan(Math.min(...lateCreates));

  expect(refused.map((order) => arrivalOf('POST', order))).toEqual(refused.map(() => -1));
  fresh.forEach((order, index) => {
    const at = tap.requests[arrivalOf('POST', order)]?.at ?? -Infinity;
    expect(at).toBeLessThanOrEqual(sendBy[index]!);
  });

  const tooMany = tap.answers.filter(
    ({ status, text }) => status === 429 || status === 418 || /"code":-10(03|15)\b/.test(text),
  );
  expect(tooMany).toEqual([]);
  expect(venue.core.openOrders(demoAccount.apiKey)).toHaveLength(fresh.length - refused.length);
});
