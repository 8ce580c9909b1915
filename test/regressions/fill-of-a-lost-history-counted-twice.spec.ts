import type { Fill } from '../../src/domain/fill';
import { DatabaseReturn } from '../../src/modules/execution/database-return';
import { RiskMemory } from '../../src/modules/execution/risk/risk-memory';
import { DatabaseCopy } from '../simulation/database-copy';
import type { AccountBench } from '../support/account-bench';
import { accountBench, fillOf, loadOrder, openBooks, reportOf } from '../support/account-bench';
import { instrumentOf } from '../support/decisions';

const rules = instrumentOf();
const accountId = 'a1';
let bench: AccountBench;
let memory: RiskMemory;
let told: Fill[];
let id: string;

beforeEach(async () => {
  bench = await accountBench();
  const { runtime, orders, store } = bench;
  store.assignStrategy('s1', accountId, { number: 7, instrument: rules.id });
  await openBooks(bench);
  memory = new RiskMemory();
  told = [];
  orders.listen({
    fillBooked: (_fill, news) => {
      if (!news) return;
      told.push(news);
      memory.filled(news, { now: runtime.now(), mono: runtime.monotonic() });
    },
    halt: (_strategyId, code, detail) => {
      throw new Error(`${code}: ${detail}`);
    },
    storeAnswered: () => undefined,
  });
  id = loadOrder(bench, 1_000);
  const { price, quantity, side } = reportOf(id);
  await store.adopt({
    ...{ clientOrderId: id, strategyNumber: 7, ownerId: 'test-bcdfgh', accountId, venue: 'binance', price },
    ...{ instrument: rules.id, side, quantity, holdAsset: 'USDT', holdRate: '1', venueOrderId: `v-${id}` },
  });
  bench.reconciler.start(runtime.now(), []);
});
afterEach(() => bench.reconciler.stop());

/** The venue sells us that much of the order at 99.9: the stream and every later list show it. */
const sold = async (tradeId: string, quantity: string): Promise<void> => {
  const { runtime, venue, reconciler } = bench;
  const trade = fillOf(id, { tradeId, quantity, venueTime: runtime.now(), fee: '0', feeAsset: 'USDT' });
  venue.trades.push({ ...trade, source: 'rest-trades' });
  reconciler.fill(trade);
  await runtime.advance(100);
};

/** What the day has made at this price. */
const pnlAt = (price: number): number => {
  memory.mark('s1', { price, base: 0, quote: 0 }, bench.runtime.now());
  return memory.recent('s1', { accountId, instrument: rules.id }, bench.runtime.monotonic()).day!.pnl;
};

const setBackTo = async (copy: DatabaseCopy): Promise<void> => {
  const { runtime, store, reconciler, books, orders, holdings, connector } = bench;
  const config = { id: accountId };
  const account = { config, connector, rules: new Map([[rules.id, rules]]), books, reconciler };
  const nothing = (): undefined => undefined;
  const engine = {
    ...{ store, orders, holdings, boot: { ownerId: 'test-bcdfgh' }, arriving: new Set() },
    leases: { doubt: nothing, renew: nothing, isOthers: () => false },
    ...{ accounts: new Map([[accountId, account]]), openings: new Set() },
  };
  const back = new DatabaseReturn(
    () => engine as never,
    nothing,
    () => Promise.resolve(),
  );
  back.changed(false);
  copy.restore();
  back.changed(true);
  await runtime.advance(20_000);
};
const booked = async (): Promise<string | undefined> =>
  (await bench.store.findOrder({ clientOrderId: id }))?.bookedFilled;

/**
 * An order that had ended was forgotten when the database came back as an older copy, and its trades, booked into that
 * copy again, were told as news once more: the loss of the day and the flow of fills counted them twice.
 */
describe('the fills of an ended order that a database set back has lost', () => {
  it('are booked again and counted once', async () => {
    const copy = new DatabaseCopy(bench.store);
    await sold('1', '0.25');
    await sold('2', '0.75');
    bench.venue.orders.set(id, reportOf(id, { status: 'filled', cumFilled: '1' }));
    expect([await booked(), pnlAt(89.9)]).toEqual(['1', -10]);
    await setBackTo(copy);
    expect(await booked()).toBe('1');
    expect([told.map(({ quantity }) => quantity), pnlAt(89.9)]).toEqual([['0.25', '0.75'], -10]);
  });

  it('are counted once although it was forgotten long before', async () => {
    const copy = new DatabaseCopy(bench.store);
    await sold('1', '1');
    bench.venue.orders.set(id, reportOf(id, { status: 'filled', cumFilled: '1' }));
    await bench.runtime.advance(700_000);
    bench.orders.sweep();
    expect(bench.orders.get(id)).toBeUndefined();
    await setBackTo(copy);
    expect(await booked()).toBe('1');
    expect([told.length, pnlAt(89.9)]).toEqual([1, -10]);
  });

  it('and one that nobody here had heard of is counted with them', async () => {
    const copy = new DatabaseCopy(bench.store);
    await sold('1', '0.25');
    bench.reconciler.report(reportOf(id, { status: 'canceled', cumFilled: '0.25' }));
    await bench.runtime.advance(100);
    bench.venue.trades.push(
      fillOf(id, { tradeId: '2', quantity: '0.5', fee: '0', feeAsset: 'USDT', source: 'rest-trades' }),
    );
    bench.venue.orders.set(id, reportOf(id, { status: 'canceled', cumFilled: '0.75' }));
    await setBackTo(copy);
    expect(await booked()).toBe('0.75');
    expect([told.map(({ quantity }) => quantity), pnlAt(89.9)]).toEqual([['0.25', '0.5'], -7.5]);
  });
});
