import { accountBench, fillOf, loadOrder, openBooks, reportOf } from '../support/account-bench';

const trades = 120;

/**
 * Found by simulation (`m2-44`): hundreds of trades that name nobody each had their order asked for at once, and again
 * while an order of ours was in doubt. The questions used up the request budget that the book needed for a snapshot.
 */
it('asks for few orders at a time and for each order once', async () => {
  const bench = await accountBench();
  await openBooks(bench);
  const { reconciler, runtime, venue } = bench;
  // One of ours without an end could be the one that traded: no trade is called foreign while it is in doubt.
  const doubted = loadOrder(bench, 1_000);
  for (let index = 0; index < trades; index += 1) {
    const venueOrderId = `x${Math.floor(index / 2)}`;
    const { clientOrderId: _id, ...nameless } = fillOf('web_1', {
      ...{ venueOrderId, tradeId: String(index), fee: '0', feeAsset: 'USDT', source: 'rest-trades' },
    });
    venue.orders.set(venueOrderId, reportOf('web_1', { venueOrderId, status: 'canceled', cumFilled: '1' }));
    venue.trades.push(nameless);
  }
  reconciler.start(runtime.now(), []);
  const perSecond: number[] = [];
  for (let second = 0; second < 90; second += 1) {
    const before = venue.calls.query;
    await runtime.advance(1_000);
    perSecond.push(venue.calls.query - before);
    if (second === 30) venue.orders.set(doubted, reportOf(doubted, { status: 'open' }));
  }
  expect(Math.max(...perSecond)).toBeLessThanOrEqual(12);
  expect(venue.calls.query).toBeLessThan(trades / 2 + 20);
  const foreign = bench.store.postings().filter(({ key }) => key.startsWith('external:binance:'));
  expect(new Set(foreign.map(({ key }) => key)).size).toBe(trades);
  reconciler.stop();
});
