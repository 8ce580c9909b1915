import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { AccountBooks } from '../../src/modules/execution/trackers/account-books';
import { Holdings } from '../../src/modules/execution/trackers/holdings';

/** One engine's books of the account, on a Store that others write as well. */
function booksOn(name: string, store: MemoryStore, clock: { now: number }) {
  const holdings = new Holdings(() => clock.now, 40_000);
  for (const kind of ['unallocated', 'unexplained']) holdings.belongs(`${kind}:a`, 'a');
  let made = 0;
  const books = new AccountBooks({
    isBystander: () => false,
    follows: () => true,
    ...{ accountId: 'a', store, holdings, notify: () => undefined, missing: () => undefined },
    uuid: () => `${name}-${(made += 1)}`,
  });
  return {
    read: (free: string): Promise<unknown> => {
      clock.now += 30_000;
      const moment = { requestedAt: clock.now, requestedAtMs: clock.now, receivedAt: clock.now };
      const state = { uncertainty: () => undefined, dustOf: () => '0', tradesKnownAt: clock.now };
      return books.compare({ rows: [{ asset: 'USDT', free, locked: '0' }], ...moment }, state);
    },
  };
}

/**
 * Found by the simulation: of two engines on one account, one posted a movement, and the other, whose memory did not
 * have it, posted it again as a difference nobody could explain.
 */
it('posts no difference that another engine has posted already', async () => {
  const clock = { now: 0 };
  const store = new MemoryStore({ now: () => clock.now });
  const [one, other] = [booksOn('one', store, clock), booksOn('other', store, clock)];
  await one.read('100');
  await other.read('100');
  for (let i = 0; i < 3; i += 1) await one.read('90');
  for (let i = 0; i < 3; i += 1) await other.read('90');
  const moved = store.postings().filter(({ holder }) => holder === 'unexplained:a');
  expect(moved.map(({ quantity }) => quantity)).toEqual(['-10']);
});
