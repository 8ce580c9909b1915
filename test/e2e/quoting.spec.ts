import BigNumber from 'bignumber.js';
import type { DataSource } from 'typeorm';
import { createEngine } from '../../src/modules/execution/create-engine';
import type { Engine } from '../../src/modules/execution/engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { AccountConfig, SessionConfig } from '../../src/modules/execution/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { testDatabase, testDatabaseUrl } from '../support/test-database';

const strategyId = '01990000-0000-7000-8000-000000000001';
const account: AccountConfig = {
  id: '01990000-0000-7000-8000-0000000000aa',
  venue: 'binance',
  environment: 'sim',
};
const session: SessionConfig = {
  strategyId,
  number: 7,
  account,
  instrument: 'BTC/USDT',
  strategyType: 'pureMarketMaking',
  config: {
    bidSpreadBps: 10,
    askSpreadBps: 10,
    levels: 2,
    levelSpacingBps: 5,
    orderQuantityBase: '0.01',
    costMode: 'none',
  },
};
const foreignId = 'placed-by-a-person';

const runtime = createRealRuntime();
let database: DataSource;
let venue: VenueSimulator;
let engine: Engine;
let execution: ExecutionService;

const atVenue = (): readonly { readonly clientOrderId: string; readonly side: string }[] =>
  venue.core.openOrders(demoAccount.apiKey).filter((order) => order.clientOrderId !== foreignId);
const sidesAtVenue = (): string => [...new Set(atVenue().map((order) => order.side))].sort().join();

async function eventually(what: string, holds: () => boolean, withinMs: number): Promise<void> {
  const until = runtime.monotonic() + withinMs;
  while (!holds()) {
    if (runtime.monotonic() > until) throw new Error(`not within ${withinMs} ms: ${what}`);
    await runtime.sleep(20);
  }
}

async function startEngine(): Promise<void> {
  engine = await createEngine(
    runtime,
    new PostgresStore(testDatabaseUrl(), runtime),
    { tickMs: 100, engineId: 'test', simOrigin: `http://127.0.0.1:${venue.port}` },
    {
      credentials: { credentials: () => Promise.resolve(demoAccount) },
      fillSink: { fillBooked: () => undefined },
      notify: () => undefined,
    },
  );
  execution = new ExecutionService(engine);
}

beforeAll(async () => {
  database = await testDatabase();
  venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 20 });
  venue.core.place({
    ...{
      account: demoAccount.apiKey,
      symbol: 'BTCUSDT',
      clientOrderId: foreignId,
      side: 'buy',
      type: 'limit',
    },
    ...{ timeInForce: 'GTC', price: 5_000_000, quantity: 1_000, stp: 'NONE' },
  });
  await database.query(
    `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
     values ($1, 'sim', 'binance', 'sim', 'k', 's')`,
    [account.id],
  );
  await database.query(
    `insert into strategies (id, number, name, strategy_type, account_id, venue, symbol, mode, config, desired_state, state)
     values ($1, 7, 'quoting', 'pureMarketMaking', $2, 'binance', 'BTC/USDT', 'live', '{}', 'running', 'created')`,
    [strategyId, account.id],
  );
  await startEngine();
  await execution.addAccount(account);
  const lines = [
    { holder: `unallocated:${account.id}`, asset: 'USDT', quantity: '-50000' },
    { holder: `strategy:${strategyId}`, asset: 'USDT', quantity: '50000' },
    { holder: `unallocated:${account.id}`, asset: 'BTC', quantity: '-1' },
    { holder: `strategy:${strategyId}`, asset: 'BTC', quantity: '1' },
  ];
  const guarded = [`unallocated:${account.id}`];
  const funded = await execution.transfer({ key: 'allocate', kind: 'allocation', lines, guarded });
  expect(funded.kind).toBe('done');
}, 60_000);

afterAll(async () => {
  await engine.shutdown();
  await venue.stop();
  await database.destroy();
  await runtime.close();
}, 30_000);

describe('one market, quoted end to end', () => {
  it('quotes both sides, two levels each', async () => {
    await execution.open(session);
    await eventually('two levels a side at the venue', () => atVenue().length === 4, 10_000);
    expect(sidesAtVenue()).toBe('buy,sell');
  }, 20_000);

  it('books every fill once, and the books equal the venue', async () => {
    const trades = () => venue.core.trades(demoAccount.apiKey, 'BTCUSDT');
    const until = runtime.monotonic() + 15_000;
    while (trades().length < 10 && runtime.monotonic() < until) {
      const [bid] = atVenue().filter((order) => order.side === 'buy');
      const order = venue.core
        .openOrders(demoAccount.apiKey)
        .find((o) => o.clientOrderId === bid?.clientOrderId);
      if (order) venue.take('BTCUSDT', 'sell', 200_000, order.price);
      await runtime.sleep(200);
    }
    await execution.close(strategyId, 10_000);
    await engine.orders.idle();
    const rows = await database.query<{ trade_id: string }[]>('select trade_id from fills order by 1');
    expect(rows.map((row) => row.trade_id).sort()).toEqual(
      trades()
        .map((trade) => String(trade.tradeId))
        .sort(),
    );
    expect(rows.length).toBeGreaterThanOrEqual(1);
    for (const { asset, free, locked } of venue.core.balances(demoAccount.apiKey)) {
      const booked = engine.holdings.accountTotal(account.id, asset);
      expect([asset, booked.toFixed()]).toEqual([asset, new BigNumber(free).plus(locked).toFixed()]);
    }
  }, 40_000);

  it('stops with proof from the venue, and leaves the foreign order alone', async () => {
    await execution.open(session);
    await eventually('quoting again', () => sidesAtVenue() === 'buy,sell', 10_000);
    const closed = await execution.close(strategyId, 10_000);
    expect(closed).toEqual({ confirmed: true, remaining: [], venueOpenOrders: 0 });
    expect(venue.core.openOrders(demoAccount.apiKey).map((order) => order.clientOrderId)).toEqual([
      foreignId,
    ]);
  }, 30_000);

  it('pulls its quotes when the market feed is cut, and quotes again after the resync', async () => {
    await execution.open(session);
    await eventually('quoting', () => sidesAtVenue() === 'buy,sell', 10_000);
    venue.faults.cutSockets('public');
    await eventually('the book is invalid', () => !engine.books.isSynced('binance', 'BTC/USDT'), 2_000);
    await eventually('in sync again', () => engine.books.isSynced('binance', 'BTC/USDT'), 10_000);
    await eventually('quoting again', () => sidesAtVenue() === 'buy,sell', 10_000);
  }, 40_000);

  it('never sent one client order id twice', () => {
    const ids = venue.creates().map((create) => create.clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
