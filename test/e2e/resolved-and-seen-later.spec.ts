import type { FillReport, OrderReport } from '../../src/domain/venue-event';
import { recoverOrders } from '../../src/modules/execution/recover-orders';
import type { Resolution } from '../../src/modules/execution/resolve-order';
import type { EngineBench } from '../support/engine-bench';
import { account, startBench, strategyId } from '../support/engine-bench';
import { insertLostOrder } from '../support/lost-order';

let bench: EngineBench;
let clientOrderId: string;

beforeEach(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  const { engine, runtime, database } = bench;
  const of = { strategyId, accountId: account.id, strategyNumber: 7 };
  clientOrderId = await insertLostOrder(database, of, 1);
  await recoverOrders(engine, engine.accounts.get(account.id)!, strategyId);
  engine.orders.apply(clientOrderId, { kind: 'vanished', at: runtime.monotonic(), atMs: runtime.now() });
}, 60_000);
afterEach(() => bench.stop(), 30_000);

const trade = { tradeId: '77001', price: '60000', quantity: '0.01', at: 1_767_225_600_000 };
const said = (change: Partial<Resolution>): Promise<unknown> =>
  bench.execution.resolve({
    clientOrderId,
    outcome: 'filled',
    filledQuantity: '0.01',
    trades: [],
    ...change,
  });
const seen = (change: Partial<FillReport> = {}): FillReport => ({
  ...{ instrument: 'BTC/USDT', tradeId: '77001', venueOrderId: '9000001', clientOrderId, side: 'buy' },
  ...{ price: '60000', quantity: '0.01', fee: '0.6', feeAsset: 'USDT', liquidity: 'maker' },
  ...{ venueTime: 1_767_225_600_123, source: 'rest-trades', ...change },
});
const shown = (status: OrderReport['status']): OrderReport => ({
  ...{ instrument: 'BTC/USDT', clientOrderId, venueOrderId: '9000001', side: 'buy', price: '60000' },
  ...{ quantity: '0.01', cumFilled: '0', status, source: 'rest-list' },
});
const reconciler = () => bench.engine.accounts.get(account.id)!.reconciler;
const halt = () => bench.engine.halts.over([`strategy:${strategyId}`]);
const fills = () =>
  bench.database.query<object[]>('select plain(quantity) as quantity, fee_state from fills');

it('the venue showing the trade later brings its fee, and no second fill', async () => {
  await said({ trades: [trade] });
  expect(await fills()).toEqual([{ quantity: '0.01', fee_state: 'PENDING' }]);
  reconciler().fill(seen());
  await bench.engine.orders.idle();
  expect(await fills()).toEqual([{ quantity: '0.01', fee_state: 'KNOWN' }]);
  expect(halt()).toBeUndefined();
}, 30_000);

it('the venue showing the trade with another price halts the strategy', async () => {
  await said({ trades: [trade] });
  reconciler().fill(seen({ price: '59000' }));
  await bench.eventually('a halt', () => halt() !== undefined, 5_000);
  expect(halt()).toMatchObject({ level: 'HALTED' });
  expect(halt()?.reason).toContain('FILL_CONFLICT');
}, 30_000);

const reserved = async (): Promise<string> =>
  (await bench.execution.balances([`strategy:${strategyId}`])).find(({ asset }) => asset === 'USDT')!
    .reserved;
const row = async (): Promise<object> =>
  (
    await bench.database.query<object[]>(
      'select slot_key, ended_why from client_orders where client_order_id = $1',
      [clientOrderId],
    )
  )[0]!;

it('the venue showing the order live refutes that it never existed', async () => {
  await said({ outcome: 'never_existed', filledQuantity: '0' });
  reconciler().report(shown('open'));
  expect(bench.engine.orders.get(clientOrderId)).toMatchObject({ ended: undefined, doubtSince: undefined });
  await bench.eventually('a halt', () => halt() !== undefined, 5_000);
  expect(halt()).toMatchObject({ level: 'CANCEL_ONLY' });
  expect(halt()?.reason).toContain('RESURRECTED');
}, 30_000);

it('and it holds its funds again on record, until the venue shows its end', async () => {
  await said({ outcome: 'never_existed', filledQuantity: '0' });
  await bench.engine.orders.idle();
  const before = Number(await reserved());
  reconciler().report(shown('open'));
  await bench.engine.orders.idle();
  expect(await row()).toEqual({ slot_key: `reopened-${clientOrderId}`, ended_why: null });
  expect(Number(await reserved()) - before).toBeCloseTo(600.6, 6);
  expect(
    Number(
      bench.engine.holdings.of(`strategy:${strategyId}`).find(({ asset }) => asset === 'USDT')?.reserved,
    ),
  ).toBe(Number(await reserved()));
  reconciler().report(shown('canceled'));
  await bench.engine.orders.idle();
  expect(await row()).toMatchObject({ ended_why: 'canceled' });
  expect(Number(await reserved())).toBe(before);
}, 30_000);

/** Found by reading: what a person said was judged by the order as it was before the database had answered. */
it('what the venue shows while the database is asked stands against the word of a person', async () => {
  const { store } = bench.engine;
  const now = store.now.bind(store);
  store.now = async () => {
    reconciler().report(shown('canceled'));
    return now();
  };
  await expect(said({ trades: [trade] })).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
  expect(await fills()).toEqual([]);
}, 30_000);

it('a trade that the venue tells while the record is read is not booked beside that of a person', async () => {
  const { store } = bench.engine;
  const load = store.load.bind(store);
  reconciler().report({ ...shown('open'), cumFilled: '0.01' });
  store.load = async (id) => {
    reconciler().fill(seen());
    await bench.engine.orders.idle();
    return load(id);
  };
  const booked = bench.execution.bookFill(clientOrderId, { ...trade, tradeId: '77002' });
  await expect(booked).rejects.toMatchObject({ code: 'NOTHING_UNBOOKED' });
  expect(await fills()).toEqual([{ quantity: '0.01', fee_state: 'KNOWN' }]);
}, 30_000);
