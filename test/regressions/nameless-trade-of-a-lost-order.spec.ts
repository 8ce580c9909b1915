import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, openBooks, reportOf } from '../support/account-bench';

const venueOrderId = 'v1';

/** A database that was set back: the venue's list has a trade, naming the venue's order alone, of an order without a row. */
async function benchWithTrade(clientOrderIdOf: (bench: AccountBench) => string): Promise<AccountBench> {
  const bench = await accountBench();
  await openBooks(bench);
  bench.store.assignStrategy('s1', 'a1', { number: 7 });
  const clientOrderId = clientOrderIdOf(bench);
  const { clientOrderId: _id, ...nameless } = fillOf(clientOrderId, { venueOrderId, source: 'rest-trades' });
  const filled = { venueOrderId, status: 'canceled', cumFilled: '0.5' } as const;
  bench.venue.orders.set(venueOrderId, reportOf(clientOrderId, filled));
  bench.venue.trades = [nameless];
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(15_000);
  return bench;
}

const isForeign = ({ key }: { readonly key: string }): boolean => key.startsWith('external:binance:');

/**
 * Found by setting the database of a killed engine back to a base copy: trades of lost orders were read from the
 * venue's list, which names no client id, and were posted as somebody else's instead of the strategy's.
 */
it('asks the venue whose order a nameless trade is before it calls it foreign', async () => {
  const bench = await benchWithTrade(({ orders }) => orders.nextClientOrderId(7));
  expect(bench.store.postings().filter(isForeign)).toEqual([]);
  const row = await bench.store.findOrder({
    ...{ venue: 'binance', accountId: 'a1', instrument: 'BTC/USDT', venueOrderId },
  });
  expect(row).toMatchObject({ strategyId: 's1', bookedFilled: '0.5', ended: { why: 'canceled' } });
  expect(bench.count('EXTERNAL_OURS')).toBe(1);
});

it('calls it foreign when the venue names somebody else', async () => {
  const bench = await benchWithTrade(() => 'web_4f2a');
  expect(bench.store.postings().some(isForeign)).toBe(true);
  expect(bench.count('EXTERNAL_OURS')).toBe(0);
});
