import type { Instrument } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { CallOptions, ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { exchangeInfo, secret, SmallBinance } from './small-binance';
import type { SeenRequest } from './small-binance';
import { until as untilIt } from '../support/until';

const id = 'm00000000000000000000z';
let runtime: Runtime;
let venue: SmallBinance;
let factory: ConnectorFactory;
let connector: ExchangeConnector;
let rules: Instrument;

beforeEach(async () => {
  runtime = createRealRuntime();
  venue = new SmallBinance();
  const simOrigin = await venue.listen();
  factory = new ConnectorFactory({
    runtime,
    limiter: new RateLimiter(runtime),
    breaker: new CircuitBreaker(runtime),
    credentials: () => Promise.resolve({ apiKey: 'key', secret }),
    simOrigin,
  });
  connector = await factory.create({ id: 'a1', venue: 'binance', environment: 'sim' });
  await connector.connect();
  rules = (await connector.feed.loadInstruments())[0]!;
});

afterEach(async () => {
  await factory.closeAll();
  await runtime.close();
  await venue.close();
});

const call = (canSend = (): boolean => true): CallOptions => ({ sendBy: runtime.monotonic() + 500, canSend });
const order = (change: Partial<NewOrder> = {}): NewOrder => ({
  clientOrderId: id,
  rules,
  side: 'buy',
  type: 'limit',
  price: 6_000_000,
  quantity: 1_000,
  timeInForce: 'postOnly',
  ...change,
});
const orderRow = (request: SeenRequest): Record<string, unknown> => ({
  symbol: 'BTCUSDT',
  orderId: 9_007_199,
  clientOrderId: request.params.get('newClientOrderId'),
  side: 'BUY',
  price: '60000.00',
  origQty: '0.01',
  executedQty: '0',
  status: 'NEW',
  transactTime: 1_700_000_000_000,
  fills: [],
});

it('reads instrument rules and goes live on both streams', () => {
  expect(rules.rules).toMatchObject({
    id: 'BTC/USDT',
    tickSize: '0.01',
    lotSize: '0.00001',
    minNotional: '5',
  });
  expect(connector.isConnected()).toBe(true);
});

it('signs a create that carries our id, expiry, post-only and self-trade prevention', async () => {
  venue.answer('POST order', (request) => ({ body: orderRow(request) }));
  const sent = await connector.place(order(), call());
  expect(sent).toMatchObject({ kind: 'accepted', venueOrderId: '9007199', report: { status: 'open' } });
  const [request] = venue.requests('POST order');
  expect(request?.isSigned).toBe(true);
  expect(Object.fromEntries(request!.params)).toMatchObject({
    newClientOrderId: id,
    type: 'LIMIT_MAKER',
    price: '60000',
    quantity: '0.01',
    recvWindow: '3000',
    newOrderRespType: 'FULL',
    selfTradePreventionMode: 'EXPIRE_TAKER',
  });
});

it('keeps an id of 19 digits exact', async () => {
  venue.answer('POST order', (request) => ({
    body: JSON.stringify(orderRow(request)).replace('9007199', '9223372036854775807'),
  }));
  expect(await connector.place(order(), call())).toMatchObject({ venueOrderId: '9223372036854775807' });
});

it.each([
  [
    'a post-only refusal',
    { status: 400, body: { code: -2010, msg: 'Order would immediately match and take.' } },
    { kind: 'rejected', code: 'POST_ONLY' },
  ],
  [
    'a full outage',
    { status: 503, body: { code: -1008, msg: 'busy' } },
    { kind: 'unknown', reason: 'server_error' },
  ],
  ['a firewall page', { status: 403, body: '<html>' }, { kind: 'unknown', reason: 'unparsable' }],
  ['a cut connection', { cut: true }, { kind: 'unknown', reason: 'transport' }],
  [
    'a duplicate id',
    { status: 400, body: { code: -2010, msg: 'Duplicate order sent.' } },
    { kind: 'unknown', reason: 'duplicate_id' },
  ],
  [
    'a 200 with a foreign id',
    { body: { orderId: 1, clientOrderId: 'x' } },
    { kind: 'unknown', reason: 'malformed' },
  ],
])('judges %s and sends exactly one request', async (_name, answer, expected) => {
  venue.answer('POST order', () => answer);
  expect(await connector.place(order(), call())).toMatchObject(expected);
  expect(venue.requests('POST order')).toHaveLength(1);
});

it('answers unknown at the deadline when the venue stays silent', async () => {
  venue.answer('POST order', () => ({ body: undefined }));
  const hung = new Promise<never>(() => undefined);
  const original = runtime.http.bind(runtime);
  runtime.http = (request) => (request.pool === 'create' ? hung : original(request));
  expect(await connector.place(order(), call())).toEqual({ kind: 'unknown', reason: 'deadline' });
}, 10_000);

it('leaves no byte when the write check refuses', async () => {
  const sent = await connector.place(
    order(),
    call(() => false),
  );
  expect(sent).toMatchObject({ kind: 'rejected', code: 'NOT_SENT' });
  expect(venue.requests('POST order')).toHaveLength(0);
});

it('reports a cancel under our id, not under that of the cancel', async () => {
  venue.answer('DELETE order', (request) => ({
    body: {
      ...orderRow(request),
      clientOrderId: 'generated',
      origClientOrderId: id,
      status: 'CANCELED',
      executedQty: '0.004',
    },
  }));
  expect(await connector.cancel({ instrument: 'BTC/USDT', clientOrderId: id })).toMatchObject({
    kind: 'accepted',
    final: true,
    report: { clientOrderId: id, status: 'canceled', cumFilled: '0.004' },
  });
});

it('makes an order smaller in place, under the same id', async () => {
  const amended = (request: SeenRequest) => ({
    ...orderRow(request),
    ...{ clientOrderId: id, origClientOrderId: id, origQty: '0.006' },
  });
  venue.answer('PUT order/amend/keepPriority', (request) => ({
    body: { transactTime: 1, executionId: 7, amendedOrder: amended(request) },
  }));
  const ref = { instrument: 'BTC/USDT', clientOrderId: id };
  expect(await connector.amend(ref, { quantity: '0.006' }, call())).toMatchObject({
    kind: 'accepted',
    report: { clientOrderId: id, quantity: '0.006', status: 'open' },
  });
  const [request] = venue.requests('PUT order/amend/keepPriority');
  expect(request?.isSigned).toBe(true);
  expect(Object.fromEntries(request!.params)).toMatchObject({ origClientOrderId: id, newClientOrderId: id });
  venue.answer('PUT order/amend/keepPriority', () => ({ status: 400, body: { code: -2038, msg: '' } }));
  expect(await connector.amend(ref, { quantity: '0.006' }, call())).toMatchObject({
    ...{ kind: 'rejected', code: 'AMEND_REFUSED' },
  });
});

it('cancels and asks by the venue id when the venue does not know ours any more', async () => {
  const row = {
    ...{
      symbol: 'BTCUSDT',
      orderId: 9,
      clientOrderId: 'of-the-cancel',
      side: 'BUY',
      price: '1',
      origQty: '1',
    },
    ...{ executedQty: '0', status: 'CANCELED', updateTime: 1 },
  };
  const unknown = (code: number) => ({ status: 400, body: { code, msg: '' } });
  venue.answer('DELETE order', ({ params }) => (params.has('orderId') ? { body: row } : unknown(-2011)));
  venue.answer('GET order', ({ params }) => (params.has('orderId') ? { body: row } : unknown(-2013)));
  const ref = { instrument: 'BTC/USDT', clientOrderId: id };
  const report = { clientOrderId: id, venueOrderId: '9', status: 'canceled' };
  expect(await connector.cancel(ref)).toMatchObject({ kind: 'rejected', code: 'not_found' });
  const known = { ...ref, venueOrderId: '9' };
  expect(await connector.cancel(known)).toMatchObject({ kind: 'rejected', code: 'not_found' });
  const aged = { ...known, isTextUnknown: true };
  expect(await connector.cancel(aged)).toMatchObject({ kind: 'accepted', report });
  expect(await connector.queryOrder(ref)).toMatchObject({ kind: 'not_found' });
  expect(await connector.queryOrder({ ...ref, venueOrderId: '9' })).toMatchObject({ kind: 'found', report });
  const ids = venue.requests('DELETE order').map(({ params }) => params.get('orderId') ?? 'text');
  expect(ids).toEqual(['text', 'text', 'text', '9']);
});

it('measures the clock anew before a cancel refused for it is answered', async () => {
  venue.answer('GET time', () => ({ body: { serverTime: Date.now() + 5_000 } }));
  venue.answer('DELETE order', () => ({ status: 400, body: { code: -1021, msg: '' } }));
  const answer = await connector.cancel({ instrument: 'BTC/USDT', clientOrderId: id });
  expect(answer).toMatchObject({ kind: 'rejected', code: 'CLOCK' });
  expect(connector.feed.health().clockOffsetMs).toBeGreaterThan(4_000);
});

it('never reads a cancel refusal as a cancellation', async () => {
  venue.answer('DELETE order', () => ({ status: 400, body: { code: -2011, msg: 'Unknown order sent.' } }));
  expect(await connector.cancel({ instrument: 'BTC/USDT', clientOrderId: id })).toMatchObject({
    kind: 'rejected',
    code: 'not_found',
  });
});

it('tells not found from a failed query', async () => {
  const ref = { instrument: 'BTC/USDT', clientOrderId: id };
  venue.answer('GET order', () => ({ status: 400, body: { code: -2013, msg: 'Order does not exist.' } }));
  expect(await connector.queryOrder(ref)).toMatchObject({ kind: 'not_found' });
  venue.answer('GET order', () => ({ status: 500, body: {} }));
  expect(await connector.queryOrder(ref)).toMatchObject({ kind: 'failed' });
});

it('learns whose order a trade names by the venue id alone, and believes no other row', async () => {
  const row = (orderId: number) => ({
    ...{ symbol: 'BTCUSDT', orderId, clientOrderId: id, price: '1.00', origQty: '1.00000', side: 'BUY' },
    ...{ executedQty: '1.00000', status: 'FILLED', type: 'LIMIT_MAKER', timeInForce: 'GTC', time: 7 },
    ...{ updateTime: 7, cummulativeQuoteQty: '1.00', isWorking: true },
  });
  venue.answer('GET order', () => ({ status: 200, body: row(5) }));
  expect(await connector.queryByVenueId('BTC/USDT', '5')).toMatchObject({
    kind: 'found',
    report: { clientOrderId: id, venueOrderId: '5', cumFilled: '1.00000' },
  });
  expect(await connector.queryByVenueId('BTC/USDT', '6')).toMatchObject({ kind: 'failed' });
});

it('finds an order in the list of all orders, by the venue id and by ours', async () => {
  const row = (clientOrderId: string, orderId: number) => ({
    ...{ symbol: 'BTCUSDT', orderId, clientOrderId, side: 'BUY', price: '1', origQty: '1' },
    ...{ executedQty: '0', status: 'CANCELED', updateTime: 1 },
  });
  const ref = { instrument: 'BTC/USDT', clientOrderId: id };
  let body: unknown = [row(id, 9)];
  venue.answer('GET allOrders', () => ({ body }));
  expect(await connector.orderInHistory({ ...ref, venueOrderId: '9' })).toMatchObject({
    ...{ kind: 'found', report: { status: 'canceled', clientOrderId: id } },
  });
  body = [row('later', 11)];
  expect(await connector.orderInHistory({ ...ref, venueOrderId: '9' })).toMatchObject({ kind: 'not_found' });
  body = [row('other', 8), row(id, 9)];
  expect(await connector.orderInHistory(ref)).toMatchObject({ kind: 'found' });
  body = { rows: [] };
  expect(await connector.orderInHistory(ref)).toMatchObject({ kind: 'failed', reason: 'malformed' });
  const asked = venue
    .requests('GET allOrders')
    .map(({ params }) => [params.get('orderId'), params.get('limit')]);
  expect(asked.slice(1)).toEqual([
    ['9', '1'],
    [null, '1000'],
    [null, '1000'],
  ]);
});

it('reads every page of trades', async () => {
  const trade = (n: number): Record<string, unknown> => ({
    ...{ id: n, orderId: 5, price: '1', qty: '1', commission: '0.1', commissionAsset: 'USDT', time: 7 },
    ...{ isBuyer: true, isMaker: true },
  });
  venue.answer('GET myTrades', (request) => {
    const from = Number(request.params.get('fromId'));
    return { body: Array.from({ length: from === 0 ? 1_000 : 3 }, (_, i) => trade(from + i)) };
  });
  const page = await connector.fillsSince({ instrument: 'BTC/USDT', fromId: '0' });
  expect(page.rows).toHaveLength(1_003);
  expect(new Set(page.rows.map((fill) => fill.tradeId)).size).toBe(1_003);
});

it('throws on a read that failed', async () => {
  venue.answer('GET account', () => ({ status: 502, body: 'bad gateway' }));
  await expect(connector.getBalances()).rejects.toThrow('READ_FAILED');
});

it('turns execution reports into an order and a fill, in order of arrival', async () => {
  const events: VenueEvent[] = [];
  connector.onEvent((event) => events.push(event));
  venue.pushUser(trade);
  venue.pushUser({ e: 'executionReport', s: 'NOPE' });
  venue.pushUser({ ...trade, x: 'CANCELED', X: 'CANCELED', C: id, c: 'cancel-id' });
  await until(() => events.length === 4);
  expect(events.map((event) => event.type)).toEqual(['fill', 'order', 'quarantine', 'order']);
  expect(events[0]).toMatchObject({
    generation: 1,
    fill: { tradeId: '77', fee: '0.00001', liquidity: 'maker' },
  });
  expect(events[3]).toMatchObject({ report: { clientOrderId: id, status: 'canceled' } });
});

it('comes back with a new generation after a cut', async () => {
  const states: string[] = [];
  connector.onEvent(
    (event) => event.type === 'connection' && states.push(`${event.state} ${event.generation}`),
  );
  for (const ws of venue.userSockets) ws.terminate();
  await until(() => states.includes('live 2'));
  expect(states[0]).toBe('down 1');
});

it('keeps a book in step, finds a gap at once and heals it', async () => {
  const books = new OrderBookTracker(runtime);
  let lastUpdateId = 10;
  venue.answer('GET depth', () => ({
    body: { lastUpdateId, bids: [['100.00', '1']], asks: [['101.00', '2']] },
  }));
  books.follow(connector.feed, rules);
  await until(() => books.isSynced('binance', rules.id));
  venue.pushMarket(depth(11, 12, [['100.50', '3']]));
  await until(() => tick(books).publicTouch?.bid === 10_050);
  lastUpdateId = 20;
  venue.pushMarket(depth(15, 16, []));
  await until(() => books.counters().gaps === 1);
  await until(() => books.isSynced('binance', rules.id) && tick(books).sequence === 20);
  expect(tick(books)).toMatchObject({ status: 'synced', publicTouch: { bid: 10_000, ask: 10_100 } });
});

it('reads the rules of one pair anew, and keeps no level counted in the steps before', async () => {
  const books = new OrderBookTracker(runtime);
  const body = { lastUpdateId: 10, bids: [['100.00', '1']], asks: [['101.00', '2']] };
  venue.answer('GET depth', () => ({ body }));
  books.follow(connector.feed, rules);
  await until(() => books.isSynced('binance', rules.id));
  const [symbol] = exchangeInfo.symbols;
  const [, ...others] = symbol!.filters;
  const price = { filterType: 'PRICE_FILTER', minPrice: '0.1', maxPrice: '1000000', tickSize: '0.10000000' };
  const changed = { ...exchangeInfo, symbols: [{ ...symbol, filters: [price, ...others] }] };
  venue.answer('GET exchangeInfo', () => ({ body: changed }));
  const read = await connector.feed.rereadRules('BTC/USDT');
  expect(books.isSynced('binance', rules.id)).toBe(false);
  expect(venue.requests('GET exchangeInfo').at(-1)?.params.get('symbol')).toBe('BTCUSDT');
  expect([read.rules.tickSize, connector.feed.rulesOf('BTC/USDT')]).toEqual(['0.1', read]);
  await until(() => tick(books).publicTouch?.bid === 1_000);
});

it('calls a pair halted that the venue no longer lists', async () => {
  const refusal = { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } };
  venue.answer('GET exchangeInfo', () => refusal);
  expect((await connector.feed.rereadRules('BTC/USDT')).rules).toEqual({
    ...rules.rules,
    status: 'delisted',
  });
});

const depth = (U: number, u: number, b: readonly (readonly string[])[]): string =>
  JSON.stringify({ e: 'depthUpdate', E: 1, s: 'BTCUSDT', U, u, b, a: [] });

function tick(books: OrderBookTracker): ReturnType<OrderBookTracker['view']> {
  books.onTick({ id: 1, now: runtime.now(), mono: runtime.monotonic() });
  return books.view('binance', rules.id);
}

const until = (holds: () => boolean): Promise<void> => untilIt(runtime, 'the condition', holds, 5_000);

const trade = {
  ...{
    e: 'executionReport',
    E: 1,
    s: 'BTCUSDT',
    c: id,
    C: '',
    S: 'BUY',
    p: '100',
    q: '2',
    x: 'TRADE',
    X: 'PARTIALLY_FILLED',
  },
  ...{ r: 'NONE', i: 5, l: '1', z: '1', L: '100', n: '0.00001', N: 'BTC', T: 9, t: 77, m: true },
};
