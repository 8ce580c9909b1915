import { TestService } from '../support/service';
import { insertLostOrder } from '../support/lost-order';

const service = new TestService();
const id = '01990000-0000-7000-8000-000000000041';
const config = { bidSpreadBps: 50, askSpreadBps: 50, levels: 1, orderQuantityBase: '0.01', costMode: 'none' };
const evidence = {
  text: 'the order page of the venue, seen with its support',
  url: 'https://venue.example/1',
};
const trade = { tradeId: '77001', price: '59999.5', quantity: '0.01', at: '2026-01-01T00:00:00Z' };
let filled: string;
let canceled: string;

interface Line {
  readonly clientOrderId: string;
  readonly status: string;
}

beforeAll(async () => {
  await service.open();
  const terms = { accountId: service.accountId, symbol: 'BTC/USDT', config };
  const allocation = { base: '1', quote: '50000' };
  const made = await service.post('/strategies', { ...terms, allocation, id, name: 'lost' }, 201);
  await service.stop();
  const of = { strategyId: id, accountId: service.accountId, strategyNumber: made['number'] as number };
  filled = await insertLostOrder(service.database, of, 1);
  canceled = await insertLostOrder(service.database, of, 2);
  await service.start();
}, 60_000);
afterAll(() => service.close(), 30_000);

const operation = () => service.get(`/orders/reconcile/${service.accountId}/operation`);
const orders = async () => (await service.get(`/strategies/${id}/orders`))['data'] as readonly Line[];
const resolve = (clientOrderId: string, body: object, status: number) =>
  service.post(`/orders/${clientOrderId}/resolve`, { evidence, ...body }, status);

it('asks an account everything when it is told to, and says what it found', async () => {
  const asked = await service.post('/orders/reconcile', { accountId: service.accountId }, 202);
  expect(asked).toMatchObject({ kind: 'account.reconcile', requestedBy: 'user:admin' });
  await service.eventually('the end', async () => (await operation())['state'] === 'succeeded', 30_000);
  expect(await operation()).toMatchObject({
    id: asked['id'],
    remaining: [],
    observed: { readsLeftCount: 0 },
  });
  await service.post('/orders/reconcile', { accountId: id }, 404);
}, 60_000);

it('does not take a word about an order the venue answers for', async () => {
  await resolve('mtz00000000000000000', { outcome: 'canceled', filledQuantity: '0' }, 404);
  if ((await orders()).some(({ status }) => status === 'LOST')) throw new Error('too late to be refused');
  const early = await resolve(filled, { outcome: 'canceled', filledQuantity: '0' }, 409);
  expect(early['code']).toBe('ILLEGAL_TRANSITION');
});

it('takes it once the order is lost, and says so in what it is found', async () => {
  const lost = async () => (await orders()).filter(({ status }) => status === 'LOST').length;
  await service.eventually('two lost orders', async () => (await lost()) === 2, 45_000);
  await service.post('/orders/reconcile', { accountId: service.accountId }, 202);
  await service.eventually('the end', async () => (await operation())['state'] === 'succeeded', 30_000);
  expect((await operation())['result']).toMatchObject({ kind: 'orders_unresolved' });
}, 90_000);

it.each([
  [{ outcome: 'filled', filledQuantity: '0.01' }, '/trades'],
  [{ outcome: 'filled', filledQuantity: '0.009' }, '/filledQuantity'],
  [{ outcome: 'never_existed', filledQuantity: '0.01' }, '/filledQuantity'],
  [
    { outcome: 'filled', filledQuantity: '0.01', trades: [{ ...trade, price: '60000.01' }] },
    '/trades/0/price',
  ],
  [{ outcome: 'filled', filledQuantity: '0.01', trades: [{ ...trade, fee: '1' }] }, '/trades/0/feeAsset'],
])('refuses %j', async (body, pointer) => {
  const problem = await resolve(filled, body, 422);
  expect((problem['errors'] as { pointer: string }[])[0]?.pointer).toBe(pointer);
});

it('asks for evidence', async () => {
  const body = { outcome: 'canceled', filledQuantity: '0', evidence: undefined };
  expect((await resolve(canceled, body, 422))['code']).toBe('REQUIRED');
});

const fills = () =>
  service.database.query<object[]>(
    `select trade_id, fee_state, source, plain(quantity) as quantity from fills where client_order_id = $1`,
    [filled],
  );

it('books the trades a person has seen, once, and frees what the orders held', async () => {
  const done = await resolve(filled, { outcome: 'filled', filledQuantity: '0.01', trades: [trade] }, 200);
  expect(done['order']).toMatchObject({ status: 'FILLED', bookedFilled: '0.01', maxFilled: '0.01' });
  expect(await fills()).toEqual([
    { trade_id: '77001', fee_state: 'PENDING', source: 'human', quantity: '0.01' },
  ]);
  const over = await resolve(canceled, { outcome: 'canceled', filledQuantity: '0' }, 200);
  expect(over['order']).toMatchObject({ status: 'CANCELED', maxFilled: '0' });
  await service.eventually('no order left', async () => (await orders()).length === 0);
  const rows = await service.database.query<object[]>(
    `select ended_why, ended_code from client_orders where client_order_id = any($1) order by slot_key`,
    [[filled, canceled]],
  );
  expect(rows).toEqual([
    { ended_why: 'filled', ended_code: null },
    { ended_why: 'canceled', ended_code: 'RESOLVED' },
  ]);
  const [held] = await service.database.query<object[]>(
    `select plain(reserved) as reserved, plain(total) as total from balances where holder = $1 and asset = 'USDT'`,
    [`strategy:${id}`],
  );
  expect(held).toEqual({ reserved: '0', total: '49400.005' });
}, 30_000);

it('posts a missing fee, and books nothing twice', async () => {
  const path = `/orders/${filled}/book-fill`;
  const fee = { fee: '0.6', feeAsset: 'USDT' };
  expect((await service.post(path, { ...trade, evidence }, 422))['code']).toBe('OUT_OF_RANGE');
  const other = { ...trade, ...fee, price: '59000' };
  expect((await service.post(path, { ...other, evidence }, 409))['code']).toBe('FILL_CONFLICT');
  const posted = await service.post(path, { ...trade, ...fee, evidence }, 200);
  expect(posted).toMatchObject({ booked: 'fee', bookedBy: 'human' });
  expect(await fills()).toEqual([
    { trade_id: '77001', fee_state: 'KNOWN', source: 'human', quantity: '0.01' },
  ]);
  const again = await service.post(path, { ...trade, ...fee, evidence }, 409);
  expect(again['code']).toBe('NOTHING_UNBOOKED');
  expect(await fills()).toHaveLength(1);
});

it('keeps every word in the audit log, done or refused, with its evidence', async () => {
  const rows = await service.database.query<{ action: string; target: string; outcome: string }[]>(
    `select action, target, detail->>'outcome' as outcome from audit_log
     where detail->'body'->'evidence'->>'text' like 'the order page%' and actor = 'admin'`,
  );
  expect(rows).toContainEqual({ action: 'order.resolve', target: filled, outcome: 'done' });
  expect(rows).toContainEqual({ action: 'order.resolve', target: filled, outcome: 'ILLEGAL_TRANSITION' });
  expect(rows).toContainEqual({ action: 'order.book-fill', target: filled, outcome: 'done' });
});
