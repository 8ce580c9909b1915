import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { GateWire, GateWireSocket } from './gate-wire';
import type { Json } from './gate-wire';
import { KeptBook } from './kept-book';
import type { BookResult, Level } from './kept-book';

/** Gate's sockets field by field, and books kept by the venue's own rules. */
const runtime = createRealRuntime();
let venue: VenueSimulator;
let wire: GateWire;
const sockets: GateWireSocket[] = [];

const text = expect.stringMatching(/./) as string;
const amount = expect.stringMatching(/^\d+(\.\d*[1-9])?$/) as string;
const whole = expect.any(Number) as number;
const success = { error: null, result: { status: 'success' } };
const failure = (code: number) => ({ error: { code, message: text }, result: { status: 'fail' } });
const pairQuery = 'currency_pair=BTC_USDT';

function open(): GateWireSocket {
  const socket = new GateWireSocket(venue.origin, demoAccount, runtime);
  sockets.push(socket);
  return socket;
}

const resultOf = <T = Json>(frame: Json): T => frame['result'] as T;

async function restBook(limit: number): Promise<Json> {
  return (await wire.call('GET', '/spot/order_book', { query: `${pairQuery}&limit=${limit}&with_id=true` }))
    .body;
}

/** The market stands still and everything has been told. */
async function stillFor<T>(look: () => Promise<T>): Promise<T> {
  venue.setFlow(false);
  await runtime.sleep(250);
  const seen = await look();
  venue.setFlow(true);
  return seen;
}

beforeAll(async () => {
  venue = await startVenueSimulator({ runtime, port: 0, seed: 8, stepsPerSecond: 20 });
  wire = new GateWire(venue.origin, demoAccount, runtime);
}, 30_000);

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
  venue.faults.clearAll();
});

afterAll(async () => {
  await venue?.stop();
  await runtime.close();
});

test.each([50, 400])(
  'spot.obu of %i levels: the whole book first, then every id once',
  async (levels) => {
    const socket = open();
    const ack = await socket.request('spot.obu', 'subscribe', [`ob.BTC_USDT.${levels}`]);
    expect(ack).toEqual({
      ...{ time: whole, time_ms: whole, id: 1, conn_id: text, trace_id: text, requestId: text },
      ...{ channel: 'spot.obu', event: 'subscribe', payload: [`ob.BTC_USDT.${levels}`], ...success },
    });
    await runtime.sleep(1_000);
    const rest = await stillFor(() => restBook(levels));
    const frames = socket.updates('spot.obu');
    expect(socket.frames.indexOf(ack)).toBeLessThan(socket.frames.indexOf(frames[0]!));
    expect(Object.keys(frames[0]!)).toEqual(['channel', 'result', 'time_ms', 'event']);
    const results = frames.map((frame) => resultOf<BookResult>(frame));
    expect(results[0]).toMatchObject({ t: whole, full: true, s: `ob.BTC_USDT.${levels}`, u: whole });
    expect(results.slice(1).some((result) => 'full' in result)).toBe(false);
    expect(results.length).toBeGreaterThan(5);
    const book = new KeptBook();
    for (const result of results) book.apply(result);
    expect(book.gaps).toEqual([]);
    expect({ id: book.lastId, ...book.sides }).toEqual({
      id: rest['id'],
      bids: rest['bids'],
      asks: rest['asks'],
    });
  },
  20_000,
);

test('ids alone go by when the book changes beyond what is shown', async () => {
  venue.setFlow(false);
  const socket = open();
  await socket.request('spot.obu', 'subscribe', ['ob.BTC_USDT.50']);
  const [[bid = '']] = (await restBook(1))['bids'] as [[string]];
  for (let i = 0; i < 45; i += 1) {
    venue.core.place({
      ...{ account: 'crowd', symbol: 'BTCUSDT', clientOrderId: '', side: 'buy', type: 'limit' },
      ...{
        timeInForce: 'POST_ONLY',
        price: Math.round(Number(bid) * 100) - 10_000 - i,
        quantity: 10,
        stp: 'NONE',
      },
    });
  }
  await runtime.sleep(60);
  const before = socket.updates('spot.obu').length;
  await wire.place({ price: '50000' });
  await runtime.sleep(60);
  const [quiet] = socket.updates('spot.obu').slice(before);
  expect(quiet && resultOf(quiet)).toEqual({ t: whole, s: 'ob.BTC_USDT.50', U: whole, u: whole });
  await wire.call('DELETE', '/spot/orders', { query: pairQuery });
  venue.setFlow(true);
}, 20_000);

