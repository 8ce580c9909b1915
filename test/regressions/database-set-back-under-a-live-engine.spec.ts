import { DatabaseReturn } from '../../src/modules/execution/database-return';
import { LeaseKeeper } from '../../src/modules/execution/lease-keeper';
import { Holdings } from '../../src/modules/execution/trackers/holdings';
import type { AccountBench } from '../support/account-bench';
import { accountBench, loadOrder, reportOf } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

const accountId = 'a1';
const rules = instrumentOf();
const boot = { ownerId: 'test-bcdfgh', nonce: 'bcdfgh', installation: 'bcd' };

function returnOf(bench: AccountBench, isOpening: boolean): DatabaseReturn {
  const { runtime, store, orders, connector, books, reconciler } = bench;
  const nothing = (): undefined => undefined;
  const listener = { lost: nothing, expired: nothing, refused: nothing, storeAnswered: nothing };
  const config = { id: accountId, venue: 'binance', environment: 'sim' } as const;
  const account = { config, connector, books, reconciler, rules: new Map([[rules.id, rules]]) };
  const holdings = new Holdings(() => runtime.monotonic(), 40_000);
  const leases = new LeaseKeeper(runtime, store, boot.ownerId, listener);
  const accounts = new Map(isOpening ? [] : [[accountId, account]]);
  const openings = new Set(isOpening ? [account] : []);
  return new DatabaseReturn(
    () => ({ store, orders, holdings, leases, boot, accounts, openings, arriving: new Set() }),
    () => undefined,
    () => Promise.resolve(),
  );
}

/**
 * Found by setting the database of a live engine back to a base copy. Orders without a row were never recorded; slots
 * of rows that were open again refused every new order, and halted the strategy; lost fills were not booked again.
 */
describe('a database that was set back while the engine lived', () => {
  let bench: AccountBench;

  beforeEach(async () => {
    bench = await accountBench();
    bench.store.assignStrategy('s1', accountId, { number: 7 });
    bench.reconciler.start(bench.runtime.now(), []);
  });
  afterEach(() => bench.reconciler.stop());

  const comeBack = async (isOpening = false): Promise<void> => {
    const back = returnOf(bench, isOpening);
    back.changed(false);
    expect(bench.reconciler.isReady).toBe(false);
    back.changed(true);
    await bench.runtime.advance(20_000);
  };

  it('records an order that lost its row, and cancels it', async () => {
    const id = loadOrder(bench, 1_000, { venueOrderId: 'v1' });
    bench.venue.orders.set(id, reportOf(id, { venueOrderId: 'v1' }));
    await comeBack();
    expect(bench.venue.cancelled).toContain(id);
    expect(await bench.store.findOrder({ clientOrderId: id })).toMatchObject({
      ...{ strategyId: 's1', slotKey: 'adopted-1', venueOrderId: 'v1', ended: undefined },
    });
  });

  it('does the same for an account that has not answered yet', async () => {
    const id = loadOrder(bench, 1_000, { venueOrderId: 'v1' });
    bench.venue.orders.set(id, reportOf(id, { venueOrderId: 'v1' }));
    await comeBack(true);
    expect(bench.venue.cancelled).toContain(id);
  });

  it('asks again how an order ended whose end was lost', async () => {
    const id = loadOrder(bench, 60_000, { venueOrderId: 'v1' });
    const canceled = reportOf(id, { venueOrderId: 'v1', status: 'canceled' });
    bench.reconciler.report(canceled);
    await bench.orders.idle();
    const { price, quantity, side } = canceled;
    await bench.store.adopt({
      ...{ clientOrderId: id, strategyNumber: 7, ownerId: boot.ownerId, accountId, venue: 'binance' },
      ...{
        instrument: rules.id,
        side,
        price,
        quantity,
        venueOrderId: 'v1',
        holdAsset: 'USDT',
        holdRate: '1',
      },
    });
    bench.venue.orders.set(id, canceled);
    await comeBack();
    expect(await bench.store.findOrder({ clientOrderId: id })).toMatchObject({ ended: { why: 'canceled' } });
    expect((await bench.store.load(accountId)).orders).toEqual([]);
  });
});
