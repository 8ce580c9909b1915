import { Agent } from 'node:http';
import * as ccxt from 'ccxt';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';

/** Unmodified ccxt: what it asks of each dialect besides orders. */
const symbol = 'BTC/USDT';
const runtime = createRealRuntime();
let venue: VenueSimulator;

interface UrlTree {
  [key: string]: string | UrlTree;
}

function leavesTo(tree: UrlTree, url: string): UrlTree {
  const moved = Object.entries(tree).map(([key, value]) => [
    key,
    typeof value === 'string' ? url : leavesTo(value, url),
  ]);
  return Object.fromEntries(moved) as UrlTree;
}

type Client = InstanceType<typeof ccxt.pro.binance>;
const clients: Client[] = [];

function clientOf(venueId: 'binance' | 'okx' | 'gate'): Client {
  const { apiKey, secret } = demoAccount;
  const httpAgent = new Agent({ keepAlive: true });
  const options = { fetchMarkets: { types: ['spot'] } };
  const made = new ccxt.pro[venueId]({
    ...{ apiKey, secret, password: usualPassphrase, enableRateLimit: false, httpAgent, options },
  }) as Client;
  const { origin } = venue;
  const sockets = origin.replace('http', 'ws');
  const urls = made.urls as unknown as { api: UrlTree };
  urls.api = leavesTo(urls.api, `${origin}/blocked`);
  if (venueId === 'binance')
    Object.assign(urls.api, {
      ...{ public: `${origin}/binance/api/v3`, private: `${origin}/binance/api/v3` },
      sapi: `${origin}/binance/sapi/v1`,
      ws: { spot: `${sockets}/binance/stream/ws`, 'ws-api': { spot: `${sockets}/binance/ws-api/v3` } },
    });
  if (venueId === 'okx') Object.assign(urls.api, { rest: `${origin}/okx`, ws: `${sockets}/okx/ws/v5` });
  if (venueId === 'gate') {
    for (const side of ['public', 'private'])
      urls.api[side] = leavesTo(urls.api[side] as UrlTree, `${origin}/gate/api/v4`);
    urls.api['spot'] = `${sockets}/gate/ws/v4/`;
    made.options['unifiedAccount'] = false;
  }
  made.has['fetchCurrencies'] = false;
  clients.push(made);
  return made;
}

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, seed: 5, stepsPerSecond: 20 });
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await venue.stop();
  await runtime.close();
});

describe.each(['binance', 'okx', 'gate'] as const)('%s', (venueId) => {
  let client: Client;

  beforeAll(async () => {
    client = clientOf(venueId);
    await client.loadMarkets();
  }, 60_000);

  it('reads candles', async () => {
    venue.take('BTCUSDT', 'buy', 100);
    const trades = venue.core.publicTrades('BTCUSDT');
    const candles = await client.fetchOHLCV(symbol, '1m');
    const last = candles.at(-1)!;
    expect(last[0]! % 60_000).toBe(0);
    expect(runtime.now() - last[0]!).toBeLessThan(62_000);
    expect(last[2]).toBeGreaterThanOrEqual(last[3]!);
    const prices = trades.map(({ price }) => price / 100);
    expect(prices).toContain(candles[0]![1]);
    expect(last[2]).toBeLessThanOrEqual(Math.max(...prices, ...candles.map((candle) => candle[2]!)));
    await expect(client.fetchOHLCV(symbol, '1M')).rejects.toThrow(ccxt.ExchangeError);
  });

  it('reads the fee of a market', async () => {
    const { maker, taker } = await client.fetchTradingFee(symbol);
    expect([maker, taker]).toEqual([0.001, 0.001]);
  });

  it('watches the day and the best prices', async () => {
    const ticker = await client.watchTicker(symbol);
    expect(ticker.last).toBeGreaterThan(0);
    const best = (await client.watchBidsAsks([symbol]))[symbol]!;
    expect(best.bid).toBeLessThan(best.ask!);
  }, 20_000);

  it('changes an order', async () => {
    const { bids } = await client.fetchOrderBook(symbol, 5);
    const price = Math.round(Number(bids[0]![0]) * 0.9);
    const order = await client.createOrder(symbol, 'limit', 'buy', 0.01, price);
    const changed = await client.editOrder(order.id!, symbol, 'limit', 'buy', 0.008, price);
    const open = await client.fetchOpenOrders(symbol);
    expect(open.map(({ id, amount }) => [id, amount])).toEqual([[changed.id, 0.008]]);
    await client.cancelOrder(changed.id!, symbol);
  });
});

it('reads every trade page by page', async () => {
  const client = clients[0]!;
  const { bids } = await client.fetchOrderBook(symbol, 5);
  const price = Number(bids[0]![0]) + 0.01;
  venue.setFlow(false);
  const { id } = await client.createOrder(symbol, 'limit', 'buy', 0.005, price);
  for (let i = 0; i < 5; i += 1) venue.take('BTCUSDT', 'sell', 100, Math.round(price * 100));
  const own = (await client.fetchMyTrades(symbol)).filter((trade) => trade.order === id);
  const fromId = own[0]!.id!;
  const first = await client.fetchMyTrades(symbol, undefined, 2, { fromId });
  const second = await client.fetchMyTrades(symbol, undefined, 9, { fromId: Number(first[1]!.id) + 1 });
  expect([...first, ...second].map((trade) => trade.id)).toEqual(own.map((trade) => trade.id));
  expect(own).toHaveLength(5);
});