test.each([
  ['skipDepthFrames', 1],
  ['repeatDepthFrames', 1],
  ['swapDepthFrames', 3],
] as const)('%s breaks the chain of ids in %i places', async (fault, count) => {
  const socket = open();
  await socket.request('spot.obu', 'subscribe', ['ob.BTC_USDT.50']);
  venue.faults[fault]('BTCUSDT', 1);
  await runtime.sleep(500);
  const broken = new KeptBook();
  for (const frame of socket.updates('spot.obu')) broken.apply(resultOf<BookResult>(frame));
  expect(broken.gaps.length).toBe(count);
});

test('a second subscription to a book is refused, a fresh one brings the whole book', async () => {
  const socket = open();
  const stream = ['ob.BTC_USDT.50'];
  await socket.request('spot.obu', 'subscribe', stream);
  const again = await socket.request('spot.obu', 'subscribe', stream);
  expect(again).toMatchObject({ error: { code: 2, message: 'Alert sub ob.BTC_USDT.50' } });
  expect(await socket.request('spot.obu', 'unsubscribe', stream)).toMatchObject(success);
  const silentFrom = socket.updates('spot.obu').length;
  await runtime.sleep(150);
  expect(socket.updates('spot.obu').length).toBe(silentFrom);
  await socket.request('spot.obu', 'subscribe', stream);
  await runtime.sleep(100);
  const first = socket.updates('spot.obu')[silentFrom]!;
  expect(resultOf<BookResult>(first).full).toBe(true);
}, 20_000);

test.each(['20ms', '100ms'])(
  'spot.order_book_update every %s continues a book taken from REST',
  async (interval) => {
    const socket = open();
    await socket.request('spot.order_book_update', 'subscribe', ['BTC_USDT', interval]);
    await runtime.sleep(400);
    const levels = interval === '20ms' ? 20 : 100;
    const base = await restBook(levels);
    await runtime.sleep(600);
    const rest = await stillFor(() => restBook(levels));
    const frames = socket
      .updates('spot.order_book_update')
      .map((frame) => resultOf<BookResult & Json>(frame));
    expect(frames[0]).toMatchObject({
      t: whole,
      e: 'depthUpdate',
      E: whole,
      s: 'BTC_USDT',
      l: String(levels),
    });
    const book = new KeptBook();
    const { id, bids, asks } = base as { id: number; bids: Level[]; asks: Level[] };
    book.apply({ full: true, u: id, b: bids, a: asks });
    const fresh = frames.filter(({ u }) => u > id);
    expect(fresh[0]!.U).toBeLessThanOrEqual(id + 1);
    for (const frame of fresh) book.apply({ ...frame, U: Math.max(frame.U!, book.lastId + 1) });
    const starts = frames.slice(1).map(({ U }) => U);
    expect(starts).toEqual(frames.slice(0, -1).map(({ u }) => u + 1));
    expect({ id: book.lastId, ...book.sides }).toEqual({
      id: rest['id'],
      bids: rest['bids'],
      asks: rest['asks'],
    });
  },
  20_000,
);

test('book snapshots, the touch, trades and tickers have the documented fields', async () => {
  const socket = open();
  await socket.request('spot.order_book', 'subscribe', ['BTC_USDT', '5', '100ms']);
  for (const channel of ['spot.book_ticker', 'spot.trades', 'spot.tickers'])
    expect(await socket.request(channel, 'subscribe', ['BTC_USDT', 'ETH_USDT'])).toMatchObject(success);
  venue.take('BTCUSDT', 'sell', 1_000);
  const frameOf = async (channel: string, isIt: (result: Json) => boolean = () => true): Promise<Json> =>
    socket.find(
      (frame) => frame['channel'] === channel && frame['event'] === 'update' && isIt(resultOf(frame)),
    );
  const trade = await frameOf('spot.trades', (result) => result['currency_pair'] === 'BTC_USDT');
  expect(trade).toEqual({
    ...{ time: whole, time_ms: whole, channel: 'spot.trades', event: 'update' },
    result: {
      ...{ id: whole, id_market: whole, create_time: whole, create_time_ms: text, side: text },
      ...{
        currency_pair: 'BTC_USDT',
        amount,
        price: amount,
        range: expect.stringMatching(/^\d+-\d+$/) as string,
      },
    },
  });
  const level = [amount, amount];
  expect(resultOf(await frameOf('spot.order_book'))).toEqual({
    ...{ t: whole, lastUpdateId: whole, s: 'BTC_USDT', l: '5' },
    ...{ bids: [level, level, level, level, level], asks: [level, level, level, level, level] },
  });
  expect(resultOf(await frameOf('spot.book_ticker', (result) => result['s'] === 'ETH_USDT'))).toEqual({
    ...{ t: whole, u: whole, s: 'ETH_USDT', b: amount, B: amount, a: amount, A: amount },
  });
  expect(resultOf(await frameOf('spot.tickers'))).toMatchObject({
    ...{ currency_pair: text, last: amount, lowest_ask: amount, highest_bid: amount, base_volume: amount },
  });
}, 20_000);

