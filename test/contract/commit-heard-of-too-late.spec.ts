import { Client } from 'pg';
import { postgresBench } from '../support/store-bench';
import { deadlineMs, StoreSuite } from '../support/store-suite';
import { testDatabaseUrl } from '../support/test-database';

/**
 * A commit that is given up on (a lock, a disk or a synchronous standby that stands still) may take effect later. Its
 * orders are denied meanwhile, which must not be said to a record that does not show them yet: they would be open for good,
 * with their slots taken and their funds held, and the next order of the slot would halt the strategy.
 */
it('a commit given up on takes no effect after its orders were ended', async () => {
  const suite = new StoreSuite();
  suite.bench = await postgresBench();
  await suite.fresh();
  const { alpha, store } = suite;
  const blocker = new Client({ connectionString: testDatabaseUrl() });
  await blocker.connect();
  try {
    await blocker.query('begin');
    await blocker.query('select 1 from strategy_leases where strategy_id = $1 for update', [alpha]);
    const order = suite.order(alpha);
    const batch = { strategyId: alpha, ownerId: 'engine-1', epoch: 1, orders: [order] };
    await expect(store.commitIntents([batch], deadlineMs)).rejects.toThrow('STORE_UNAVAILABLE');
    const ended = { why: 'denied', code: 'COMMIT_UNKNOWN', at: Date.now() } as const;
    await store.endOrders([{ clientOrderId: order.clientOrderId, ended }]);
    await blocker.query('commit');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await store.load(suite.account)).orders).toEqual([]);
    expect((await suite.balance(`strategy:${alpha}`, 'USDT')).reserved).toBe('0');
  } finally {
    await blocker.end();
    await suite.bench.close();
  }
}, 60_000);
