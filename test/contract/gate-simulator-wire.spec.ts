import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { GateWire } from './gate-wire';
import type { GateAnswer, Json } from './gate-wire';

/** Gate's REST field by field, by a client that shares no code with the venue. */
const runtime = createRealRuntime();
const now = (): number => runtime.now();
const grouped = { ...demoAccount, apiKey: 'grouped-key', secret: 'grouped-secret', stpGroup: 7 };
let venue: VenueSimulator;
let wire: GateWire;

const text = expect.stringMatching(/./) as string;
const amount = expect.stringMatching(/^\d+(\.\d*[1-9])?$/) as string;
const whole = expect.any(Number) as number;
const timeText = expect.stringMatching(/^\d{10}$/) as string;
const refused = (status: number, label: string) => ({ status, body: { label, message: text } });
const pairQuery = 'currency_pair=BTC_USDT';

const orderShape = {
  id: expect.stringMatching(/^\d+$/) as string,
  ...{ text, amend_text: '-', create_time: timeText, update_time: timeText },
  ...{ create_time_ms: whole, update_time_ms: whole, status: 'open', currency_pair: 'BTC_USDT' },
  ...{ type: 'limit', account: 'spot', side: 'buy', amount: '0.01', price: amount, time_in_force: 'gtc' },
  ...{
    iceberg: '0',
    auto_borrow: false,
    left: '0.01',
    filled_amount: '0',
    fill_price: '0',
    filled_total: '0',
  },
  ...{ avg_deal_price: '0', fee: '0', fee_currency: 'BTC', point_fee: '0', gt_fee: '0', gt_maker_fee: '0' },
  ...{ gt_taker_fee: '0', gt_discount: false, rebated_fee: '0', rebated_fee_currency: 'USDT' },
  ...{ stp_id: 0, stp_act: '-', finish_as: 'open' },
};

/** Limits count in whole seconds. */
const nextSecond = (): Promise<void> => runtime.sleep(1_000 - (now() % 1_000) + 5);

const idOf = ({ body }: GateAnswer): string => body['id'] as string;

async function admin(method: string, path: string, body: Json): Promise<Json> {
  const url = `http://127.0.0.1:${venue.adminPort}${path}`;
  return (await (await fetch(url, { method, body: JSON.stringify(body) })).json()) as Json;
}

beforeAll(async () => {
  venue = await startVenueSimulator({
    ...{ runtime, port: 0, adminPort: 0, seed: 5, stepsPerSecond: 10, accounts: [grouped] },
  });
  wire = new GateWire(venue.origin, demoAccount, runtime);
}, 30_000);

afterAll(async () => {
  await venue?.stop();
  await runtime.close();
});

