import { DatabaseReturn } from '../../src/modules/execution/database-return';
import { DatabaseCopy } from '../simulation/database-copy';
import { accountBench, fillOf, openBooks } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

/**
 * Memory held a person's trade for posted for good. A database set back had lost the posting, and the next engine called
 * what it had moved unexplained.
 */
it('posts the trade of a person again that a database set back has lost', async () => {
  const bench = await accountBench();
  const { runtime, store, venue, reconciler, books, orders, holdings } = bench;
  await openBooks(bench);
  const copy = new DatabaseCopy(store);
  await runtime.advance(60_000);
  const fee = { fee: '0', feeAsset: 'USDT', source: 'rest-trades' } as const;
  venue.trades = [fillOf('web_1', { venueTime: runtime.now(), ...fee })];
  reconciler.start(runtime.now(), []);
  await runtime.advance(20_000);
  const posted = (): readonly string[] =>
    store
      .postings()
      .filter(({ key, holder }) => key.startsWith('external:binance:') && holder === 'unallocated:a1')
      .map(({ asset, quantity }) => `${asset} ${quantity}`);
  expect(posted()).toEqual(['BTC 0.5', 'USDT -49.95']);

  const rules = new Map([[instrumentOf().id, instrumentOf()]]);
  const account = { config: { id: 'a1' }, rules, books, reconciler };
  const leases = { doubt: () => undefined, renew: () => undefined, isOthers: () => false };
  const engine = {
    store,
    orders,
    holdings,
    leases,
    accounts: new Map([['a1', account]]),
    openings: new Set(),
  };
  const back = new DatabaseReturn(
    () => engine as never,
    () => undefined,
    () => Promise.resolve(),
  );
  back.changed(false);
  copy.restore();
  expect(posted()).toEqual([]);
  back.changed(true);
  await runtime.advance(40_000);
  expect(posted()).toEqual(['BTC 0.5', 'USDT -49.95']);
  reconciler.stop();
});
