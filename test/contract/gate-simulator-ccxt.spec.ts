import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ccxt from 'ccxt';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

/** Unmodified ccxt, as any user of it would run it, over real loopback sockets. */
const symbol = 'BTC/USDT';
const runtime = createRealRuntime();
let venue: VenueSimulator;
let client: InstanceType<typeof ccxt.pro.gate>;

interface UrlTree {
  [key: string]: string | UrlTree;
}

function setAll(tree: UrlTree, url: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') tree[key] = url;
    else setAll(value, url);
  }
}

function clientOf(secret: string, { origin } = venue): InstanceType<typeof ccxt.pro.gate> {
  const made = new ccxt.pro.gate({
    apiKey: demoAccount.apiKey,
    secret,
    enableRateLimit: false,
    httpAgent: new Agent({ keepAlive: true }),
    options: { fetchMarkets: { types: ['spot'] } },
  });
  const urls = made.urls as unknown as { api: Record<string, UrlTree | string> };
  setAll(urls.api, `${origin}/blocked`);
  for (const kind of ['public', 'private']) setAll(urls.api[kind] as UrlTree, `${origin}/gate/api/v4`);
  urls.api['spot'] = `${origin.replace('http', 'ws')}/gate/ws/v4/`;
  return made;
}

async function bestBid(): Promise<number> {
  const book = await client.fetchOrderBook(symbol, 5);
  return Number(book.bids[0]![0]);
}

/** A price that rests, on the grid of the market. */
const below = async (away: number): Promise<number> => Number(((await bestBid()) - away).toFixed(2));

/** Gate takes ten orders a second of one user in one pair. */
const nextSecond = (): Promise<void> => runtime.sleep(1_000 - (runtime.now() % 1_000) + 5);

/** Watches until something matches. */
async function until<T>(watch: () => Promise<readonly T[]>, isIt: (item: T) => boolean): Promise<T> {
  for (;;) {
    const found = (await watch()).find(isIt);
    if (found) return found;
  }
}

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, seed: 11, stepsPerSecond: 20 });
  client = clientOf(demoAccount.secret);
  await client.loadMarkets();
}, 60_000);

beforeEach(nextSecond);

afterAll(async () => {
  await client?.close();
  await venue?.stop();
  await runtime.close();
});

test('markets carry the rules of the venue, and its clock is asked', async () => {
  const market = client.market(symbol);
  expect(market).toMatchObject({ id: 'BTC_USDT', spot: true, active: true, maker: 0.001, taker: 0.001 });
  expect(market.precision).toMatchObject({ price: 0.01, amount: 0.00001 });
  expect(market.limits.cost?.min).toBe(5);
  expect(market.limits.amount?.min).toBe(0.00001);
  expect(Object.keys(client.markets ?? {})).toEqual(expect.arrayContaining(['ETH/USDT', 'SOL/USDT']));
  expect(Math.abs(Number(await client.fetchTime()) - runtime.now())).toBeLessThan(1_000);
  expect(await client.fetchTradingFee(symbol)).toMatchObject({ maker: 0.001, taker: 0.001 });
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
  await runtime.sleep(200);
  const rest = await client.fetchOrderBook(symbol, 50);
  const watched = (client.orderbooks as unknown as Record<string, typeof rest>)[symbol]!;
  expect(watched.nonce).toBe(rest.nonce);
  expect([...watched.bids]).toEqual(rest.bids);
  expect([...watched.asks]).toEqual(rest.asks);
  venue.setFlow(true);
  await client.unWatchOrderBook(symbol);
  expect((await client.watchOrderBook(symbol)).bids.length).toBeGreaterThan(0);
}, 20_000);

test('public trades, tickers and the best price arrive', async () => {
  const trades = await client.watchTrades(symbol);
  expect(trades[0]).toMatchObject({ symbol });
  expect(Number(trades[0]!.timestamp)).toBeGreaterThan(runtime.now() - 60_000);
  expect((await client.watchTicker(symbol)).last).toBeGreaterThan(0);
  expect(Object.values(await client.watchBidsAsks([symbol]))[0]?.bid).toBeGreaterThan(0);
  expect((await client.fetchTicker(symbol)).last).toBeGreaterThan(0);
  expect(Object.keys(await client.fetchTickers())).toContain('SOL/USDT');
  expect((await client.fetchTrades(symbol)).length).toBeGreaterThan(0);
}, 20_000);

