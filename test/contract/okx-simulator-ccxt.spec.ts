import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ccxt from 'ccxt';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

/** Unmodified ccxt, as any user of it would run it, over real loopback sockets. */
const symbol = 'BTC/USDT';
const runtime = createRealRuntime();
let venue: VenueSimulator;
let client: InstanceType<typeof ccxt.pro.okx>;

type Info = Readonly<Record<string, string>>;

function clientOf(secret: string, { origin } = venue): InstanceType<typeof ccxt.pro.okx> {
  const made = new ccxt.pro.okx({
    ...{ apiKey: demoAccount.apiKey, secret, password: usualPassphrase, enableRateLimit: false },
    httpAgent: new Agent({ keepAlive: true }),
  });
  // Every kind of market is asked for, as by default; there are only these two addresses.
  const urls = made.urls as unknown as { api: Record<string, string> };
  for (const key of Object.keys(urls.api)) urls.api[key] = `${origin}/blocked`;
  Object.assign(urls.api, { rest: `${origin}/okx`, ws: `${origin.replace('http', 'ws')}/okx/ws/v5` });
  return made;
}

async function bestBid(): Promise<number> {
  const book = await client.fetchOrderBook(symbol, 5);
  return Number(book.bids[0]![0]);
}

/** A price that rests, on the grid of the market. */
const below = async (away: number): Promise<number> => Number(((await bestBid()) - away).toFixed(2));

/** Watches until something matches. */
async function until<T>(watch: () => Promise<readonly T[]>, isIt: (item: T) => boolean): Promise<T> {
  for (;;) {
    const found = (await watch()).find(isIt);
    if (found) return found;
  }
}

const infoOf = ({ info }: { readonly info: unknown }): Info => info as Info;

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, seed: 11, stepsPerSecond: 20 });
  client = clientOf(demoAccount.secret);
  await client.loadMarkets();
}, 60_000);

afterAll(async () => {
  await client?.close();
  await venue?.stop();
  await runtime.close();
});

test('markets carry the rules of the venue, and its clock is asked', async () => {
  const market = client.market(symbol);
  expect(market).toMatchObject({ id: 'BTC-USDT', spot: true, active: true, instIdCode: 1 });
  expect(market.precision).toMatchObject({ price: 0.01, amount: 0.00001 });
  expect(market.limits.amount).toMatchObject({ min: 0.00001, max: 9_000 });
  expect(Object.keys(client.markets ?? {})).toEqual(['BTC/USDT', 'ETH/USDT', 'SOL/USDT']);
  expect(Object.keys(client.currencies ?? {})).toEqual(expect.arrayContaining(['BTC', 'USDT']));
  expect(Math.abs(Number(await client.fetchTime()) - runtime.now())).toBeLessThan(1_000);
  expect(await client.fetchTradingFee(symbol)).toMatchObject({ maker: 0.001, taker: 0.001 });
  expect(await client.fetchStatus()).toMatchObject({ status: 'ok' });
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
  const rest = await client.fetchOrderBook(symbol, 400);
  const watched = (client.orderbooks as unknown as Record<string, typeof rest>)[symbol]!;
  const plain = (side: typeof rest.bids) => side.map(([price, size]) => [price, size]);
  expect(plain(watched.bids)).toEqual(plain(rest.bids));
  expect(plain(watched.asks)).toEqual(plain(rest.asks));
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
  const params = { clientOrderId: 'rest1' };
  const created = await client.createOrder(symbol, 'limit', 'buy', 0.01, await below(500), params);
  expect(infoOf(created)).toMatchObject({ clOrdId: 'rest1', sCode: '0', sMsg: '' });
  expect(created.id).toMatch(/^\d{19}$/);
  expect((await seen)[0]).toMatchObject({ id: created.id, clientOrderId: 'rest1', status: 'open' });
  expect(await client.fetchOrder(created.id!, symbol)).toMatchObject({ status: 'open', amount: 0.01 });
  const byName = await client.fetchOrder('', symbol, { clientOrderId: 'rest1' });
  expect(byName.id).toBe(created.id);
  expect((await client.fetchOpenOrders(symbol)).map(({ id }) => id)).toContain(created.id);
  const ended = until(
    () => client.watchOrders(symbol),
    (order) => order.status === 'canceled',
  );
  expect(await client.cancelOrder(created.id!, symbol)).toMatchObject({ id: created.id });
  expect(infoOf(await ended)).toMatchObject({ ordId: created.id, clOrdId: 'rest1', cancelSource: '1' });
  await expect(client.cancelOrder(created.id!, symbol)).rejects.toThrow(ccxt.OrderNotFound);
  expect((await client.fetchCanceledOrders(symbol)).at(-1)).toMatchObject({ id: created.id, filled: 0 });
}, 20_000);

