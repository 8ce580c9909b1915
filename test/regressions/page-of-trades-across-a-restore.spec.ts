import { encodeClientOrderId } from '../../src/domain/ids';
import { accountBench, fillOf, reportOf } from '../support/account-bench';

/**
 * A page of trades was on its way when the database came back as an older copy of itself. Its answer put the cursor to
 * where the lost history had been, so the trades in between were never read again.
 */
it('a page asked for by the cursor of a lost history does not move the new one', async () => {
  const { orders, reconciler, runtime, store, venue } = await accountBench();
  store.assignStrategy('s1', 'a1', { number: 7 });
  const installation = orders.nextClientOrderId(7).slice(1, 4);
  const ours = encodeClientOrderId({ installation, strategyNumber: 7, nonce: 'zzzzzz', counter: 1 });
  const trade = (tradeId: string, owner: string) => {
    const { clientOrderId: _unnamed, ...row } = fillOf(owner, { tradeId, quantity: '1' });
    venue.orders.set(`v-${owner}`, reportOf(owner, { status: 'filled', cumFilled: '1' }));
    venue.trades.push({ ...row, fee: '0', feeAsset: 'USDT', source: 'rest-trades' });
  };
  const cursor = (lastTradeId: string) => [{ instrument: venue.trades[0]!.instrument, lastTradeId }];
  trade('19', ours); // Booked in the lost history.
  trade('21', 'web_7fk2');
  venue.readMs = 400;
  reconciler.start(runtime.now(), cursor('20'));
  await runtime.advance(1_600);
  expect(venue.calls.trades).toBe(1); // Under way.
  reconciler.databaseReturned(cursor('18'));
  await runtime.advance(60_000);
  const booked = store.postings().filter(({ holder }) => holder === 'strategy:s1');
  expect(booked.map(({ quantity }) => quantity)).toEqual(['1', '-99.9']);
  reconciler.stop();
});
