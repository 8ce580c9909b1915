import { Agent } from 'node:http';
import * as ccxt from 'ccxt';
import { WebSocket } from 'ws';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

/** Unmodified ccxt, as any user of it would run it, over real loopback sockets. */
const symbol = 'BTC/USDT';
const runtime = createRealRuntime();
let venue: VenueSimulator;
let client: InstanceType<typeof ccxt.pro.binance>;

interface UrlTree {
  [key: string]: string | UrlTree;
}

function blockAll(tree: UrlTree, blocked: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') tree[key] = blocked;
    else blockAll(value, blocked);
  }
}

function clientOf(secret: string): InstanceType<typeof ccxt.pro.binance> {
  const made = new ccxt.pro.binance({
    apiKey: demoAccount.apiKey,
    secret,
    enableRateLimit: false,
    httpAgent: new Agent({ keepAlive: true }),
    options: { fetchMarkets: { types: ['spot'] } },
  });
  const urls = made.urls as unknown as { api: UrlTree };
  const sockets = venue.origin.replace('http', 'ws');
  blockAll(urls.api, `${venue.origin}/blocked`);
  Object.assign(urls.api, {
    public: `${venue.origin}/binance/api/v3`,
    private: `${venue.origin}/binance/api/v3`,
    sapi: `${venue.origin}/binance/sapi/v1`,
    ws: { spot: `${sockets}/binance/stream/ws`, 'ws-api': { spot: `${sockets}/binance/ws-api/v3` } },
  });
  return made;
}

async function bestBid(): Promise<number> {
  const book = await client.fetchOrderBook(symbol, 5);
  return Number(book.bids[0]![0]);
}

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 11, stepsPerSecond: 20 });
  client = clientOf(demoAccount.secret);
  await client.loadMarkets();
}, 60_000);

afterAll(async () => {
  await client?.close();
  await venue?.stop();
  await runtime.close();
});

it('lists every order of a pair, from an id on or the latest', async () => {
  const price = Math.round((await bestBid()) * 0.9);
  const first = await client.createOrder(symbol, 'limit', 'buy', 0.001, price);
  const second = await client.createOrder(symbol, 'limit', 'buy', 0.001, price);
  await client.cancelOrder(first.id!, symbol);
  const all = await client.fetchOrders(symbol);
  expect(all.slice(-2).map(({ id, status }) => [id, status])).toEqual([
    [first.id, 'canceled'],
    [second.id, 'open'],
  ]);
  const from = await client.fetchOrders(symbol, undefined, 1, { orderId: second.id });
  expect(from.map(({ id }) => id)).toEqual([second.id]);
  await client.cancelOrder(second.id!, symbol);
});

test('markets carry the rules of the venue', () => {
  const market = client.market(symbol);
  expect(market.precision).toMatchObject({ price: 0.01, amount: 0.00001 });
  expect(market.limits.cost?.min).toBe(5);
  expect(Object.keys(client.markets ?? {})).toEqual(expect.arrayContaining(['ETH/USDT', 'SOL/USDT']));
});

test('a watched book stays equal to the venue', async () => {
  const ids: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    const book = await client.watchOrderBook(symbol);
    expect(Number(book.bids[0]![0])).toBeLessThan(Number(book.asks[0]![0]));
    ids.push(Number(book.nonce));
  }
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(new Set(ids).size).toBeGreaterThan(3);
  venue.setFlow(false);
  await runtime.sleep(300);
  const rest = await client.fetchOrderBook(symbol, 5);
  const watched = (client.orderbooks as unknown as Record<string, typeof rest>)[symbol]!;
  expect(watched.bids.slice(0, 5)).toEqual(rest.bids);
  expect(watched.asks.slice(0, 5)).toEqual(rest.asks);
  venue.setFlow(true);
}, 20_000);

test('public trades and the best price arrive', async () => {
  const trades = await client.watchTrades(symbol);
  expect(trades[0]).toMatchObject({ symbol });
  const ticker = await client.fetchTicker(symbol);
  expect(ticker.last).toBeGreaterThan(0);
  const bids = await client.fetchBidsAsks([symbol]);
  expect(bids[symbol]?.bid).toBeGreaterThan(0);
  expect((await client.fetchTrades(symbol)).length).toBeGreaterThan(0);
}, 20_000);