test('market orders fill, and their trades and balances are reported', async () => {
  const trades = client.watchMyTrades(symbol);
  const balances = client.watchBalance();
  await runtime.sleep(200);
  const before = await client.fetchBalance();
  const bought = await client.createOrder(symbol, 'market', 'buy', 0.002);
  expect((await trades)[0]).toMatchObject({ order: bought.id, side: 'buy', takerOrMaker: 'taker' });
  expect((await balances)['BTC']?.total).toBeGreaterThan(0);
  const order = await client.fetchOrder(bought.id!, symbol);
  expect(order).toMatchObject({ status: 'closed', filled: 0.002, fee: { cost: 0.000002, currency: 'BTC' } });
  const mine = (await client.fetchMyTrades(symbol)).filter((trade) => trade.order === bought.id);
  expect(mine.reduce((sum, trade) => sum + Number(trade.amount), 0)).toBeCloseTo(0.002, 8);
  expect(mine[0]?.fee).toMatchObject({ currency: 'BTC' });
  const after = await client.fetchBalance();
  expect(Number(after['BTC']?.total)).toBeCloseTo(Number(before['BTC']?.total) + 0.002 * 0.999, 8);
  const spent = await client.createMarketBuyOrderWithCost(symbol, 130);
  const cost = (await client.fetchOrder(spent.id!, symbol)).cost;
  expect(infoOf(await client.fetchOrder(spent.id!, symbol))).toMatchObject({
    tgtCcy: 'quote_ccy',
    sz: '130',
  });
  expect(cost).toBe(130);
  const sold = await client.createOrder(symbol, 'market', 'sell', 0.002);
  const closed = (await client.fetchClosedOrders(symbol)).map(({ id }) => id);
  expect(closed).toEqual(expect.arrayContaining([bought.id, spent.id, sold.id]));
}, 20_000);

test('post-only is taken in and ends when it would take; IOC and FOK take at once', async () => {
  venue.setFlow(false);
  const bid = await bestBid();
  const ended = until(
    () => client.watchOrders(symbol),
    ({ clientOrderId, status }) => clientOrderId === 'crossing' && status === 'canceled',
  );
  await runtime.sleep(50);
  const params = { postOnly: true, clientOrderId: 'crossing' };
  const crossing = await client.createOrder(symbol, 'limit', 'sell', 0.01, bid, params);
  expect(infoOf(crossing)).toMatchObject({ sCode: '0' });
  expect(infoOf(await ended)).toMatchObject({ cancelSource: '31', accFillSz: '0', ordType: 'post_only' });
  expect(await client.fetchOrder(crossing.id!, symbol)).toMatchObject({ status: 'canceled', filled: 0 });
  const rests = await client.createOrder(symbol, 'limit', 'buy', 0.01, bid - 100, { postOnly: true });
  expect(await client.fetchOrder(rests.id!, symbol)).toMatchObject({ status: 'open', postOnly: true });
  await client.cancelOrder(rests.id!, symbol);
  const ioc = await client.createOrder(symbol, 'limit', 'buy', 0.01, bid - 100, { timeInForce: 'IOC' });
  expect(infoOf(await client.fetchOrder(ioc.id!, symbol))).toMatchObject({
    state: 'canceled',
    cancelSource: '14',
  });
  const fok = await client.createOrder(symbol, 'limit', 'sell', 0.001, bid - 50, { timeInForce: 'FOK' });
  expect(await client.fetchOrder(fok.id!, symbol)).toMatchObject({ status: 'closed', filled: 0.001 });
  venue.setFlow(true);
}, 20_000);

test('orders are created, amended and canceled together', async () => {
  const [price, other] = [await below(400), await below(300)];
  const order = (at: number, clientOrderId: string) => ({
    ...{ symbol, type: 'limit' as const, side: 'buy' as const, amount: 0.01, price: at },
    params: { clientOrderId },
  });
  const placed = await client.createOrders([order(price, 'many1'), order(other, 'many2')]);
  expect(placed.map(({ clientOrderId }) => clientOrderId)).toEqual(['many1', 'many2']);
  const [first, second] = placed.map(({ id }) => id!);
  await client.editOrder(first!, symbol, 'limit', 'buy', 0.02, price - 10);
  expect(await client.fetchOrder(first!, symbol)).toMatchObject({ amount: 0.02, price: price - 10 });
  const partly = await client.createOrders([order(price, 'many3'), order(price, 'many2')]);
  expect(partly.map(({ status }) => status)).toEqual([undefined, 'rejected']);
  const gone = await client.cancelOrders([first!, second!, partly[0]!.id!, '9900001'], symbol);
  // The client leaves out what it was refused.
  expect(gone.map(({ id }) => id)).toEqual([first, second, partly[0]!.id]);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
}, 20_000);

