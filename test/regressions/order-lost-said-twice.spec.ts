import { accountBench, loadOrder, reportOf } from '../support/account-bench';
import type { AccountBench } from '../support/account-bench';

/**
 * An order the venue had shown and does not find any more was reported lost twice: once more for every list that was
 * older than the not-founds and still showed it, and although it had ended while its trades were being read.
 */
const venueOrderId = 'v1';
let bench: AccountBench;
let id: string;

beforeEach(async () => {
  bench = await accountBench();
  id = loadOrder(bench, 60_000, { venueOrderId });
  bench.reconciler.start(bench.runtime.now(), []);
  await bench.runtime.advance(20_000);
});

afterEach(() => bench.reconciler.stop());

it('is said once, however often it is asked for afterwards', async () => {
  await bench.runtime.advance(120_000);
  expect(bench.count('ORDER_LOST')).toBe(1);
});

it('a list that shows it again means three more reads before it is lost again', async () => {
  await bench.runtime.advance(40_000);
  expect(bench.count('ORDER_LOST')).toBe(1);
  bench.reconciler.report(reportOf(id, { venueOrderId, source: 'rest-list' }));
  expect(bench.orders.get(id)?.doubtSince).toBeUndefined();
  const before = bench.venue.calls.query;
  while (bench.count('ORDER_LOST') < 2) await bench.runtime.advance(1_000);
  expect(bench.venue.calls.query - before).toBeGreaterThanOrEqual(3);
});

it('is not said of an order that ended while its trades were read', async () => {
  bench = await accountBench();
  id = loadOrder(bench, 60_000, { venueOrderId });
  bench.venue.readMs = 500;
  bench.reconciler.start(bench.runtime.now(), []);
  const fills = bench.connector.fillsSince.bind(bench.connector);
  Object.assign(bench.connector, {
    fillsSince: (cursor: Parameters<typeof fills>[0]) => {
      if (cursor.venueOrderId !== undefined)
        bench.reconciler.report(reportOf(id, { venueOrderId, status: 'canceled', source: 'ws-order' }));
      return fills(cursor);
    },
  });
  await bench.runtime.advance(120_000);
  expect(bench.orders.get(id)?.ended?.why).toBe('canceled');
  expect(bench.count('ORDER_LOST')).toBe(0);
});
