import { encodeClientOrderId } from '../../src/domain/ids';
import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, reportOf } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

const after = [
  { asset: 'BTC', free: '0.5', locked: '0' },
  { asset: 'USDT', free: '50.05', locked: '0' },
];
let bench: AccountBench;
let id: string;

/** An order of ours that is in no record has bought 0.5 for 49.95 of 100 USDT; no list of trades shows it yet. */
beforeEach(async () => {
  bench = await accountBench();
  const { store, holdings, venue, runtime, reconciler } = bench;
  store.assignStrategy('s1', 'a1', { number: 7, instrument: instrumentOf().id });
  for (const holder of ['unexplained:a1', 'strategy:s1']) holdings.belongs(holder, 'a1');
  venue.balances = [{ asset: 'USDT', free: '100', locked: '0' }];
  reconciler.start(runtime.now(), []);
  await runtime.advance(60_000);
  const installation = bench.orders.nextClientOrderId(7).slice(1, 4);
  id = encodeClientOrderId({ installation, strategyNumber: 7, nonce: 'zzzzzz', counter: 1 });
  const over = reportOf(id, { status: 'canceled', cumFilled: '0.5' });
  venue.orders.set(id, over);
  venue.orders.set(`v-${id}`, over);
  venue.balances = after;
});
afterEach(() => bench.reconciler.stop());

const traded = (at: number) =>
  fillOf(id, { venueTime: at, fee: '0', feeAsset: 'USDT', source: 'rest-trades' });
const of = async (holder: string): Promise<readonly string[]> =>
  (await bench.store.balances([holder])).map(({ asset, total }) => `${asset} ${total}`);

/**
 * A suspicion that was not confirmed: the fill is booked on top of what was posted for it, and the balances take that back
 * within a minute and a half. They do so with a page and a halt of their own; the strategy's money is right all along.
 */
it('is the money of its strategy in the end, and nothing stays unexplained', async () => {
  const { runtime, venue, books, store, orders } = bench;
  const at = runtime.now();
  await runtime.advance(120_000);
  expect(await of('unexplained:a1')).toEqual(['BTC 0.5', 'USDT -49.95']);
  venue.trades = [traded(at)];
  await runtime.advance(35_000);
  expect(await of('strategy:s1')).toEqual(['BTC 0.5', 'USDT -49.95']);
  await runtime.advance(120_000);
  expect(await of('strategy:s1')).toEqual(['BTC 0.5', 'USDT -49.95']);
  expect(await of('unexplained:a1')).toEqual(['BTC 0', 'USDT 0']);
  expect(await of('unallocated:a1')).toEqual(['USDT 100']);
  expect(books.problem).toBeUndefined();
  expect([(await store.load('a1')).orders, orders.unended('s1')]).toEqual([[], []]);
});