test('a resting order is created, found, reported and canceled', async () => {
  const seen = client.watchOrders(symbol);
  await runtime.sleep(200);
  const params = { clientOrderId: 'rest-1' };
  const created = await client.createOrder(symbol, 'limit', 'buy', 0.01, await below(500), params);
  expect(created).toMatchObject({ status: 'open', clientOrderId: 't-rest-1', filled: 0, remaining: 0.01 });
  expect((await seen)[0]).toMatchObject({ id: created.id, clientOrderId: 't-rest-1', status: 'open' });
  expect(await client.fetchOrder(created.id!, symbol)).toMatchObject({ status: 'open', amount: 0.01 });
  const byText = await client.fetchOrder('', symbol, { clientOrderId: 'rest-1' });
  expect(byText.id).toBe(created.id);
  expect((await client.fetchOpenOrders(symbol)).map(({ id }) => id)).toContain(created.id);
  const ended = until(
    () => client.watchOrders(symbol),
    (order) => order.status === 'canceled',
  );
  expect(await client.cancelOrder(created.id!, symbol)).toMatchObject({ status: 'canceled', id: created.id });
  expect(await ended).toMatchObject({ id: created.id, clientOrderId: 't-rest-1' });
  await expect(client.cancelOrder(created.id!, symbol)).rejects.toThrow(/ORDER_CANCELLED/);
  expect((await client.fetchClosedOrders(symbol))[0]).toMatchObject({ id: created.id, status: 'canceled' });
}, 20_000);

test('market orders fill, and their trades and balances are reported', async () => {
  const trades = client.watchMyTrades(symbol);
  const balances = client.watchBalance();
  await runtime.sleep(200);
  const before = await client.fetchBalance();
  const bought = await client.createOrder(symbol, 'market', 'buy', 0.002, 65_000);
  expect(bought).toMatchObject({ status: 'closed', side: 'buy', type: 'market' });
  expect((await trades)[0]).toMatchObject({ order: bought.id, side: 'buy', takerOrMaker: 'taker' });
  expect((await balances)['BTC']?.total).toBeGreaterThan(0);
  const mine = (await client.fetchMyTrades(symbol)).filter(({ order }) => order === bought.id);
  const got = mine.reduce((sum, { amount }) => sum + Number(amount), 0);
  const spent = mine.reduce((sum, { cost }) => sum + Number(cost), 0);
  expect(spent).toBeLessThanOrEqual(130);
  expect(spent).toBeGreaterThan(129);
  expect(mine[0]?.fee).toMatchObject({ currency: 'BTC' });
  const after = await client.fetchBalance();
  expect(Number(after['BTC']?.total)).toBeCloseTo(Number(before['BTC']?.total) + got * 0.999, 8);
  const sold = await client.createOrder(symbol, 'market', 'sell', 0.002);
  expect(sold).toMatchObject({ status: 'closed', filled: 0.002, remaining: 0 });
  expect((await client.fetchClosedOrders(symbol, undefined, 2)).map(({ id }) => id)).toEqual(
    expect.arrayContaining([sold.id, bought.id]),
  );
}, 20_000);

test('post-only never takes, IOC takes at once what it can, FOK takes all or nothing', async () => {
  venue.setFlow(false);
  const bid = await bestBid();
  for (let i = 0; i < 4; i += 1) {
    const params = { postOnly: true, clientOrderId: `crossing-${i}` };
    const answer = await client
      .createOrder(symbol, 'limit', 'sell', 0.01, bid, params)
      .catch((error: unknown) => error);
    // Gate refuses it, or takes it in and ends it.
    if (!(answer instanceof ccxt.OrderImmediatelyFillable))
      expect(answer).toMatchObject({ status: 'poc', filled: 0, info: { status: 'cancelled' } });
  }
  const rests = await client.createOrder(symbol, 'limit', 'buy', 0.01, bid - 100, { postOnly: true });
  expect(rests).toMatchObject({ status: 'open', postOnly: true });
  await client.cancelOrder(rests.id!, symbol);
  const ioc = await client.createOrder(symbol, 'limit', 'buy', 0.01, bid - 100, { timeInForce: 'IOC' });
  expect(ioc).toMatchObject({ status: 'canceled', filled: 0, info: { finish_as: 'ioc' } });
  const fok = await client.createOrder(symbol, 'limit', 'sell', 0.001, bid, { timeInForce: 'FOK' });
  expect(fok).toMatchObject({ status: 'closed', filled: 0.001, average: bid });
  venue.setFlow(true);
}, 20_000);

test('orders are created, amended and canceled together', async () => {
  const [price, other] = [await below(400), await below(300)];
  const order = (at: number, clientOrderId: string) => ({
    ...{ symbol, type: 'limit' as const, side: 'buy' as const, amount: 0.01, price: at },
    params: { clientOrderId },
  });
  const placed = await client.createOrders([order(price, 'many-1'), order(other, 'many-2')]);
  expect(placed.map(({ status, clientOrderId }) => [status, clientOrderId])).toEqual([
    ['open', 't-many-1'],
    ['open', 't-many-2'],
  ]);
  const [first, second] = placed.map(({ id }) => id!);
  const amended = await client.editOrder(first!, symbol, 'limit', 'buy', 0.02, price - 10);
  expect(amended).toMatchObject({ id: first, status: 'open', amount: 0.02, price: price - 10 });
  const less = await client.editOrder(first!, symbol, 'limit', 'buy', 0.005);
  expect(less).toMatchObject({ id: first, amount: 0.005, price: price - 10 });
  const gone = await client.cancelOrders([first!, second!, '99900'], symbol);
  expect(gone.map(({ info }) => (info as { succeeded: boolean }).succeeded)).toEqual([true, true, false]);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
}, 20_000);

