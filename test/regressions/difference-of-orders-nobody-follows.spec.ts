import { AccountBooks } from '../../src/modules/execution/trackers/account-books';
import { Holdings } from '../../src/modules/execution/trackers/holdings';
import { memoryBench } from '../support/store-bench';
import { StoreSuite } from '../support/store-suite';

/**
 * Found by the simulation: an engine that died left orders, and the venue kept back their trades. Its successor had
 * not taken them over yet, saw the balances moved and posted that as a difference nobody could explain; then the trades
 * came, and moved the books once more.
 */
it('posts no difference while orders on record are followed by nobody', async () => {
  const world = new StoreSuite();
  world.bench = await memoryBench();
  await world.fresh();
  const order = world.order(world.alpha);
  await world.commit(order);
  const clock = { now: 0 };
  const { store, account } = world;
  const holdings = new Holdings(() => clock.now, 40_000);
  const followed = new Set<string>();
  const { holders } = await store.load(account);
  for (const holder of [...holders, `unexplained:${account}`]) holdings.belongs(holder, account);
  holdings.update(await store.balances(holders));
  const books = new AccountBooks({
    ...{ accountId: account, store, holdings, notify: () => undefined, missing: () => undefined },
    ...{ isBystander: () => false, uuid: () => String(clock.now) },
    follows: ({ clientOrderId }) => followed.has(clientOrderId),
  });
  const read = (): Promise<unknown> => {
    clock.now += 60_000;
    const moment = { requestedAt: clock.now, requestedAtMs: clock.now, receivedAt: clock.now };
    const rows = [
      { asset: 'BTC', free: '3', locked: '0' },
      { asset: 'USDT', free: '2000', locked: '0' },
    ];
    const state = { uncertainty: () => undefined, dustOf: () => '0', tradesKnownAt: clock.now };
    return books.compare({ rows, ...moment }, state);
  };
  for (let i = 0; i < 3; i += 1) await read();
  expect(holdings.total(`unexplained:${account}`, 'BTC')).toBe('0');
  followed.add(order.clientOrderId);
  for (let i = 0; i < 3; i += 1) await read();
  expect(holdings.total(`unexplained:${account}`, 'BTC')).toBe('1');
});
