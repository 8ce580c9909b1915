import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, openBooks, reportOf } from '../support/account-bench';

const venueOrderId = 'v1';

/** An account that is ready, a database that returns, and a trade in the venue's list that names no order of ours. */
async function returned(clientOrderIdOf: (bench: AccountBench) => string, isShown: boolean) {
  const bench = await accountBench();
  await openBooks(bench);
  bench.store.assignStrategy('s1', 'a1', { number: 7 });
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(5_000);
  expect(bench.reconciler.isReady).toBe(true);
  const clientOrderId = clientOrderIdOf(bench);
  const { clientOrderId: _id, ...nameless } = fillOf(clientOrderId, {
    ...{ venueOrderId, source: 'rest-trades', fee: '0', feeAsset: 'USDT' },
  });
  bench.venue.trades = [nameless];
  const moved = { BTC: '0.5', USDT: '-49.95' }; // As a venue shows it that lends.
  for (const [asset, free] of Object.entries(moved)) bench.venue.balances.push({ asset, free, locked: '0' });
  const order = reportOf(clientOrderId, { venueOrderId, status: 'canceled', cumFilled: '0.5' });
  const show = (): void => void bench.venue.orders.set(venueOrderId, order);
  if (isShown) show();
  bench.reconciler.databaseLost();
  bench.reconciler.databaseReturned([]);
  await bench.runtime.advance(20_000);
  return { ...bench, show };
}

/**
 * Found by simulation (`rel-531`): a database set back had lost an order with its trade, and the venue answered the
 * question for the order with 502. Everything else was answered, and a create left that the lost fill made too large.
 */
it('holds the creates of an account while a trade may be of an order that the record has lost', async () => {
  const { reconciler, runtime, store, show } = await returned(
    ({ orders }) => orders.nextClientOrderId(7),
    false,
  );
  expect([reconciler.isReady, reconciler.readsLeft]).toEqual([false, ['trades']]);
  show();
  await runtime.advance(20_000);
  expect(reconciler.isReady).toBe(true);
  expect(store.postings().some(({ kind, holder }) => kind === 'fill' && holder === 'strategy:s1')).toBe(true);
  reconciler.stop();
});

it('holds nothing for the trade of a person', async () => {
  const { reconciler } = await returned(() => 'web_4f2a', true);
  expect([reconciler.isReady, reconciler.readsLeft]).toEqual([true, []]);
  reconciler.stop();
});