test('pings are answered, and what is asked wrong is refused with the documented code', async () => {
  const socket = open();
  await socket.send(JSON.stringify({ time: 1, channel: 'spot.ping' }));
  const pong = await socket.find((frame) => frame['channel'] === 'spot.pong');
  expect(pong).toEqual({
    time: whole,
    time_ms: whole,
    channel: 'spot.pong',
    event: '',
    error: null,
    result: null,
  });
  await socket.send('{');
  expect(await socket.find((frame) => frame['channel'] === '')).toMatchObject(failure(1));
  const ask = (channel: string, payload?: unknown) => socket.request(channel, 'subscribe', payload);
  expect(await ask('spot.trades', ['NO_USDT'])).toMatchObject({
    error: { code: 2, message: 'unknown currency pair: NO_USDT' },
  });
  expect(await ask('spot.trades')).toMatchObject(failure(2));
  expect(await ask('spot.nothing', [])).toMatchObject(failure(2));
  expect(await ask('spot.order_book', ['BTC_USDT', '7', '100ms'])).toMatchObject(failure(2));
  expect(await ask('spot.order_book_update', ['BTC_USDT', '50ms'])).toMatchObject(failure(2));
  expect(await ask('spot.obu', ['ob.BTC_USDT.60'])).toMatchObject(failure(2));
  expect(await socket.request('spot.trades', 'api', [])).toMatchObject(failure(2));
});

test('a private subscription needs its own signature', async () => {
  const socket = open();
  const ask = (auth: unknown, channel = 'spot.orders') =>
    socket.request(channel, 'subscribe', ['BTC_USDT'], auth === undefined ? {} : { auth });
  expect(await ask(undefined)).toMatchObject(failure(4));
  expect(await ask(socket.auth('spot.orders', 'wrong'))).toMatchObject(failure(4));
  expect(await ask(socket.auth('spot.usertrades'))).toMatchObject({
    error: { code: 4, message: expect.stringContaining('INVALID_SIGNATURE') as string },
  });
  expect(await ask({ ...socket.auth('spot.orders'), KEY: 'nobody' })).toMatchObject({
    error: { code: 4, message: expect.stringContaining('INVALID_KEY') as string },
  });
  const old = { time: Math.floor(runtime.now() / 1_000) - 90, auth: socket.auth('spot.orders') };
  expect(await socket.request('spot.orders', 'subscribe', ['BTC_USDT'], old)).toMatchObject(failure(4));
  expect(await socket.login('spot.orders', ['NO_USDT'])).toMatchObject(failure(2));
  expect(await socket.login('spot.orders', ['BTC_USDT'])).toMatchObject(success);
});