test('all orders of a market are canceled at once, and none of another', async () => {
  for (const away of [300, 400])
    await client.createOrder(symbol, 'limit', 'buy', 0.01, await below(away), { postOnly: true });
  const elsewhere = await client.createOrder('ETH/USDT', 'limit', 'buy', 0.1, 2_500);
  expect((await client.fetchOpenOrders(symbol)).length).toBe(2);
  expect((await client.cancelAllOrders(symbol)).length).toBe(2);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  expect((await client.fetchOpenOrders()).map(({ id }) => id)).toEqual([elsewhere.id]);
  await client.cancelOrder(elsewhere.id!, 'ETH/USDT');
}, 20_000);

test('what the venue does not take is refused with its own error', async () => {
  const bid = await bestBid();
  const place = (amount: number, price: number) => client.createOrder(symbol, 'limit', 'buy', amount, price);
  await expect(place(1000, bid)).rejects.toThrow(ccxt.InsufficientFunds);
  await expect(place(0.00001, bid)).rejects.toThrow(/too small/);
  await expect(place(0.01, bid * 10)).rejects.toThrow(/PRICE_TOO_DEVIATED/);
  await expect(client.fetchOrder('99900', symbol)).rejects.toThrow(ccxt.OrderNotFound);
  await expect(client.fetchOrder('t-nobody', symbol)).rejects.toThrow(/CLIENT_ID_NOT_FOUND/);
  const stranger = clientOf('wrong');
  stranger.setMarkets(client.markets);
  await expect(stranger.fetchBalance()).rejects.toThrow(/INVALID_SIGNATURE/);
  await expect(stranger.watchBalance()).rejects.toThrow(ccxt.AuthenticationError);
  await stranger.close();
}, 20_000);

test('a dropped reply leaves an order that the client was not told of', async () => {
  venue.faults.dropReply('create', 1);
  const params = { clientOrderId: 'lost-1' };
  await expect(client.createOrder(symbol, 'limit', 'buy', 0.01, await below(500), params)).rejects.toThrow();
  const found = await client.fetchOrder('', symbol, { clientOrderId: 'lost-1' });
  expect(found.status).toBe('open');
  venue.faults.delayQueries(60_000);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  await expect(client.fetchOrder(found.id!, symbol)).rejects.toThrow(ccxt.OrderNotFound);
  venue.faults.clearAll();
  expect((await client.fetchOpenOrders(symbol)).length).toBe(1);
  await client.cancelAllOrders(symbol);
  expect(venue.duplicateCreates()).toEqual([]);
}, 20_000);

test('requests fail and are throttled on demand, and nothing is carried out', async () => {
  const price = await below(500);
  const place = (clientOrderId: string) =>
    client.createOrder(symbol, 'limit', 'buy', 0.01, price, { clientOrderId });
  venue.faults.failNext('create', 1, 503);
  await expect(place('fails-1')).rejects.toThrow(ccxt.ExchangeNotAvailable);
  venue.faults.rateLimitNext(1);
  await expect(place('fails-2')).rejects.toThrow(ccxt.RateLimitExceeded);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  expect(venue.creates().map(({ clientOrderId }) => clientOrderId)).toEqual(
    expect.arrayContaining(['t-fails-1', 't-fails-2']),
  );
}, 20_000);

test('a held report of a fill comes when it is released', async () => {
  venue.faults.holdNext('fill-reported', 100);
  let isReported = false;
  const watched = client.watchMyTrades(symbol).then((trades) => {
    isReported = true;
    return trades;
  });
  const order = await client.createOrder(symbol, 'market', 'sell', 0.0015, undefined, {
    clientOrderId: 'hold-1',
  });
  await runtime.sleep(200);
  expect(isReported).toBe(false);
  expect(venue.faults.held()[0]).toMatchObject({ point: 'fill-reported', clientOrderId: 't-hold-1' });
  venue.faults.clearAll();
  expect((await watched).at(-1)).toMatchObject({ order: order.id });
}, 20_000);

test('after a restart an account finds its orders as they were, and ids go on', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'gate-venue-'));
  const start = () => startVenueSimulator({ runtime, port: 0, seed: 3, stepsPerSecond: 0, stateDir });
  const first = await start();
  const before = clientOf(demoAccount.secret, first);
  const spent = await before.createOrder(symbol, 'market', 'buy', 0.002, 65_000);
  const rests = await before.createOrder(symbol, 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'stays' });
  await first.stop();
  const second = await start();
  const after = clientOf(demoAccount.secret, second);
  expect((await after.fetchOrder(spent.id!, symbol)).info).toEqual(spent.info);
  expect((await after.fetchOrder('t-stays', symbol)).info).toEqual(rests.info);
  const next = await after.createOrder(symbol, 'limit', 'buy', 0.01, 50_000);
  expect(Number(next.id)).toBeGreaterThan(Number(rests.id));
  await second.stop();
  rmSync(stateDir, { recursive: true });
}, 20_000);
