import { accountBench, fillOf, loadOrder } from '../support/account-bench';
import type { AccountBench } from '../support/account-bench';

let bench: AccountBench;

beforeEach(async () => {
  bench = await accountBench();
});

/**
 * Found by the simulation: another engine on the account had booked a fill first. The Store's answer to the one that
 * leased the strategy says that it is known, and not what the strategy has now: it quoted beyond its limit.
 */
it('knows the position after a fill that was booked before', async () => {
  const { store, orders, runtime } = bench;
  const id = loadOrder(bench, 1_000);
  const fill = fillOf(id, { fee: '0', feeAsset: 'USDT' });
  const place = { venue: 'binance', accountId: 'a1', strategyId: 's1', clientOrderId: id } as const;
  const { base, quote } = orders.rulesOf(id)!;
  await store.recordFills([{ ...fill, ...place, base, quote }], []);
  orders.onFill('binance', 'a1', fill);
  await runtime.advance(100);
  const held = bench.holdings.of('strategy:s1').find(({ asset }) => asset === base)?.total;
  expect([orders.get(id)?.bookedFilled, held]).toEqual([500, '0.5']);
});
