import type { Instrument } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ccxtProfiles } from '../../src/modules/execution/connectors/ccxt.profiles';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { until as untilIt } from '../support/until';
import { goldenOf, goldenUrls, GoldenVenue } from './golden-venue';

const clientOrderId = 'm00000000000000000001z';
const golden = goldenOf('bybit');
const runtime = createRealRuntime();
jest.setTimeout(40_000);
let venue: GoldenVenue;
let factory: ConnectorFactory;
let connector: ExchangeConnector;
let events: VenueEvent[];
const until = (what: string, holds: () => boolean): Promise<void> => untilIt(runtime, what, holds, 20_000);

beforeEach(async () => {
  venue = new GoldenVenue('bybit', golden);
  const simOrigin = await venue.listen();
  // The parameter forces the library to send again what has failed.
  const createParams = { ...ccxtProfiles.bybit.createParams, maxRetriesOnFailure: 3 };
  const profile = { ...ccxtProfiles.bybit, createParams, simulated: goldenUrls.bybit };
  factory = new ConnectorFactory({
    ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime), simOrigin },
    ...{
      profiles: { bybit: profile },
      credentials: () => Promise.resolve({ apiKey: 'key', secret: 'secret' }),
    },
  });
  connector = await factory.create({ id: 'a1', venue: 'bybit', environment: 'sim' });
  events = [];
  connector.onEvent((event) => events.push(event));
});

afterEach(async () => {
  await factory.closeAll();
  await venue.close();
});
afterAll(() => runtime.close());

const order = (rules: Instrument): NewOrder => ({
  ...{ clientOrderId, rules, side: 'buy', type: 'limit', price: rules.toTicks('60000.1') },
  ...{ quantity: rules.toLots('0.002'), timeInForce: 'postOnly' },
});
const states = (): readonly string[] =>
  events.flatMap((event) => (event.type === 'connection' ? [event.state] : []));
const fills = (): readonly string[] =>
  events.flatMap((event) => (event.type === 'fill' ? [event.fill.tradeId] : []));

it('does not wait for a login that is never answered: a new socket, and then live', async () => {
  venue.mute = '"op":"auth"';
  void connector.connect();
  await until('the first one is given up', () => states().includes('down'));
  expect(states()).not.toContain('live');
  venue.mute = undefined;
  await until('live', () => connector.isConnected());
});

it('logs in anew on a new socket when a login came too late', async () => {
  venue.once.push(['"op":"auth"', { success: false, ret_msg: 'Params Error: expires', op: 'auth' }]);
  await connector.connect();
  await until('live', () => connector.isConnected());
  expect(states()).toEqual(['connecting', 'down', 'connecting', 'live']);
});

it('reads on after a frame that the library cannot read, and says which it was', async () => {
  await connector.connect();
  const [first] = golden.orders as readonly { readonly data: readonly object[] }[];
  venue.push({ ...first, data: [{ ...first!.data[0], qty: 'many', leavesQty: 'none', cumExecQty: 'some' }] });
  for (const frame of golden.trades) venue.push(frame);
  await until('the trade', () => fills().length === 1);
  expect(events.filter(({ type }) => type === 'quarantine')).toHaveLength(1);
  expect(states()).toEqual(['connecting', 'live']);
});

it('sends a create once, also where the library is made to repeat what fails', async () => {
  await connector.connect();
  const rules = connector.feed.rulesOf('BTC/USDT')!;
  venue.refuse({ status: 502, body: { retCode: 10016, retMsg: 'bad gateway' } });
  expect(
    await connector.place(order(rules), { sendBy: runtime.monotonic() + 2_000, canSend: () => true }),
  ).toMatchObject({
    kind: 'unknown',
  });
  expect(venue.requests.filter((line) => line.startsWith('POST /v5/order/create'))).toHaveLength(1);
});

it('refuses up front what is not served, and says what to do', async () => {
  const parts = { runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) };
  const plain = new ConnectorFactory({
    ...{ ...parts, simOrigin: venue.origin },
    credentials: () => Promise.resolve({ apiKey: 'key', secret: 'secret' }),
  });
  const asked = (name: string, environment: 'sim' | 'sandbox' | 'live'): Promise<unknown> =>
    Promise.resolve().then(() => plain.create({ id: name, venue: name as 'kraken', environment }));
  await expect(asked('kraken', 'sim')).rejects.toMatchObject({
    code: 'ENVIRONMENT_NOT_SERVED',
    hint: expect.stringContaining('environment live') as string,
  });
  await expect(asked('kucoin', 'live')).rejects.toMatchObject({
    code: 'CREDENTIALS_INCOMPLETE',
    hint: expect.stringContaining('passphrase') as string,
  });
  await expect(asked('htx', 'live')).rejects.toThrow(/use one of binance, okx, gate, bybit/);
});
