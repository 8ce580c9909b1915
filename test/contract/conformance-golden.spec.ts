import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from 'ccxt';
import type { DialectVenueId, Instrument } from '../../src/domain/instrument';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { knowledgeOf } from '../../src/modules/execution/connectors/ccxt.knowledge';
import type { SignedRequest } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { ListedSymbol } from '../../src/modules/execution/connectors/dialect';
import { GateConnector } from '../../src/modules/execution/connectors/gate.connector';
import { OkxConnector } from '../../src/modules/execution/connectors/okx.connector';
import type { ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { clientOf } from '../support/ccxt-account';
import { WireTap } from '../support/wire-tap';
import { account, dialects, id, keys } from './conformance-scene';

/** 2026-01-02T03:04:05.678Z: the only moment that the venue and every signature know. */
const fixedMs = 1_767_323_045_678;
const own = 'm00000000000000000001z';
const other = 'm00000000000000000002z';
const never = 'm00000000000000000003z';
const aheadPrice = 5_000_000;
type Golden = Readonly<Record<string, readonly string[]>>;

jest.setTimeout(30_000);

/** What leaves, to the last byte: address, headers and body of each request, under a clock that stands still. */
describe.each(dialects)('%s', (venueId) => {
  const real = createRealRuntime();
  const still = Object.create(real, { now: { value: () => fixedMs } }) as Runtime;
  const golden = JSON.parse(
    readFileSync(join(__dirname, 'golden', venueId, 'requests.json'), 'utf8'),
  ) as Golden;
  let venue: VenueSimulator;
  let tap: WireTap;
  let factory: ConnectorFactory;
  let connector: ExchangeConnector;
  let rules: Instrument;
  let host = '';

  beforeAll(async () => {
    venue = await startVenueSimulator({ runtime: still, port: 0, seed: 7, stepsPerSecond: 0 });
    tap = new WireTap(real, venue.port);
    const simOrigin = await tap.listen();
    host = new URL(simOrigin).host;
    factory = new ConnectorFactory({
      ...{ runtime: real, limiter: new RateLimiter(real), breaker: new CircuitBreaker(real), simOrigin },
      credentials: () => Promise.resolve(keys),
      knowledge: (options) => knowledgeOf({ ...options, venueNow: () => fixedMs }),
    });
    connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    await connector.feed.loadInstruments();
    rules = connector.feed.rulesOf(id)!;
  }, 60_000);

  afterAll(async () => {
    await factory?.closeAll();
    await tap?.close();
    await venue?.stop();
    await real.close();
  });

  beforeEach(() => {
    for (const { symbol, clientOrderId } of venue.core.openOrders(account))
      venue.core.cancel({ account, symbol, clientOrderId });
    tap.requests.length = 0;
  });

  const call = () => ({ sendBy: real.monotonic() + 5_000, canSend: () => true });
  const order = (change: Partial<NewOrder> = {}): NewOrder => ({
    ...{ clientOrderId: own, rules, side: 'buy', type: 'limit', price: aheadPrice },
    ...{ quantity: 1_000, timeInForce: 'postOnly' },
    ...change,
  });
  const ref = { instrument: id, clientOrderId: own };

  /** The lines of the one request that left. A body may come behind its head. */
  async function leaves(act: () => Promise<unknown>): Promise<readonly string[]> {
    await act();
    const text = tap.requests.map((part) => part.text).join('');
    return text.replaceAll(host, '{host}').split('\r\n');
  }

  it('case 22: a post-only limit is taken, and leaves in the bytes of the golden file', async () => {
    const sent: unknown[] = [];
    const lines = await leaves(async () => sent.push(await connector.place(order(), call())));
    expect(sent).toMatchObject([{ kind: 'accepted' }]);
    expect(lines).toEqual(golden['post-only']);
    expect(venue.core.openOrders(account)).toMatchObject([
      { side: 'buy', price: aheadPrice, quantity: 1_000, timeInForce: 'POST_ONLY' },
    ]);
  });

  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    gtc: () => connector.place(order({ timeInForce: 'gtc', side: 'sell', price: 12_345_678 }), call()),
    ioc: () => connector.place(order({ timeInForce: 'ioc' }), call()),
    fok: () => connector.place(order({ timeInForce: 'fok' }), call()),
    'market buy': () =>
      connector.place(order({ type: 'market', price: 12_345_678, timeInForce: 'ioc' }), call()),
    'market sell': () => connector.place(order({ type: 'market', side: 'sell', price: 0 }), call()),
    cancel: () => connector.cancel(ref),
    'cancel by the id of the venue': () =>
      connector.cancel({ ...ref, clientOrderId: never, venueOrderId: '4711', isTextUnknown: true }),
    query: () => connector.queryOrder(ref),
    'query by the id of the venue': () => connector.queryByVenueId(id, '4711'),
    amend: () => connector.amend(ref, { quantity: '0.00500' }, call()),
    'open orders': () => connector.openOrders(id).catch(() => undefined),
    'all open orders': () => connector.openOrders().catch(() => undefined),
    'trades of an order': () =>
      connector.fillsSince({ instrument: id, venueOrderId: '4711' }).catch(() => undefined),
    balances: () => connector.getBalances().catch(() => undefined),
    'the switch': () => connector.armDeadManSwitch(30, [id]),
    time: () => connector.feed.serverTime().catch(() => undefined),
    book: () => connector.feed.getOrderBook(id, 50).catch(() => undefined),
  };

  it.each(Object.keys(acts))('case 22: %s leaves in the bytes of the golden file', async (name) => {
    expect(await leaves(acts[name]!)).toEqual(golden[name]);
  });

  if (venueId !== 'binance')
    it('case 22: several orders, and several cancels, each leave in one request of the golden file', async () => {
      const two = [order(), order({ clientOrderId: other, side: 'sell', price: 12_345_678 })];
      expect(await leaves(() => connector.placeMany(two, call()))).toEqual(golden['two orders']);
      tap.requests.length = 0;
      const refs = two.map(({ clientOrderId }, i) => ({
        instrument: id,
        clientOrderId,
        venueOrderId: `471${i}`,
      }));
      expect(await leaves(() => connector.cancelMany(refs))).toEqual(golden['two cancels']);
    });

  it('case 22: the live venue is told the same, at its own address', () => {
    const lines = golden['post-only']!;
    const [method = '', path = ''] = lines[0]!.split(' ');
    const { url, headers, body, ...rest } = liveRequestOf(venueId, order());
    expect([rest.method, new URL(url).origin]).toEqual([method, origins[venueId]]);
    expect(`/${venueId}${url.slice(origins[venueId].length)}`).toBe(path);
    expect(body ?? '').toBe(lines.at(-1));
    for (const [name, value] of Object.entries(headers)) expect(lines).toContain(`${name}: ${value}`);
    expect(headers).not.toHaveProperty('x-simulated-trading');
  });

  it('case 22: ccxt by itself asks the same of the venue', async () => {
    const client = clientOf(venueId, venue.origin, keys);
    Object.assign(client, { nonce: () => fixedMs, milliseconds: () => fixedMs });
    await client.loadMarkets();
    const ccxt = await requestOf(client, async () => {
      await client.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 50_000, ccxtWords[venueId]);
    });
    const lines = golden['post-only']!;
    const [, path = ''] = lines[0]!.split(' ');
    expect(meaningOf(path, lines.at(-1)!)).toEqual(meaningOf(ccxt.url, ccxt.body));
  });
});

