import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, loadOrder, reportOf } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

const venueOrderId = 'v9';

/** An unproven order to sell at 99.9, a venue whose tick has become 0.5 since, and a trade that names no client id. */
async function benchAfterTheChange(ownerOf: (ours: string) => string): Promise<[AccountBench, string]> {
  const bench = await accountBench();
  const id = loadOrder(bench, 20_000, { side: 'sell' });
  bench.reconciler.watch(instrumentOf({ tickSize: '0.5' }));
  const owner = ownerOf(id);
  const { clientOrderId: _id, ...trade } = fillOf(owner, {
    venueOrderId,
    side: 'sell',
    source: 'rest-trades',
  });
  bench.venue.trades = [trade];
  const filled = { venueOrderId, side: 'sell', cumFilled: '0.5', status: 'canceled' } as const;
  bench.venue.orders.set(venueOrderId, reportOf(owner, filled));
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(20_000);
  return [bench, id];
}

/**
 * Found by the simulation: once the tick had grown, a trade of before it was on no tick any more, so the round that
 * proves an absence threw each time. Counted in ticks of today, the price of an older order could also pass for one
 * at which it cannot have traded.
 */
it('proves an absence although a trade of before lies between two ticks of today', async () => {
  const [bench, id] = await benchAfterTheChange(() => 'web_4f2a');
  expect(bench.orders.get(id)?.ended?.why).toBe('absent');
});

it('finds the trade of an older order whatever the tick of today is', async () => {
  const [bench, id] = await benchAfterTheChange((ours) => ours);
  expect(bench.orders.get(id)).toMatchObject({ acknowledged: true, ended: { why: 'canceled' } });
});