test('public answers carry the documented fields and types', async () => {
  const get = async (path: string, query = '') => (await wire.call('GET', path, { query })).body;
  const [pair] = (await get('/spot/currency_pairs')) as unknown as Json[];
  expect(pair).toMatchObject({
    ...{ id: 'BTC_USDT', base: 'BTC', quote: 'USDT', fee: '0.1', min_base_amount: '0.00001' },
    ...{ min_quote_amount: '5', max_base_amount: '9000', amount_precision: 5, precision: 2 },
    ...{ trade_status: 'tradable', sell_start: whole, buy_start: whole },
  });
  expect(await get('/spot/currency_pairs/ETH_USDT')).toMatchObject({ id: 'ETH_USDT', amount_precision: 4 });
  expect(await get('/margin/currency_pairs')).toEqual([]);
  expect(await get('/spot/time')).toEqual({ server_time: whole });
  const level = [amount, amount];
  const book = await get('/spot/order_book', `${pairQuery}&limit=3&with_id=true`);
  expect(book).toEqual({
    ...{ id: whole, current: whole, update: whole },
    ...{ asks: [level, level, level], bids: [level, level, level] },
  });
  expect(await get('/spot/order_book', pairQuery)).not.toHaveProperty('id');
  expect(await get('/spot/order_book', `${pairQuery}&with_id=True`)).toHaveProperty('id');
  venue.take('BTCUSDT', 'buy', 1_000);
  const [ticker] = (await get('/spot/tickers', pairQuery)) as unknown as Json[];
  expect(ticker).toEqual({
    ...{ currency_pair: 'BTC_USDT', last: amount, lowest_ask: amount, highest_bid: amount },
    ...{ change_percentage: expect.stringMatching(/^-?\d+\.\d+$/) as string, base_volume: amount },
    ...{ quote_volume: amount, high_24h: amount, low_24h: amount, lowest_size: amount, highest_size: amount },
  });
  const [trade] = (await get('/spot/trades', `${pairQuery}&limit=1`)) as unknown as Json[];
  expect(trade).toEqual({
    ...{ id: text, create_time: timeText, create_time_ms: expect.stringMatching(/^\d{13}\.\d+$/) as string },
    ...{
      currency_pair: 'BTC_USDT',
      side: expect.stringMatching(/^(buy|sell)$/) as string,
      amount,
      price: amount,
    },
    sequence_id: text,
  });
  expect(await wire.call('GET', '/spot/nowhere')).toMatchObject(refused(404, 'NOT_FOUND'));
  expect(await wire.call('GET', '/spot/order_book', { query: 'currency_pair=NO_USDT' })).toMatchObject(
    refused(400, 'INVALID_CURRENCY_PAIR'),
  );
});

