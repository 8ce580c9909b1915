import BigNumber from 'bignumber.js';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { account, foreignId, session, startBench, strategyId } from '../support/engine-bench';

let bench: EngineBench;

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 20, tickMs: 100 });
}, 60_000);
afterAll(() => bench.stop(), 30_000);

describe('one market, quoted end to end', () => {
  it('quotes both sides, two levels each', async () => {
    await bench.execution.open(session);
    await bench.eventually('two levels a side at the venue', () => bench.atVenue().length === 4, 10_000);
    expect(bench.sidesAtVenue()).toBe('buy,sell');
  }, 20_000);

  it('books every fill once, and the books equal the venue', async () => {
    const trades = () => bench.venue.core.trades(demoAccount.apiKey, 'BTCUSDT');
    const until = bench.runtime.monotonic() + 15_000;
    while (trades().length < 10 && bench.runtime.monotonic() < until) {
      const [bid] = bench.atVenue().filter((order) => order.side === 'buy');
      const order = bench.venue.core
        .openOrders(demoAccount.apiKey)
        .find((o) => o.clientOrderId === bid?.clientOrderId);
      if (order) bench.venue.take('BTCUSDT', 'sell', 200_000, order.price);
      await bench.runtime.sleep(200);
    }
    await bench.execution.close(strategyId, 10_000);
    await bench.engine.orders.idle();
    const rows = await bench.database.query<{ trade_id: string }[]>('select trade_id from fills order by 1');
    expect(rows.map((row) => row.trade_id).sort()).toEqual(
      trades()
        .map((trade) => String(trade.tradeId))
        .sort(),
    );
    expect(rows.length).toBeGreaterThanOrEqual(1);
    for (const { asset, free, locked } of bench.venue.core.balances(demoAccount.apiKey)) {
      const booked = bench.engine.holdings.accountTotal(account.id, asset);
      expect([asset, booked.toFixed()]).toEqual([asset, new BigNumber(free).plus(locked).toFixed()]);
    }
  }, 40_000);

  it('stops with proof from the venue, and leaves the foreign order alone', async () => {
    await bench.execution.open(session);
    await bench.eventually('quoting again', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
    const closed = await bench.execution.close(strategyId, 10_000);
    expect(closed).toEqual({ confirmed: true, remaining: [], venueOpenOrders: 0 });
    expect(bench.venue.core.openOrders(demoAccount.apiKey).map((order) => order.clientOrderId)).toEqual([
      foreignId,
    ]);
  }, 30_000);

  it('pulls its quotes when the market feed is cut, and quotes again after the resync', async () => {
    await bench.execution.open(session);
    await bench.eventually('quoting', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
    // The way back may be one of milliseconds; a snapshot that is late keeps the book out of sync for long enough to act.
    bench.venue.faults.delaySnapshots(3_000);
    bench.venue.faults.cutSockets('public');
    await bench.eventually('no quote rests', () => bench.atVenue().length === 0, 2_500);
    expect(bench.engine.books.isSynced('binance', 'BTC/USDT')).toBe(false);
    bench.venue.faults.clearAll();
    await bench.eventually('in sync again', () => bench.engine.books.isSynced('binance', 'BTC/USDT'), 10_000);
    await bench.eventually('quoting again', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
  }, 40_000);

  it('never sent one client order id twice', () => {
    const ids = bench.venue.creates().map((create) => create.clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