test('a resting order is created, found, reported and canceled', async () => {
  const watched = client.watchOrders(symbol);
  await runtime.sleep(200);
  const price = (await bestBid()) - 500;
  const created = await client.createOrder(symbol, 'limit', 'buy', 0.01, price, { clientOrderId: 'rest-1' });
  expect(created).toMatchObject({ status: 'open', clientOrderId: 'rest-1', filled: 0 });
  const [report] = await watched;
  expect(report).toMatchObject({ id: created.id, clientOrderId: 'rest-1', status: 'open' });
  expect(await client.fetchOrder(String(created.id), symbol)).toMatchObject({ status: 'open', amount: 0.01 });
  expect((await client.fetchOpenOrders(symbol)).map((order) => order.id)).toContain(String(created.id));
  const ended = client.watchOrders(symbol);
  const canceled = await client.cancelOrder(String(created.id), symbol);
  expect(canceled.status).toBe('canceled');
  expect((await ended).find((order) => order.id === String(created.id))).toMatchObject({
    ...{ status: 'canceled', clientOrderId: 'rest-1' },
  });
  await expect(client.cancelOrder(String(created.id), symbol)).rejects.toThrow(ccxt.OrderNotFound);
}, 20_000);

test('a market order fills, and its trades and balances are reported', async () => {
  const trades = client.watchMyTrades(symbol);
  const balances = client.watchBalance();
  await runtime.sleep(200);
  const before = await client.fetchBalance();
  const order = await client.createOrder(symbol, 'market', 'buy', 0.002);
  expect(order).toMatchObject({ status: 'closed', filled: 0.002 });
  expect((await trades)[0]).toMatchObject({ order: order.id, side: 'buy', takerOrMaker: 'taker' });
  expect((await balances)['BTC']?.total).toBeGreaterThan(0);
  const mine = (await client.fetchMyTrades(symbol)).filter((trade) => trade.order === order.id);
  expect(mine.reduce((sum, trade) => sum + Number(trade.amount), 0)).toBeCloseTo(0.002, 8);
  const after = await client.fetchBalance();
  expect(Number(after['BTC']?.total)).toBeCloseTo(Number(before['BTC']?.total) + 0.002 * 0.999, 8);
}, 20_000);

test('post-only is refused when it would take, and IOC expires what it cannot take', async () => {
  venue.setFlow(false);
  const bid = await bestBid();
  const reported = client.watchOrders(symbol);
  await runtime.sleep(50);
  await expect(client.createOrder(symbol, 'limit', 'sell', 0.01, bid, { postOnly: true })).rejects.toThrow(
    ccxt.OrderImmediatelyFillable,
  );
  expect((await reported).at(-1)).toMatchObject({ id: '-1', status: 'rejected' });
  const ioc = await client.createOrder(symbol, 'limit', 'buy', 0.01, bid - 100, { timeInForce: 'IOC' });
  expect(ioc).toMatchObject({ status: 'expired', filled: 0 });
  venue.setFlow(true);
}, 20_000);

test('all orders of a market are canceled at once', async () => {
  const bid = await bestBid();
  for (const away of [300, 400])
    await client.createOrder(symbol, 'limit', 'buy', 0.01, bid - away, { postOnly: true });
  expect((await client.fetchOpenOrders(symbol)).length).toBe(2);
  expect((await client.cancelAllOrders(symbol)).length).toBe(2);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
}, 20_000);

test('what the venue does not take is refused with its own error', async () => {
  const bid = await bestBid();
  const place = (amount: number, price: number) => client.createOrder(symbol, 'limit', 'buy', amount, price);
  await expect(place(1000, bid)).rejects.toThrow(ccxt.InsufficientFunds);
  await expect(place(0.00001, bid)).rejects.toThrow(/NOTIONAL/);
  await expect(place(0.01, bid * 10)).rejects.toThrow(/PERCENT_PRICE_BY_SIDE/);
  await expect(client.fetchOrder('999999', symbol)).rejects.toThrow(ccxt.OrderNotFound);
  const stranger = clientOf('wrong');
  stranger.setMarkets(client.markets);
  await expect(stranger.fetchBalance()).rejects.toThrow(/-1022/);
}, 20_000);

test('a dropped reply leaves an order that the client was not told of', async () => {
  venue.faults.dropReply('create', 1);
  const price = (await bestBid()) - 500;
  const params = { clientOrderId: 'lost-1' };
  await expect(client.createOrder(symbol, 'limit', 'buy', 0.01, price, params)).rejects.toThrow();
  const found = await client.fetchOrder('', symbol, { origClientOrderId: 'lost-1' });
  expect(found.status).toBe('open');
  venue.faults.delayQueries(60_000);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  await expect(client.fetchOrder(String(found.id), symbol)).rejects.toThrow(ccxt.OrderNotFound);
  venue.faults.clearAll();
  expect((await client.fetchOpenOrders(symbol)).length).toBe(1);
  await client.cancelAllOrders(symbol);
  expect(venue.duplicateCreates()).toEqual([]);
}, 20_000);

