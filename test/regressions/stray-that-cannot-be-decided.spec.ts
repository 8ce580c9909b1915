import { accountBench, fillOf, openBooks, reportOf } from '../support/account-bench';

/** A trade whose order could not be given a record kept every trade after it from being decided. */
it('decides the other trades although one cannot be', async () => {
  const bench = await accountBench();
  await openBooks(bench);
  const { reconciler, runtime, store, venue } = bench;
  const id = bench.orders.nextClientOrderId(7);
  store.adopt = () => Promise.reject(new Error('numeric field overflow'));
  venue.orders.set(id, reportOf(id, { status: 'canceled', cumFilled: '0.5' }));
  const rest = { fee: '0', feeAsset: 'USDT', source: 'rest-trades' } as const;
  venue.trades.push(fillOf(id, { tradeId: '1', ...rest }), fillOf('web_1', { tradeId: '2', ...rest }));
  reconciler.start(runtime.now(), []);
  await runtime.advance(60_000);
  expect(bench.count('EXTERNAL_MOVEMENT')).toBe(1);
  expect(bench.notices.some(({ detail }) => detail.includes('numeric field overflow'))).toBe(true);
  reconciler.stop();
});
