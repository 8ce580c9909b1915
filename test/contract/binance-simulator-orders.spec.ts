import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { BinanceWire, BinanceWireSocket } from './binance-wire';
import type { BinanceAnswer, Json } from './binance-wire';

/** Orders of the Binance dialect by raw signed calls: what the documents promise and clients rarely use. */
const symbol = 'BTCUSDT';
const runtime = createRealRuntime();
let venue: VenueSimulator;
let wire: BinanceWire;
let user: BinanceWireSocket;
let made = 0;

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 3, stepsPerSecond: 0 });
  wire = new BinanceWire(venue.origin, demoAccount, runtime);
  user = new BinanceWireSocket(venue.origin, 'ws-api/v3', runtime);
  await user.subscribe(demoAccount);
});

afterAll(async () => {
  user.close();
  await venue.stop();
  await runtime.close();
});

afterEach(async () => {
  venue.faults.clearAll();
  venue.changeMarket(symbol, { status: 'TRADING' });
  await wire.call('DELETE', 'api/v3/openOrders', { symbol });
});

const bestBid = (): number => venue.core.depth(symbol, 1).bids[0]![0] / 100;
const quiet = (away = 1_000): string => (bestBid() - away).toFixed(2);
const nextId = (): string => `wire-${(made += 1)}`;

function place(change: Readonly<Record<string, string | number>> = {}): Promise<BinanceAnswer> {
  const id = { newClientOrderId: nextId() };
  const terms = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: quiet() };
  return wire.call('POST', 'api/v3/order', { ...terms, ...id, ...change });
}

const amend = (of: string, newQty: string, more: Readonly<Record<string, string>> = {}) =>
  wire.call('PUT', 'api/v3/order/amend/keepPriority', { symbol, origClientOrderId: of, newQty, ...more });

describe('an amend', () => {
  it('makes an order smaller in place, under the id it is given, and says so on the stream', async () => {
    const { body } = await place();
    const former = String(body['clientOrderId']);
    const { status, body: amended } = await amend(former, '0.006', { newClientOrderId: 'smaller' });
    expect([status, amended]).toEqual([
      200,
      {
        transactTime: expect.any(Number) as number,
        executionId: expect.any(Number) as number,
        amendedOrder: expect.objectContaining({
          ...{ orderId: body['orderId'], origClientOrderId: former, clientOrderId: 'smaller' },
          ...{ qty: '0.00600000', executedQty: '0.00000000', preventedQty: '0.00000000', status: 'NEW' },
        }) as Json,
      },
    ]);
    expect(await user.event((event) => event['x'] === 'REPLACED')).toMatchObject({
      ...{ e: 'executionReport', c: 'smaller', C: former, q: '0.00600000', X: 'NEW' },
    });
    const found = await wire.call('GET', 'api/v3/order', { symbol, origClientOrderId: 'smaller' });
    expect(found.body).toMatchObject({ orderId: body['orderId'], origQty: '0.00600000' });
    const gone = await wire.call('GET', 'api/v3/order', { symbol, origClientOrderId: former });
    expect(gone.body['code']).toBe(-2013);
  });

  it('keeps its place in the queue', async () => {
    const price = (bestBid() + 0.01).toFixed(2);
    const first = await place({ price });
    const second = await place({ price });
    await amend(String(first.body['clientOrderId']), '0.005');
    venue.take(symbol, 'sell', 500, Math.round(Number(price) * 100));
    const orderOf = async (answer: BinanceAnswer) =>
      (await wire.call('GET', 'api/v3/order', { symbol, orderId: Number(answer.body['orderId']) })).body;
    expect(await orderOf(first)).toMatchObject({ status: 'FILLED', executedQty: '0.00500000' });
    expect(await orderOf(second)).toMatchObject({ status: 'NEW', executedQty: '0.00000000' });
  });

  it('names the order anew when it is given no id, and counts no new order', async () => {
    const { body, headers } = await place();
    const counted = headers.get('x-mbx-order-count-10s');
    const { body: amended } = await amend(String(body['clientOrderId']), '0.005');
    expect((amended['amendedOrder'] as Json)['clientOrderId']).not.toBe(body['clientOrderId']);
    const limits = await wire.call('GET', 'api/v3/rateLimit/order');
    expect(String(limits.rows[0]!['count'])).toBe(counted);
  });

  it.each([
    ['more', '0.02', -2038],
    ['no change', '0.01', -2038],
    ['a fraction of a step', '0.0055555', -1013],
  ])('is refused %s', async (_what, newQty, code) => {
    const { body } = await place();
    const { status, body: refused } = await amend(String(body['clientOrderId']), newQty);
    expect([status, refused['code']]).toEqual([400, code]);
  });

  it('is refused an order that is over, an id that is in use, and an eleventh time', async () => {
    const [{ body: one }, { body: other }] = [await place(), await place()];
    const [id, taken] = [String(one['clientOrderId']), String(other['clientOrderId'])];
    const busy = await amend(id, '0.005', { newClientOrderId: taken });
    expect(busy.body).toMatchObject({ code: -2010, msg: 'Duplicate order sent.' });
    for (let left = 99; left > 89; left -= 1) {
      const keep = { newClientOrderId: id };
      expect((await amend(id, `0.00${left}`, keep)).status).toBe(200);
    }
    expect((await amend(id, '0.001')).body['msg']).toBe('Filter failure: MAX_NUM_ORDER_AMENDS');
    await wire.call('DELETE', 'api/v3/order', { symbol, origClientOrderId: taken });
    expect((await amend(taken, '0.005')).body).toMatchObject({ code: -2038, msg: 'Unknown order sent.' });
  });
});