test('orders, trades and balances of an account are told as documented', async () => {
  venue.setFlow(false);
  const socket = open();
  for (const channel of ['spot.orders', 'spot.orders_v2', 'spot.usertrades', 'spot.usertrades_v2'])
    expect(await socket.login(channel, ['!all'])).toMatchObject(success);
  expect(await socket.login('spot.balances')).toMatchObject(success);
  const placed = await wire.place({ price: '50000', text: 't-told' });
  const id = placed.body['id'];
  await wire.call('PATCH', `/spot/orders/${String(id)}`, { query: pairQuery, body: { amount: '0.02' } });
  await wire.call('DELETE', `/spot/orders/${String(id)}`, { query: pairQuery });
  await wire.place({ type: 'market', side: 'sell', amount: '0.001', text: 't-taken' });
  await runtime.sleep(100);
  const rows = (channel: string) =>
    socket.updates(channel).flatMap((frame) => resultOf<readonly Json[]>(frame));
  const mine = rows('spot.orders').filter((row) => row['id'] === id);
  expect(mine.map((row) => [row['event'], row['finish_as'], row['amount']])).toEqual([
    ['put', 'open', '0.01'],
    ['update', 'open', '0.02'],
    ['finish', 'cancelled', '0.02'],
  ]);
  expect(mine[0]).toEqual({
    ...{ id, text: 't-told', create_time: text, update_time: text, currency_pair: 'BTC_USDT', type: 'limit' },
    ...{ account: 'spot', side: 'buy', amount: '0.01', price: '50000', time_in_force: 'gtc', left: '0.01' },
    ...{ filled_total: '0', filled_amount: '0', avg_deal_price: '0', fee: '0', fee_currency: 'BTC' },
    ...{ point_fee: '0', gt_fee: '0', rebated_fee: '0', rebated_fee_currency: 'USDT' },
    create_time_ms: expect.stringMatching(/^\d{13}$/) as string,
    update_time_ms: expect.stringMatching(/^\d{13}$/) as string,
    ...{
      user: whole,
      event: 'put',
      stp_id: 0,
      stp_act: '-',
      finish_as: 'open',
      biz_info: '-',
      amend_text: '-',
    },
  });
  const [light] = rows('spot.orders_v2');
  for (const name of ['fee', 'point_fee', 'gt_fee', 'rebated_fee']) expect(light).not.toHaveProperty(name);
  const taken = rows('spot.orders').filter((row) => row['text'] === 't-taken');
  expect(taken.at(-1)).toMatchObject({
    event: 'finish',
    finish_as: 'filled',
    left: '0',
    filled_amount: '0.001',
  });
  const [trade] = rows('spot.usertrades');
  expect(trade).toEqual({
    ...{ id: whole, user_id: mine[0]?.['user'], order_id: taken[0]?.['id'], currency_pair: 'BTC_USDT' },
    ...{ create_time: whole, create_time_ms: text, side: 'sell', amount, role: 'taker', price: amount },
    ...{ fee: amount, fee_currency: 'USDT', point_fee: '0', gt_fee: '0', text: 't-taken', id_market: whole },
  });
  expect(rows('spot.usertrades_v2')[0]).not.toHaveProperty('fee_currency');
  const balances = rows('spot.balances');
  expect(balances[0]).toEqual({
    ...{ timestamp: text, timestamp_ms: text, user: text, currency: 'USDT', change: '0', total: amount },
    ...{ available: amount, freeze: '500', freeze_change: '500', change_type: 'order-create' },
  });
  expect(
    balances.slice(0, 3).map((row) => [row['freeze'], row['freeze_change'], row['change_type']]),
  ).toEqual([
    ['500', '500', 'order-create'],
    ['1000', '500', 'order-update'],
    ['0', '-1000', 'order-update'],
  ]);
  expect(balances.filter((row) => row['change_type'] === 'order-match').length).toBeGreaterThanOrEqual(2);
  venue.setFlow(true);
}, 20_000);

test('a pair is heard only while it is subscribed to', async () => {
  const socket = open();
  await socket.login('spot.orders', ['ETH_USDT']);
  await wire.place({ price: '50000' });
  await runtime.sleep(50);
  expect(socket.updates('spot.orders')).toEqual([]);
  await socket.login('spot.orders', ['BTC_USDT']);
  await wire.call('DELETE', '/spot/orders', { query: pairQuery });
  await socket.find((frame) => frame['event'] === 'update');
  await socket.request('spot.orders', 'unsubscribe', ['BTC_USDT', 'ETH_USDT']);
  const heard = socket.updates('spot.orders').length;
  await wire.place({ price: '50000' });
  await wire.call('DELETE', '/spot/orders', { query: pairQuery });
  await runtime.sleep(50);
  expect(socket.updates('spot.orders').length).toBe(heard);
});

test('sockets are cut by what they hear, and a held fill is told when it is released', async () => {
  const [reader, owner] = [open(), open()];
  await reader.request('spot.trades', 'subscribe', ['BTC_USDT']);
  await owner.login('spot.usertrades', ['BTC_USDT']);
  venue.setFlow(false);
  venue.faults.holdNext('fill-reported', 1);
  await wire.place({ type: 'market', side: 'sell', amount: '0.0001', text: 't-kept' });
  venue.setFlow(true);
  await runtime.sleep(50);
  expect(owner.updates('spot.usertrades')).toEqual([]);
  expect(venue.faults.held()[0]).toMatchObject({ point: 'fill-reported', clientOrderId: 't-kept' });
  venue.faults.clearAll();
  await owner.find((frame) => frame['channel'] === 'spot.usertrades' && frame['event'] === 'update');
  venue.faults.cutSockets('private');
  await owner.closed;
  expect(await reader.request('spot.trades', 'subscribe', ['ETH_USDT'])).toMatchObject(success);
  venue.faults.cutSockets('public');
  await reader.closed;
});