test('an order has the documented row wherever it is shown', async () => {
  const placed = await wire.place({ price: '50000.10', text: 't-row.1_-A' });
  expect(placed.status).toBe(201);
  expect(placed.body).toEqual({ ...orderShape, text: 't-row.1_-A', price: '50000.1' });
  expect(placed.headers.get('x-gate-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  expect(placed.headers.get('x-in-time')).toMatch(/^\d{16}$/);
  const shown = await wire.call('GET', `/spot/orders/${idOf(placed)}`, { query: pairQuery });
  expect(shown).toMatchObject({ status: 200, body: placed.body });
  expect(await wire.list('/spot/orders', `${pairQuery}&status=open`)).toEqual([placed.body]);
  expect(await wire.list('/spot/open_orders')).toEqual([
    { currency_pair: 'BTC_USDT', total: 1, orders: [placed.body] },
  ]);
  const cancelled = await wire.call('DELETE', '/spot/orders/t-row.1_-A', {
    query: `${pairQuery}&account=spot`,
  });
  expect(cancelled.body).toEqual({
    ...placed.body,
    ...{ status: 'cancelled', finish_as: 'cancelled', update_time: timeText, update_time_ms: whole },
  });
  expect(await wire.list('/spot/orders', `${pairQuery}&status=finished&limit=1`)).toEqual([cancelled.body]);
  const bare = await wire.place({ price: '50000', action_mode: 'ACK' });
  expect(bare.body).toEqual({ id: text, text: 'apiv4', amend_text: '-' });
  const again = await wire.place({ price: '50000', action_mode: 'RESULT' });
  expect(again.body).not.toHaveProperty('fee');
  expect(again.body).toMatchObject({ status: 'open', left: '0.01' });
  await wire.call('DELETE', '/spot/orders', { query: pairQuery });
});

test('trades and balances are told as documented, and fees add up', async () => {
  venue.setFlow(false);
  const placed = await wire.place({ type: 'market', amount: '650', text: 't-spend' });
  expect(placed.body).toMatchObject({
    ...{ status: 'closed', finish_as: 'filled', type: 'market', amount: '650', price: '0' },
    ...{ time_in_force: 'ioc', fee_currency: 'BTC' },
  });
  const row = placed.body as Record<string, string>;
  expect(Number(row['left'])).toBeCloseTo(650 - Number(row['filled_total']), 8);
  expect(Number(row['left'])).toBeLessThan(1);
  const over = `/spot/orders/${idOf(placed)}`;
  expect(await wire.call('DELETE', over, { query: pairQuery })).toMatchObject(refused(400, 'ORDER_CLOSED'));
  const late = { query: pairQuery, body: { amount: '1' } };
  expect(await wire.call('PATCH', over, late)).toMatchObject(refused(400, 'ORDER_CLOSED'));
  expect(await wire.call('PATCH', '/spot/orders/100', late)).toMatchObject(refused(404, 'ORDER_NOT_FOUND'));
  const trades = await wire.list('/spot/my_trades', `${pairQuery}&order_id=${idOf(placed)}`);
  expect(trades[0]).toEqual({
    ...{ id: text, create_time: timeText, create_time_ms: text, currency_pair: 'BTC_USDT', side: 'buy' },
    ...{ role: 'taker', amount, price: amount, order_id: idOf(placed), fee: amount, fee_currency: 'BTC' },
    ...{ point_fee: '0', gt_fee: '0', amend_text: '-', sequence_id: text, text: 't-spend' },
  });
  const sumOf = (name: string): number => trades.reduce((sum, trade) => sum + Number(trade[name]), 0);
  expect(sumOf('amount')).toBeCloseTo(Number(row['filled_amount']), 8);
  expect(sumOf('fee')).toBeCloseTo(Number(row['fee']), 10);
  const balances = await wire.list('/spot/accounts', 'currency=BTC');
  expect(balances).toEqual([{ currency: 'BTC', available: amount, locked: '0', update_id: whole }]);
  expect((await wire.call('GET', '/account/detail')).body).toMatchObject({
    user_id: whole,
    key: { mode: 1 },
  });
  const fees = { taker_fee: '0.001', maker_fee: '0.001', gt_discount: false };
  expect((await wire.call('GET', '/wallet/fee')).body).toMatchObject({ user_id: whole, ...fees });
  expect((await wire.call('GET', '/spot/fee')).body).toMatchObject(fees);
  const from = Math.floor(now() / 1_000) - 60;
  const paged = await wire.list('/spot/my_trades', `${pairQuery}&from=${from}&limit=1&page=2`);
  expect(paged.length).toBeLessThanOrEqual(1);
  expect(paged[0]?.['id']).not.toBe((await wire.list('/spot/my_trades', `${pairQuery}&limit=1`))[0]?.['id']);
  venue.setFlow(true);
});

test.each([
  ['no key', { KEY: undefined }, 401, 'MISSING_REQUIRED_HEADER'],
  ['no time', { Timestamp: undefined }, 401, 'MISSING_REQUIRED_HEADER'],
  ['a stranger', { KEY: 'nobody' }, 401, 'INVALID_KEY'],
  ['another signature', { SIGN: 'f'.repeat(128) }, 401, 'INVALID_SIGNATURE'],
  ['a signature too short', { SIGN: 'ff' }, 401, 'INVALID_SIGNATURE'],
  ['an old time', { Timestamp: String(Math.floor(now() / 1_000) - 90) }, 403, 'REQUEST_EXPIRED'],
  ['a time to come', { Timestamp: String(Math.floor(now() / 1_000) + 90) }, 403, 'REQUEST_EXPIRED'],
])('a request with %s is refused', async (_what, headers, status, label) => {
  expect(await wire.call('GET', '/spot/accounts', { headers })).toMatchObject(refused(status, label));
});

test('the signature covers query, body and path, escapes undone', async () => {
  expect((await wire.call('GET', '/spot/accounts', { query: 'currency=B%54C' })).status).toBe(200);
  const placed = await wire.place({ price: '50000', text: 't-signed' });
  const both = { query: `${pairQuery}&account=spot`, body: { amount: '0.02' } };
  const amended = await wire.call('PATCH', `/spot/orders/${idOf(placed)}`, both);
  expect(amended).toMatchObject({ status: 200, body: { amount: '0.02', left: '0.02', status: 'open' } });
  const stolen = { ...both, body: { amount: '0.03' }, headers: { SIGN: '0'.repeat(128) } };
  expect(await wire.call('PATCH', `/spot/orders/${idOf(placed)}`, stolen)).toMatchObject(
    refused(401, 'INVALID_SIGNATURE'),
  );
  expect((await wire.call('DELETE', `/spot/orders/${idOf(placed)}`, { query: pairQuery })).status).toBe(200);
});

test.each([
  [{ text: 'no-prefix' }, 400, 'INVALID_PARAM_VALUE'],
  [{ text: `t-${'a'.repeat(29)}` }, 400, 'INVALID_PARAM_VALUE'],
  [{ text: 't-with space' }, 400, 'INVALID_PARAM_VALUE'],
  [{ currency_pair: 'NO_USDT' }, 400, 'INVALID_CURRENCY_PAIR'],
  [{ side: 'hold' }, 400, 'INVALID_PARAM_VALUE'],
  [{ amount: undefined }, 400, 'MISSING_REQUIRED_PARAM'],
  [{ amount: '0.000001' }, 400, 'INVALID_PRECISION'],
  [{ price: '50000.001' }, 400, 'INVALID_PRECISION'],
  [{ amount: '1e-2' }, 400, 'INVALID_PARAM_VALUE'],
  [{ amount: '9001' }, 400, 'AMOUNT_TOO_MUCH'],
  [{ amount: '0.00001' }, 400, 'INVALID_PARAM_VALUE'],
  [{ price: '1' }, 400, 'INVALID_PARAM_VALUE'],
  [{ price: '10000' }, 400, 'PRICE_TOO_DEVIATED'],
  [{ amount: '100' }, 400, 'BALANCE_NOT_ENOUGH'],
  [{ time_in_force: 'gtd' }, 400, 'INVALID_PARAM_VALUE'],
  [{ type: 'market', time_in_force: 'poc' }, 400, 'INVALID_PARAM_VALUE'],
  [{ account: 'margin' }, 400, 'INVALID_PARAM_VALUE'],
  [{ stp_act: 'cn' }, 400, 'INVALID_PARAM_VALUE'],
])('an order with %j is refused', async (change, status, label) => {
  expect(await wire.place({ price: '50000', ...change })).toMatchObject(refused(status, label));
});

test('a text names an order while it is open and for a while after, and only once at a time', async () => {
  const longest = `t-${'z'.repeat(28)}`;
  const placed = await wire.place({ price: '50000', text: longest });
  expect(await wire.place({ price: '50000', text: longest })).toMatchObject(
    refused(400, 'REPEATED_CREATION'),
  );
  const ask = () => wire.call('GET', `/spot/orders/${longest}`, { query: pairQuery });
  expect(idOf(await ask())).toBe(idOf(placed));
  await wire.call('DELETE', `/spot/orders/${longest}`, { query: pairQuery });
  expect((await ask()).body).toMatchObject({ id: idOf(placed), status: 'cancelled' });
  const again = await wire.call('DELETE', `/spot/orders/${longest}`, { query: pairQuery });
  expect(again).toMatchObject(refused(400, 'ORDER_CANCELLED'));
  await admin('POST', '/gate/terms', { textKeptSeconds: 0.05 });
  await runtime.sleep(100);
  expect(await ask()).toMatchObject(refused(404, 'CLIENT_ID_NOT_FOUND'));
  expect((await wire.call('GET', `/spot/orders/${idOf(placed)}`, { query: pairQuery })).status).toBe(200);
  await admin('POST', '/gate/terms', { textKeptSeconds: 3_600 });
});

test('a batch answers for each order, and is refused as a whole for what is wrong with all of it', async () => {
  const order = (change: Json) => ({
    ...{ currency_pair: 'BTC_USDT', side: 'buy', amount: '0.001', price: '50000', account: 'spot' },
    ...change,
  });
  const batch = (body: unknown) => wire.call('POST', '/spot/batch_orders', { body });
  const answer = await batch([order({ text: 't-b1' }), order({ text: 't-b2', amount: '100' })]);
  expect(answer).toMatchObject({
    status: 200,
    body: [
      { text: 't-b1', succeeded: true, label: '', message: '', status: 'open' },
      { text: 't-b2', succeeded: false, label: 'BALANCE_NOT_ENOUGH' },
    ],
  });
  const [first] = answer.body as unknown as Json[];
  expect(first?.['order_id']).toBe(first?.['id']);
  await nextSecond();
  expect(await batch([order({})])).toMatchObject(refused(400, 'MISSING_REQUIRED_PARAM'));
  expect(await batch({})).toMatchObject(refused(400, 'INVALID_REQUEST_BODY'));
  const mixed = [order({ text: 't-m1' }), order({ text: 't-m2', account: 'margin' })];
  expect(await batch(mixed)).toMatchObject(refused(400, 'MIXED_ACCOUNT_TYPE'));
  const ids = [
    { currency_pair: 'BTC_USDT', id: first?.['id'] },
    { currency_pair: 'BTC_USDT', id: '100' },
  ];
  expect((await wire.call('POST', '/spot/cancel_batch_orders', { body: ids })).body).toEqual([
    {
      currency_pair: 'BTC_USDT',
      id: first?.['id'],
      text: 't-b1',
      succeeded: true,
      label: null,
      message: null,
    },
    {
      currency_pair: 'BTC_USDT',
      id: '100',
      text: '',
      succeeded: false,
      label: 'ORDER_NOT_FOUND',
      message: text,
    },
  ]);
});

test('ten orders a second in a pair, every one of a batch counted, and cancels have a budget of their own', async () => {
  const order = { currency_pair: 'BTC_USDT', side: 'buy', amount: '0.001', price: '50000' };
  const batch = (count: number) =>
    wire.call('POST', '/spot/batch_orders', {
      body: Array.from({ length: count }, (_, i) => ({ ...order, text: `t-rate-${now()}-${i}` })),
    });
  await nextSecond();
  const first = await batch(8);
  expect(first.headers.get('x-gate-ratelimit-limit')).toBe('10');
  expect(first.headers.get('x-gate-ratelimit-requests-remain')).toBe('2');
  const over = await batch(3);
  expect(over).toMatchObject(refused(429, 'TOO_MANY_REQUESTS'));
  expect(over.headers.get('x-gate-ratelimit-requests-remain')).toBe('0');
  const reset = Number(over.headers.get('x-gate-ratelimit-reset-timestamp')) * 1_000;
  expect(reset).toBeGreaterThan(now() - 1);
  expect(reset).toBeLessThanOrEqual(now() + 1_000);
  expect(
    (await wire.place({ ...order, currency_pair: 'ETH_USDT', amount: '0.1', price: '2500' })).status,
  ).toBe(201);
  const swept = await wire.call('DELETE', '/spot/orders', { query: 'account=spot' });
  expect(swept.headers.get('x-gate-ratelimit-limit')).toBe('200');
  expect((swept.body as unknown as Json[]).length).toBe(9);
  await nextSecond();
  expect((await batch(1)).status).toBe(200);
  await wire.call('DELETE', '/spot/orders', { query: pairQuery });
});

test('an endpoint is asked two hundred times in ten seconds, and others meanwhile', async () => {
  const other = new GateWire(venue.origin, grouped, runtime);
  // More than two windows hold.
  const answers = await Promise.all(Array.from({ length: 401 }, () => other.call('GET', '/spot/accounts')));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(200);
  expect(answers.find(({ status }) => status === 429)?.body['label']).toBe('TOO_MANY_REQUESTS');
  expect((await other.call('GET', '/spot/fee')).status).toBe(200);
}, 20_000);

test('a request behind its expiry is carried out neither on arrival nor after a wait', async () => {
  const late = { headers: { 'x-gate-exptime': String(now() - 1) } };
  expect(await wire.place({ price: '50000', text: 't-late' }, late)).toMatchObject(
    refused(403, 'REQUEST_EXPIRED'),
  );
  venue.faults.holdNext('create-received', 1);
  const soon = { headers: { 'x-gate-exptime': String(now() + 200) } };
  const held = wire.place({ price: '50000', text: 't-held' }, soon);
  await runtime.sleep(300);
  expect(venue.faults.held()).toMatchObject([{ clientOrderId: 't-held' }]);
  venue.faults.release('all', 'continue');
  expect(await held).toMatchObject(refused(403, 'REQUEST_EXPIRED'));
  expect(await wire.list('/spot/open_orders')).toEqual([]);
  const inTime = { headers: { 'x-gate-exptime': String(now() + 3_000) } };
  expect((await wire.place({ price: '50000', text: 't-in-time' }, inTime)).status).toBe(201);
  await wire.call('DELETE', '/spot/orders', { query: pairQuery });
});

test('an armed countdown that is not renewed cancels the orders of its pair alone', async () => {
  const arm = (body: Json) => wire.call('POST', '/spot/countdown_cancel_all', { body });
  expect(await arm({ timeout: 4, currency_pair: 'BTC_USDT' })).toMatchObject(
    refused(400, 'INVALID_PARAM_VALUE'),
  );
  const placed = await wire.place({ price: '50000' });
  const elsewhere = await wire.place({ currency_pair: 'ETH_USDT', amount: '0.1', price: '2500' });
  const { body } = await arm({ timeout: 5, currency_pair: 'BTC_USDT' });
  expect(body).toEqual({ triggerTime: whole });
  await arm({ timeout: 5, currency_pair: 'ETH_USDT' });
  expect((await arm({ timeout: 0, currency_pair: 'ETH_USDT' })).body).toEqual({ triggerTime: 0 });
  await runtime.sleep(4_500);
  const state = async (id: string, pair: string) =>
    (await wire.call('GET', `/spot/orders/${id}`, { query: `currency_pair=${pair}` })).body['finish_as'];
  expect(await state(idOf(placed), 'BTC_USDT')).toBe('open');
  await runtime.sleep(Number(body['triggerTime']) - now() + 100);
  expect(await state(idOf(placed), 'BTC_USDT')).toBe('cancelled');
  expect(await state(idOf(elsewhere), 'ETH_USDT')).toBe('open');
  await wire.call('DELETE', '/spot/orders');
}, 20_000);

test.each([
  ['cn', 'open', 'stp'],
  ['co', 'stp', 'open'],
  ['cb', 'stp', 'stp'],
  [undefined, 'open', 'stp'],
])('inside a group stp_act %s leaves the maker %s and the taker %s', async (act, maker, taker) => {
  const own = new GateWire(venue.origin, grouped, runtime);
  venue.setFlow(false);
  const [book] = [(await wire.call('GET', '/spot/order_book', { query: pairQuery })).body];
  const ask = Number((book['asks'] as string[][])[0]![0]);
  const price = (ask - 0.01).toFixed(2);
  const made = await own.place({ side: 'sell', price, stp_act: 'cn' });
  expect(made.body).toMatchObject({ stp_id: 7, stp_act: 'cn', status: 'open' });
  const took = await own.place({ price, ...(act === undefined ? {} : { stp_act: act }) });
  expect(took.body).toMatchObject({ finish_as: taker, stp_act: act ?? '-' });
  const shown = await own.call('GET', `/spot/orders/${idOf(made)}`, { query: pairQuery });
  expect(shown.body).toMatchObject({ finish_as: maker, filled_amount: '0' });
  await own.call('DELETE', '/spot/orders', { query: pairQuery });
  venue.setFlow(true);
});

test('a pair that is halted takes no order, and its orders can be cancelled', async () => {
  const placed = await wire.place({ price: '50000' });
  venue.changeMarket('BTCUSDT', { status: 'CANCEL_ONLY' });
  const { body } = await wire.call('GET', '/spot/currency_pairs/BTC_USDT');
  expect(body).toMatchObject({ trade_status: 'untradable' });
  expect(await wire.place({ price: '50000' })).toMatchObject(refused(400, 'INVALID_CURRENCY_PAIR'));
  expect((await wire.call('DELETE', `/spot/orders/${idOf(placed)}`, { query: pairQuery })).status).toBe(200);
  venue.changeMarket('BTCUSDT', { status: 'TRADING' });
});