test('a held create has not happened yet, and its validity is judged again when it goes on', async () => {
  const price = (await bestBid()) - 500;
  venue.faults.holdNext('create-received', 1);
  const params = { clientOrderId: 'held-1', recvWindow: 300 };
  const late = client
    .createOrder(symbol, 'limit', 'buy', 0.01, price, params)
    .catch((error: unknown) => error);
  await runtime.sleep(400);
  expect(venue.faults.held()).toEqual([expect.objectContaining({ clientOrderId: 'held-1' })]);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  expect(venue.faults.release('all', 'continue')).toBe(1);
  expect(await late).toBeInstanceOf(ccxt.InvalidNonce);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
}, 20_000);

test('requests fail and are throttled on demand, and nothing is carried out', async () => {
  const price = (await bestBid()) - 500;
  const place = (clientOrderId: string) =>
    client.createOrder(symbol, 'limit', 'buy', 0.01, price, { clientOrderId });
  venue.faults.failNext('create', 1, 503);
  await expect(place('fails-1')).rejects.toThrow(/-1000/);
  venue.faults.rateLimitNext(1);
  await expect(place('fails-2')).rejects.toThrow(/-1003/);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  expect(venue.creates().map((create) => create.clientOrderId)).toEqual(
    expect.arrayContaining(['fails-1', 'fails-2']),
  );
}, 20_000);

test('a held report of a fill comes when it is released', async () => {
  venue.faults.holdNext('fill-reported', 100);
  let isReported = false;
  const watched = client.watchMyTrades(symbol).then((trades) => {
    isReported = true;
    return trades;
  });
  const order = await client.createOrder(symbol, 'market', 'buy', 0.0015);
  await runtime.sleep(200);
  expect(isReported).toBe(false);
  expect(venue.faults.held()[0]).toMatchObject({
    point: 'fill-reported',
    clientOrderId: order.clientOrderId,
  });
  venue.faults.clearAll();
  expect((await watched)[0]).toMatchObject({ order: order.id });
}, 20_000);

test('depth frames follow each other, a skipped one shows as a gap, and cut sockets close', async () => {
  const socket = new WebSocket(
    `${venue.origin.replace('http', 'ws')}/binance/stream?streams=btcusdt@depth@100ms`,
  );
  const frames: { U: number; u: number }[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as {
      stream: string;
      data: { U: number; u: number };
    };
    expect(frame.stream).toBe('btcusdt@depth@100ms');
    frames.push(frame.data);
  });
  const gaps = (): number => frames.filter(({ U }, i) => i > 0 && U !== frames[i - 1]!.u + 1).length;
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await runtime.sleep(800);
  expect(frames.length).toBeGreaterThan(3);
  expect(gaps()).toBe(0);
  venue.faults.skipDepthFrames('BTCUSDT', 1);
  await runtime.sleep(500);
  expect(gaps()).toBe(1);
  venue.faults.cutSockets('public');
  await closed;
}, 20_000);

test('the admin port acts behind the back of clients', async () => {
  const admin = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`http://127.0.0.1:${venue.adminPort}${path}`, {
      ...{ method, ...(body ? { body: JSON.stringify(body) } : {}) },
    });
    return (await response.json()) as Record<string, unknown>;
  };
  await admin('POST', '/flow', { running: false });
  const ask = (await client.fetchOrderBook(symbol, 5)).asks[0]![0];
  const price = (Number(ask) - 0.01).toFixed(2);
  const foreign = { symbol: 'BTCUSDT', side: 'buy', price, quantity: '0.01', clientOrderId: 'foreign-1' };
  expect(await admin('POST', '/orders/foreign', foreign)).toMatchObject({ ok: true });
  await admin('POST', '/take', { symbol: 'BTCUSDT', side: 'sell', quantity: '0.01', price });
  const order = await client.fetchOrder('', symbol, { origClientOrderId: 'foreign-1' });
  expect(order).toMatchObject({ status: 'closed', filled: 0.01 });
  expect(await admin('POST', '/faults/holdNext', { point: 'nowhere' })).toHaveProperty('error');
  await admin('POST', '/flow', { running: true });
}, 20_000);

test('a port in use is named', async () => {
  const again = startVenueSimulator({ runtime, port: venue.port, seed: 1 });
  await expect(again).rejects.toThrow(`port ${venue.port} on 127.0.0.1 is in use`);
});