const classes = { binance: BinanceConnector, okx: OkxConnector, gate: GateConnector } as const;
const origins: Readonly<Record<DialectVenueId, string>> = {
  binance: 'https://api.binance.com',
  okx: 'https://www.okx.com',
  gate: 'https://api.gateio.ws',
};

/** The request of an order as it is signed for the live venue. Nothing is sent. */
function liveRequestOf(venueId: DialectVenueId, order: NewOrder): SignedRequest {
  const venueNow = (): number => fixedMs;
  const knowledge = knowledgeOf({ venue: venueId, environment: 'live', credentials: keys, venueNow });
  const listed = { stpModes: ['EXPIRE_TAKER'] } as unknown as ListedSymbol;
  return knowledge.sign(classes[venueId].dialect.trading.create(order, listed));
}

/** What ccxt's unified method is told beyond the terms of the order. */
const ccxtWords: Readonly<Record<DialectVenueId, Readonly<Record<string, unknown>>>> = {
  binance: {
    ...{ postOnly: true, clientOrderId: own, newOrderRespType: 'FULL', recvWindow: 3_000 },
    selfTradePreventionMode: 'EXPIRE_TAKER',
  },
  okx: { postOnly: true, clientOrderId: own, stpMode: 'cancel_taker' },
  gate: { postOnly: true, text: `t-${own}` },
};

/** What ccxt adds of its own: the mark of a broker, and the currency of a market order at a limit order too. */
const ccxtOnly = ['tag', 'tgtCcy', 'signature'];

/** The request that a unified method of ccxt makes; it is answered with nothing. */
async function requestOf(
  client: Exchange,
  act: () => Promise<unknown>,
): Promise<{ readonly url: string; readonly body: string }> {
  const seen: { readonly url: string; readonly body: string }[] = [];
  client.fetch = (url: string, _method?: string, _headers?: unknown, body?: unknown) => {
    seen.push({ url: url.replace(/^http:\/\/[^/]+/, ''), body: typeof body === 'string' ? body : '' });
    return Promise.reject(new Error('it is not sent'));
  };
  await act().catch(() => undefined);
  return seen[0]!;
}

/** The parameters of a request, wherever they stand and in whatever order. */
function meaningOf(url: string, body: string): Readonly<Record<string, unknown>> {
  const query = url.split('?')[1] ?? '';
  const params = /^[[{]/.test(body)
    ? ([JSON.parse(body)].flat()[0] as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(body || query));
  return Object.fromEntries(Object.entries(params).filter(([name]) => !ccxtOnly.includes(name)));
}
