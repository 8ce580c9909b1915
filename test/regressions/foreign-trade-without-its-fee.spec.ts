import { accountBench, fillOf, openBooks } from '../support/account-bench';
import type { AccountBench } from '../support/account-bench';

let bench: AccountBench;

beforeEach(async () => {
  bench = await accountBench();
  await openBooks(bench);
  bench.reconciler.start(bench.runtime.now(), []);
});

afterEach(() => bench.reconciler.stop());

/**
 * Found by the simulation: a trade of a person came over the stream without its fee and was posted so, once and for all.
 * The books then had what the venue had taken.
 */
it('posts a foreign trade with the fee that the list of trades tells', async () => {
  const foreign = fillOf('web_1', { tradeId: '7' });
  bench.reconciler.fill(foreign);
  await bench.runtime.advance(1_000);
  expect(bench.store.postings().filter(({ key }) => key.startsWith('external:binance:'))).toEqual([]);
  bench.venue.trades = [{ ...foreign, source: 'rest-trades', fee: '0.0001', feeAsset: 'BTC' }];
  await bench.runtime.advance(40_000);
  const moved = bench.store
    .postings()
    .filter(({ key, holder }) => holder === 'unallocated:a1' && key.startsWith('external:binance:'));
  expect(moved.map(({ asset, quantity }) => `${asset} ${quantity}`)).toEqual([
    'BTC 0.5',
    'USDT -49.95',
    'BTC -0.0001',
  ]);
});