test('the switch of the account is armed and ended', async () => {
  const armed = (await client.cancelAllOrdersAfter(30_000)) as { data: Info[] };
  expect(Number(armed.data[0]?.['triggerTime'])).toBeGreaterThan(runtime.now() + 29_000);
  await runtime.sleep(1_100);
  const ended = (await client.cancelAllOrdersAfter(0)) as { data: Info[] };
  expect(ended.data[0]?.['triggerTime']).toBe('0');
}, 20_000);

test('what the venue does not take is refused with its own error', async () => {
  const bid = await bestBid();
  const place = (amount: number, price: number) => client.createOrder(symbol, 'limit', 'buy', amount, price);
  await expect(place(1000, bid)).rejects.toThrow(ccxt.InsufficientFunds);
  await expect(place(9_001, bid)).rejects.toThrow(/51005/);
  await expect(place(0.01, bid * 10)).rejects.toThrow(/51137/);
  await expect(client.fetchOrder('9900001', symbol)).rejects.toThrow(ccxt.OrderNotFound);
  const stranger = clientOf('wrong');
  stranger.setMarkets(client.markets);
  await expect(stranger.fetchBalance()).rejects.toThrow(/50113/);
  await expect(stranger.watchBalance()).rejects.toThrow(ccxt.AuthenticationError);
  await stranger.close();
}, 20_000);

test('a dropped reply leaves an order that the client was not told of', async () => {
  venue.faults.dropReply('create', 1);
  const params = { clientOrderId: 'lost1' };
  await expect(client.createOrder(symbol, 'limit', 'buy', 0.01, await below(500), params)).rejects.toThrow();
  const found = await client.fetchOrder('', symbol, { clientOrderId: 'lost1' });
  expect(found.status).toBe('open');
  venue.faults.delayQueries(60_000);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  await expect(client.fetchOrder(found.id!, symbol)).rejects.toThrow(ccxt.OrderNotFound);
  venue.faults.clearAll();
  expect((await client.fetchOpenOrders(symbol)).length).toBe(1);
  await client.cancelOrder(found.id!, symbol);
  expect(venue.duplicateCreates().map(({ clientOrderId }) => clientOrderId)).toEqual(['many2']);
}, 20_000);

test('requests fail and are throttled on demand, and nothing is carried out', async () => {
  const price = await below(500);
  const place = (clientOrderId: string) =>
    client.createOrder(symbol, 'limit', 'buy', 0.01, price, { clientOrderId });
  venue.faults.failNext('create', 1, 503);
  await expect(place('fails1')).rejects.toThrow(ccxt.OnMaintenance);
  venue.faults.rateLimitNext(1);
  await expect(place('fails2')).rejects.toThrow(ccxt.RateLimitExceeded);
  expect(await client.fetchOpenOrders(symbol)).toEqual([]);
  expect(venue.creates().map(({ clientOrderId }) => clientOrderId)).toEqual(
    expect.arrayContaining(['fails1', 'fails2']),
  );
}, 20_000);

test('a held report of a fill comes when it is released', async () => {
  venue.faults.holdNext('fill-reported', 100);
  let isReported = false;
  const watched = client.watchMyTrades(symbol).then((trades) => {
    isReported = true;
    return trades;
  });
  const params = { clientOrderId: 'hold1' };
  const order = await client.createOrder(symbol, 'market', 'sell', 0.0015, undefined, params);
  await runtime.sleep(200);
  expect(isReported).toBe(false);
  expect(venue.faults.held()[0]).toMatchObject({ point: 'fill-reported', clientOrderId: 'hold1' });
  venue.faults.clearAll();
  expect((await watched).at(-1)).toMatchObject({ order: order.id });
}, 20_000);

test('after a restart an account finds its orders as they were, and ids go on', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'okx-venue-'));
  const start = () => startVenueSimulator({ runtime, port: 0, seed: 3, stepsPerSecond: 0, stateDir });
  const first = await start();
  const before = clientOf(demoAccount.secret, first);
  const spent = await before.createOrder(symbol, 'market', 'buy', 0.002);
  const rests = await before.createOrder(symbol, 'limit', 'buy', 0.01, 50_000, { clientOrderId: 'stays' });
  const known = await Promise.all([spent, rests].map(({ id }) => before.fetchOrder(id!, symbol)));
  const trades = await before.fetchMyTrades(symbol);
  await first.stop();
  const second = await start();
  const after = clientOf(demoAccount.secret, second);
  const found = await Promise.all([spent, rests].map(({ id }) => after.fetchOrder(id!, symbol)));
  expect(found.map(infoOf)).toEqual(known.map(infoOf));
  expect((await after.fetchMyTrades(symbol)).map(infoOf)).toEqual(trades.map(infoOf));
  const next = await after.createOrder(symbol, 'limit', 'buy', 0.01, 50_000);
  expect(BigInt(next.id!)).toBeGreaterThan(BigInt(rests.id!));
  await second.stop();
  rmSync(stateDir, { recursive: true });
}, 20_000);