describe('a cancel-replace', () => {
  const replace = (mode: string, of: string, change: Readonly<Record<string, string>> = {}) =>
    wire.call('POST', 'api/v3/order/cancelReplace', {
      ...{ symbol, cancelReplaceMode: mode, cancelOrigClientOrderId: of, side: 'BUY', type: 'LIMIT' },
      ...{ timeInForce: 'GTC', quantity: '0.02', price: quiet(), newClientOrderId: nextId(), ...change },
    });

  it('does both', async () => {
    const { body } = await place();
    const { status, body: done, headers } = await replace('STOP_ON_FAILURE', String(body['clientOrderId']));
    expect(status).toBe(200);
    expect(headers.get('x-mbx-order-count-10s')).toMatch(/^\d+$/);
    expect(done).toMatchObject({
      ...{ cancelResult: 'SUCCESS', newOrderResult: 'SUCCESS' },
      cancelResponse: { origClientOrderId: body['clientOrderId'], status: 'CANCELED' },
      newOrderResponse: { status: 'NEW', origQty: '0.02000000' },
    });
  });

  it('places nothing where there is nothing to cancel, unless it may', async () => {
    const stopped = await replace('STOP_ON_FAILURE', 'nobody');
    expect([stopped.status, stopped.body]).toMatchObject([
      400,
      {
        code: -2022,
        data: {
          ...{ cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED', newOrderResponse: null },
          cancelResponse: { code: -2011 },
        },
      },
    ]);
    expect((await wire.call('GET', 'api/v3/openOrders', { symbol })).rows).toHaveLength(0);
    const allowed = await replace('ALLOW_FAILURE', 'nobody');
    expect([allowed.status, allowed.body]).toMatchObject([
      409,
      { code: -2021, data: { cancelResult: 'FAILURE', newOrderResult: 'SUCCESS' } },
    ]);
  });

  it('has canceled when the new order is refused, and fails whole when neither goes', async () => {
    const { body } = await place();
    const dear = { quantity: '5000' };
    const partly = await replace('STOP_ON_FAILURE', String(body['clientOrderId']), dear);
    expect([partly.status, partly.body]).toMatchObject([
      409,
      {
        code: -2021,
        data: { cancelResult: 'SUCCESS', newOrderResult: 'FAILURE', newOrderResponse: { code: -2010 } },
      },
    ]);
    const whole = await replace('ALLOW_FAILURE', 'nobody', dear);
    expect([whole.status, whole.body]).toMatchObject([
      400,
      { code: -2022, data: { cancelResult: 'FAILURE', newOrderResult: 'FAILURE' } },
    ]);
  });

  it('leaves the old order alone when a filter refuses the new one', async () => {
    const { body } = await place();
    const refused = await replace('ALLOW_FAILURE', String(body['clientOrderId']), { quantity: '0.00001' });
    expect(refused.body).toMatchObject({ code: -1013, msg: 'Filter failure: NOTIONAL' });
    expect((await wire.call('GET', 'api/v3/openOrders', { symbol })).rows).toHaveLength(1);
  });
});

describe('self-trade prevention', () => {
  it.each([
    ['EXPIRE_TAKER', 'NEW', 'EXPIRED_IN_MATCH'],
    ['EXPIRE_MAKER', 'EXPIRED_IN_MATCH', 'NEW'],
    ['EXPIRE_BOTH', 'EXPIRED_IN_MATCH', 'EXPIRED_IN_MATCH'],
  ])('%s says which match was prevented', async (mode, makerStatus, takerStatus) => {
    const price = (bestBid() + 0.01).toFixed(2);
    const { body: maker } = await place({ price });
    const terms = { side: 'SELL', price, quantity: '0.004', selfTradePreventionMode: mode };
    const { body: taker } = await place(terms);
    const shown = async (row: Json) =>
      (await wire.call('GET', 'api/v3/order', { symbol, orderId: Number(row['orderId']) })).body;
    const [makerRow, takerRow] = [await shown(maker), await shown(taker)];
    expect([makerRow['status'], takerRow['status']]).toEqual([makerStatus, takerStatus]);
    const ended = takerStatus === 'NEW' ? makerRow : takerRow;
    const quantity = takerStatus === 'NEW' ? '0.01000000' : '0.00400000';
    expect(ended).toMatchObject({
      preventedMatchId: expect.any(Number) as number,
      preventedQuantity: quantity,
    });
    const report = await user.event(({ i, x }) => i === ended['orderId'] && x === 'TRADE_PREVENTION');
    expect(report).toMatchObject({
      ...{ X: 'EXPIRED_IN_MATCH', v: ended['preventedMatchId'], A: quantity, B: quantity },
      ...{
        U: takerStatus === 'NEW' ? taker['orderId'] : maker['orderId'],
        pl: '0.00400000',
        V: ended === takerRow ? mode : 'EXPIRE_MAKER',
      },
    });
    expect(Number(report['pL'])).toBe(Number(price));
  });

  it('lets an account trade with itself where it is told to', async () => {
    const price = (bestBid() + 0.01).toFixed(2);
    await place({ price });
    const taken = await place({ side: 'SELL', price, selfTradePreventionMode: 'NONE' });
    expect(taken.body['status']).toBe('FILLED');
  });
});

it('refuses an order beyond those that may be open, and a price far from the market', async () => {
  const most = venue.core.markets.find((market) => market.symbol === symbol)!.maxOpenOrders;
  const resting = { account: demoAccount.apiKey, symbol, side: 'buy', type: 'limit' } as const;
  const price = Math.round(bestBid() * 100) - 100_000;
  for (let i = 0; i < most; i += 1)
    venue.core.place({
      ...{ ...resting, clientOrderId: `many-${i}`, timeInForce: 'GTC', price, quantity: 10, stp: 'NONE' },
    });
  expect((await place()).body).toMatchObject({ code: -1013, msg: 'Filter failure: MAX_NUM_ORDERS' });
  const far = await place({ price: (bestBid() * 6).toFixed(2) });
  expect(far.body).toMatchObject({ code: -1013, msg: 'Filter failure: PERCENT_PRICE_BY_SIDE' });
});

it('counts orders in its headers, and cancels nothing where nothing is open', async () => {
  const [first, second] = [await place(), await place()];
  const counts = [first, second].map(({ headers }) => Number(headers.get('x-mbx-order-count-10s')));
  expect(counts[1]! - counts[0]!).toBe(1);
  expect(Number(second.headers.get('x-mbx-order-count-1d'))).toBeGreaterThanOrEqual(2);
  expect(second.headers.get('x-mbx-used-weight-1m')).toMatch(/^\d+$/);
  const swept = await wire.call('DELETE', 'api/v3/openOrders', { symbol });
  expect(swept.rows.map((row) => row['origClientOrderId'])).toEqual([
    first.body['clientOrderId'],
    second.body['clientOrderId'],
  ]);
  expect((await wire.call('DELETE', 'api/v3/openOrders', { symbol })).body['code']).toBe(-2011);
});

it.each([
  ['of the past', () => ({ timestamp: runtime.now() - 6_000 }), -1021],
  ['of the past but within its window', () => ({ timestamp: runtime.now() - 6_000, recvWindow: 9_000 }), 0],
  ['of the future', () => ({ timestamp: runtime.now() + 2_000 }), -1021],
  ['with a window beyond a minute', () => ({ recvWindow: 60_001 }), -1100],
])('judges a request %s', async (_what, change, code) => {
  const { body } = await place(change());
  expect(body['code'] ?? 0).toBe(code);
});

it('judges the time again before it matches, cancels or amends', async () => {
  const { body } = await place();
  const id = String(body['clientOrderId']);
  venue.faults.holdNext('create-received', 2);
  venue.faults.holdNext('cancel-received', 1);
  const late = place({ recvWindow: 100 });
  const canceled = wire.call('DELETE', 'api/v3/order', { symbol, origClientOrderId: id, recvWindow: 100 });
  const amended = amend(id, '0.005', { recvWindow: '100' });
  await runtime.sleep(250);
  venue.faults.release('all', 'continue');
  expect((await late).body['code']).toBe(-1021);
  expect((await canceled).body['code']).toBe(-1021);
  expect((await amended).body['code']).toBe(-1021);
  expect((await wire.call('GET', 'api/v3/openOrders', { symbol })).rows).toHaveLength(1);
});

it('pages own trades by id, by time and by order', async () => {
  const price = (bestBid() + 0.01).toFixed(2);
  const since = runtime.now();
  const { body } = await place({ price });
  for (let i = 0; i < 5; i += 1) venue.take(symbol, 'sell', 100, Math.round(Number(price) * 100));
  const trades = (values: Readonly<Record<string, string | number>>) =>
    wire.call('GET', 'api/v3/myTrades', { symbol, ...values });
  const all = (await trades({ startTime: since })).rows.map((row) => Number(row['id']));
  expect(all).toHaveLength(5);
  const ids = async (values: Readonly<Record<string, string | number>>) =>
    (await trades(values)).rows.map((row) => Number(row['id']));
  expect(await ids({ fromId: all[1]!, limit: 2 })).toEqual(all.slice(1, 3));
  expect(await ids({ limit: 2 })).toEqual(all.slice(-2));
  expect(await ids({ orderId: Number(body['orderId']), fromId: all[3]! })).toEqual(all.slice(3));
  expect(await ids({ orderId: 1 })).toEqual([]);
  const long = await trades({ startTime: since - 90_000_000, endTime: since });
  expect(long.body['code']).toBe(-1127);
  expect((await trades({ startTime: since, fromId: 1 })).body['code']).toBe(-1128);
});

it('tells what a key may do, what trading costs, and how many orders are left', async () => {
  expect((await wire.call('GET', 'sapi/v1/account/apiRestrictions')).body).toMatchObject({
    ...{ ipRestrict: false, enableReading: true, enableWithdrawals: false, enableSpotAndMarginTrading: true },
  });
  expect((await wire.call('GET', 'sapi/v1/asset/tradeFee', { symbol })).rows).toEqual([
    { symbol, makerCommission: '0.001', takerCommission: '0.001' },
  ]);
  const { rows } = await wire.call('GET', 'api/v3/rateLimit/order');
  expect(rows).toMatchObject([
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000 },
  ]);
  expect((await wire.call('GET', 'api/v3/nothing')).status).toBe(404);
});
