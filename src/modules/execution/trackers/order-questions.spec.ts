import type { AccountBench } from '../../../../test/support/account-bench';
import { accountBench, fillOf, loadOrder, reportOf } from '../../../../test/support/account-bench';

const venueOrderId = 'v1';
let bench: AccountBench;
let id: string;

beforeEach(async () => {
  bench = await accountBench();
  id = loadOrder(bench, 60_000, { venueOrderId });
  bench.reconciler.start(bench.runtime.now(), []);
});
afterEach(() => bench.reconciler.stop());

const lost = (): number => bench.count('ORDER_LOST');

describe('an order the venue had shown and a query finds no more', () => {
  it('is lost when its history knows it neither, which is read once', async () => {
    await bench.runtime.advance(60_000);
    expect([lost(), bench.venue.calls.history]).toEqual([1, 1]);
    expect(bench.orders.get(id)?.doubtSince).toBeDefined();
  });

  it('may be known by the venue id alone once it is lost, and not before', async () => {
    await bench.reconciler.cancel(bench.orders.get(id)!);
    expect(bench.venue.cancelledAged).toBe(0);
    await bench.runtime.advance(60_000);
    expect(lost()).toBe(1);
    await bench.reconciler.cancel(bench.orders.get(id)!);
    expect(bench.venue.cancelledAged).toBeGreaterThan(0);
  });

  it('is over when its history says so, with what was filled of it', async () => {
    bench.venue.history.set(id, reportOf(id, { venueOrderId, status: 'canceled', cumFilled: '0.5' }));
    bench.venue.trades = [fillOf(id, { venueOrderId, source: 'rest-trades' })];
    await bench.runtime.advance(60_000);
    expect(lost()).toBe(0);
    expect(bench.orders.get(id)).toMatchObject({
      ...{ ended: { why: 'canceled' }, maxFilled: 500, bookedFilled: 500 },
      doubtSince: undefined,
    });
  });

  it('is live while its history says so', async () => {
    bench.venue.history.set(id, reportOf(id, { venueOrderId }));
    await bench.runtime.advance(120_000);
    expect(lost()).toBe(0);
    expect(bench.venue.calls.history).toBeGreaterThan(1);
    expect(bench.orders.get(id)).toMatchObject({ ended: undefined, doubtSince: undefined });
  });

  it('is not lost before its history has answered', async () => {
    bench.venue.isHistoryDown = true;
    await bench.runtime.advance(60_000);
    expect(lost()).toBe(0);
    bench.venue.isHistoryDown = false;
    await bench.runtime.advance(30_000);
    expect(lost()).toBe(1);
  });
});

it('is asked for again when the account is, and waited for, if a question is under way from before', async () => {
  const report = reportOf(id, { venueOrderId });
  bench.venue.listed = [report];
  const answers: (() => void)[] = [];
  bench.connector.queryOrder = () => {
    const requestedAt = bench.runtime.monotonic();
    return new Promise((resolve) => answers.push(() => resolve({ kind: 'found', report, requestedAt })));
  };
  bench.reconciler.hurry(id);
  await bench.runtime.advance(1_500);
  expect([answers.length, bench.reconciler.isReady]).toEqual([1, false]);
  bench.reconciler.streamChanged(true);
  await bench.runtime.advance(1_500);
  answers[0]!();
  await bench.runtime.advance(100);
  expect([answers.length, bench.reconciler.isReady]).toEqual([2, false]);
  answers[1]!();
  await bench.runtime.advance(5_000);
  expect(bench.reconciler.isReady).toBe(true);
});
