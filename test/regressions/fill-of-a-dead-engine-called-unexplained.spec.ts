import type { IntentBatch } from '../../src/modules/execution/store/types';
import { accountBench, loadOrder, reportOf } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

/**
 * Found by the simulation: the balances showed a trade of an engine that had died, whose list held it back. Its order was
 * on record, but in no memory before its strategy was taken over, so nothing spoke of a trade that was owed.
 */
it('leaves a difference alone while an order on record is in no memory', async () => {
  const bench = await accountBench();
  const { reconciler, runtime, store, venue } = bench;
  venue.balances = [{ asset: 'USDT', free: '100', locked: '0' }];
  reconciler.start(runtime.now(), []);
  await runtime.advance(5_000);
  await store.transfer({
    ...{ key: 'allocation', kind: 'allocation', guarded: [] },
    lines: [
      { holder: 'unallocated:a1', asset: 'USDT', quantity: '-100' },
      { holder: 'strategy:s1', asset: 'USDT', quantity: '100' },
    ],
  });
  bench.holdings.belongs('strategy:s1', 'a1');
  bench.holdings.update(await store.balances(['unallocated:a1', 'strategy:s1']));
  const epoch = (await store.takeLease('s1', 'another', 15_000))!.epoch;
  const rules = instrumentOf();
  const { id: instrument, venue: at } = rules;
  const order = {
    ...{ clientOrderId: 'm-left', strategyId: 's1', accountId: 'a1', venue: at, instrument, epoch, rules },
    ...{ slotKey: 'bid-0', side: 'buy', type: 'limit', timeInForce: 'postOnly', price: 100, quantity: 1 },
    ...{ holdAsset: 'USDT', holdRate: '1' },
  };
  const batch = { strategyId: 's1', ownerId: 'another', epoch, orders: [order] };
  const verdicts = await store.commitIntents([batch as unknown as IntentBatch], 14_500);
  expect(verdicts.get('s1')?.kind).toBe('committed');
  venue.balances = [{ asset: 'USDT', free: '90', locked: '0' }];
  await runtime.advance(200_000);
  expect(bench.count('MISSING')).toBe(0);

  loadOrder(bench, 0, { clientOrderId: 'm-left', ended: { why: 'canceled', at: runtime.now() } });
  await runtime.advance(200_000);
  expect(bench.count('MISSING')).toBeGreaterThan(0);
  reconciler.stop();
});

/** The same a moment later: taken over, and not asked for before the next read of the balances. */
it('leaves a difference alone until an order just taken over was asked for', async () => {
  const bench = await accountBench();
  const { connector, reconciler, runtime, venue } = bench;
  const answer = connector.queryOrder.bind(connector);
  connector.queryOrder = async (ref) => {
    await runtime.sleep(50);
    return answer(ref);
  };
  venue.balances = [{ asset: 'USDT', free: '100', locked: '0' }];
  reconciler.start(runtime.now(), []);
  await runtime.advance(5_000);
  venue.balances = [{ asset: 'USDT', free: '90', locked: '0' }];
  while (venue.calls.balances < 3) await runtime.advance(1_000); // It has been seen once.
  await runtime.advance(59_000); // And once more; the next read would post it.
  const id = loadOrder(bench, 60_000, { venueOrderId: 'v-1' });
  const filled = { venueOrderId: 'v-1', status: 'filled', cumFilled: '1' } as const;
  venue.orders.set(id, reportOf(id, filled));
  const reads = venue.calls.balances;
  while (venue.calls.balances === reads) await runtime.advance(500);
  await runtime.advance(60_000);
  expect(bench.count('MISSING')).toBe(0);
  reconciler.stop();
});
