import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, openBooks, reportOf } from '../support/account-bench';

const venueOrderId = 'v1';

const foreign = ({ store }: AccountBench) =>
  store.postings().filter(({ key }) => key.startsWith('external:binance:'));

/**
 * Found by simulation (`z2-495`, and `fx-181` on an earlier tree): a database was set back and lost an order of ours,
 * and the venue denied that order for half a minute, three answers in a row. Its trade was booked as a person's, then
 * again as ours when the order was shown.
 */
it('does not take a denied order for nobody while its trade says that it exists', async () => {
  const bench = await accountBench();
  await openBooks(bench);
  bench.store.assignStrategy('s1', 'a1', { number: 7 });
  const clientOrderId = bench.orders.nextClientOrderId(7);
  const { clientOrderId: _id, ...nameless } = fillOf(clientOrderId, {
    ...{ venueOrderId, source: 'rest-trades', fee: '0', feeAsset: 'USDT' },
  });
  bench.venue.trades = [nameless];
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(60_000);
  expect(bench.venue.calls.query).toBeGreaterThan(3);
  bench.venue.orders.set(
    venueOrderId,
    reportOf(clientOrderId, { venueOrderId, status: 'canceled', cumFilled: '0.5' }),
  );
  await bench.runtime.advance(30_000);
  const row = await bench.store.findOrder({ clientOrderId });
  expect(row).toMatchObject({ strategyId: 's1', bookedFilled: '0.5', ended: { why: 'canceled' } });
  expect(foreign(bench)).toStrictEqual([]);
  bench.reconciler.stop();
});
