import BigNumber from 'bignumber.js';
import type { VenueId } from '../../src/domain/instrument';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import type { EngineBench } from '../support/engine-bench';
import { account, foreignId, session, startBench, strategyId } from '../support/engine-bench';

/** The whole engine on a real database, in the dialects whose answers to orders and cancels hold less than Binance's. */
describe.each<VenueId>(['okx', 'gate'])('quoting at %s', (venueId) => {
  let bench: EngineBench;
  const own = { ...session, account: { ...account, venue: venueId } };

  beforeAll(async () => {
    bench = await startBench({ stepsPerSecond: 20, tickMs: 200, venueId });
  }, 60_000);
  afterAll(() => bench.stop(), 30_000);

  it('rests on both sides, books every fill once, and stops with proof', async () => {
    const trades = () => bench.venue.core.trades(demoAccount.apiKey, 'BTCUSDT');
    await bench.execution.open(own);
    await bench.eventually('two levels a side at the venue', () => bench.atVenue().length === 4, 15_000);
    expect(bench.sidesAtVenue()).toBe('buy,sell');
    const until = bench.runtime.monotonic() + 15_000;
    while (trades().length < 5 && bench.runtime.monotonic() < until) {
      const [bid] = bench.atVenue().filter((order) => order.side === 'buy');
      if (bid) bench.venue.take('BTCUSDT', 'sell', 200_000, bid.price);
      await bench.runtime.sleep(300);
    }
    expect(trades().length).toBeGreaterThanOrEqual(1);
    const closed = await bench.execution.close(strategyId, 15_000);
    expect(closed).toEqual({ confirmed: true, remaining: [], venueOpenOrders: 0 });
    await bench.engine.orders.idle();
    expect(bench.venue.core.openOrders(demoAccount.apiKey).map((order) => order.clientOrderId)).toEqual([
      foreignId,
    ]);
    const rows = await bench.database.query<{ price: string; quantity: string; fee: string }[]>(
      'select price, quantity, fee from fills',
    );
    expect(rows).toHaveLength(trades().length);
    for (const { asset, free, locked } of bench.venue.core.balances(demoAccount.apiKey)) {
      const booked = bench.engine.holdings.accountTotal(account.id, asset);
      expect([asset, booked.toFixed()]).toEqual([asset, new BigNumber(free).plus(locked).toFixed()]);
    }
  }, 60_000);

  it('pulls its quotes when the market feed is cut, and quotes again after it is back', async () => {
    await bench.execution.open(own);
    await bench.eventually('quoting', () => bench.sidesAtVenue() === 'buy,sell', 15_000);
    // The way back may take less than a look: each event is asked, on its stack.
    let wasInvalid = false;
    bench.engine.accounts.get(account.id)!.connector.feed.onEvent(() => {
      wasInvalid ||= !bench.engine.books.isSynced(venueId, 'BTC/USDT');
    });
    bench.venue.faults.cutSockets('public');
    await bench.eventually('the book is invalid', () => wasInvalid, 5_000);
    await bench.eventually('in sync again', () => bench.engine.books.isSynced(venueId, 'BTC/USDT'), 10_000);
    await bench.eventually('quoting again', () => bench.sidesAtVenue() === 'buy,sell', 10_000);
    expect(await bench.execution.close(strategyId, 15_000)).toMatchObject({ confirmed: true });
  }, 60_000);

  it('never sent one client order id twice', () => {
    const ids = bench.venue.creates().map((create) => create.clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(3);
  });
});
