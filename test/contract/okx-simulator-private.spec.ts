import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { instId, key, live, ms, orders, text, okxSocketBench } from './okx-socket-bench';
import type { Json, Texts } from './okx-wire';

/** OKX's private sockets field by field, and what ends them. */
const bench = okxSocketBench();
const { admin, loggedIn, open, restBook, runtime } = bench;
const place = async (order: Texts): Promise<Texts> => (await bench.okx.place(order)).data[0]!;
const cancel = (clOrdId: string) => bench.okx.post('trade/cancel-order', { instId, clOrdId });
const bestBid = async (): Promise<number> => Number((await restBook()).bids[0]![0]);

describe('logging in', () => {
  test.each<[string, Json, string]>([
    ['another passphrase', { passphrase: 'another' }, '60024'],
    ['an unknown key', { apiKey: 'nobody' }, '60005'],
    ['another signature', { sign: 'bm90IGl0' }, '60007'],
    ['an old time', { timestamp: '1700000000' }, '60006'],
    ['no time', { timestamp: 'now' }, '60004'],
    ['nothing', { apiKey: 1 }, '60009'],
  ])('with %s fails', async (_name, change, code) => {
    const socket = open('private');
    expect(await socket.login(key, change)).toEqual({ event: 'error', code, msg: text, connId: text });
    expect(await socket.request('subscribe', orders)).toMatchObject({ code: '60011' });
    // The socket takes another try.
    expect(await socket.login(key)).toEqual({ event: 'login', code: '0', msg: '', connId: text });
  });

  test('fails as often as that is set', async () => {
    await admin('/okx/refuseLogins', { count: 1 });
    const socket = open('private');
    expect(await socket.login(key)).toMatchObject({ event: 'error', code: '60009' });
    expect(await socket.login(key)).toMatchObject({ event: 'login', code: '0' });
  });

  test('with a live key fails where demo is spoken', async () => {
    const named = { apiKey: live.apiKey, secret: live.secret, passphrase: usualPassphrase };
    expect(await open('private?brokerId=9999').login(named)).toMatchObject({ code: '50101' });
    expect(await open('private').login(named)).toMatchObject({ event: 'login', code: '0' });
  });
});

describe('private channels', () => {
  test('orders tell each step, and of a fill its own part', async () => {
    bench.venue.setFlow(false);
    const socket = await loggedIn(orders);
    const px = ((await bestBid()) + 0.01).toFixed(2);
    const { ordId } = await place({ clOrdId: 'told1', px, ordType: 'post_only', tag: 't1' });
    for (const lots of [300, 200]) bench.venue.take('BTCUSDT', 'sell', lots, Math.round(Number(px) * 100));
    await bench.okx.post('trade/amend-order', { instId, clOrdId: 'told1', newSz: '0.008', reqId: 'r1' });
    await cancel('told1');
    await socket.row('orders', ({ state }) => state === 'canceled');
    const rows = socket.rows('orders');
    expect(rows.map(({ state, accFillSz }) => [state, accFillSz])).toEqual([
      ...[
        ['live', '0'],
        ['partially_filled', '0.003'],
        ['partially_filled', '0.005'],
      ],
      ...[
        ['partially_filled', '0.005'],
        ['canceled', '0.005'],
      ],
    ]);
    const [first, part, second, amended, last] = rows;
    const noFill = {
      fillPx: '',
      fillSz: '0',
      tradeId: '',
      fillTime: '',
      fillFee: '0',
      fillFeeCcy: '',
      execType: '',
    };
    expect(first).toMatchObject({
      ordId,
      clOrdId: 'told1',
      tag: 't1',
      fee: '0',
      reqId: '',
      amendResult: '',
      ...noFill,
    });
    const filled = { fillPx: px.replace(/\.?0+$/, ''), fillFeeCcy: 'BTC', execType: 'M', feeCcy: 'BTC' };
    expect(part).toMatchObject({
      ...filled,
      fillSz: '0.003',
      fillFee: '-0.000003',
      fee: '-0.000003',
      tradeId: text,
    });
    expect(second).toMatchObject({ ...filled, fillSz: '0.002', fillFee: '-0.000002', fee: '-0.000005' });
    expect(amended).toMatchObject({
      amendResult: '0',
      amendSource: '1',
      reqId: 'r1',
      sz: '0.008',
      ...noFill,
    });
    expect(last).toMatchObject({
      cancelSource: '1',
      reqId: '',
      amendResult: '',
      fee: '-0.000005',
      ...noFill,
    });
    expect(socket.pushes('orders')[0]).toMatchObject({ arg: { ...orders, uid: text } });
    for (const row of rows) {
      const { attachAlgoOrds, linkedAlgoOrd, ...texts } = row as Json;
      expect([attachAlgoOrds, linkedAlgoOrd]).toEqual([[], { algoId: '' }]);
      for (const value of Object.values(texts)) expect(typeof value).toBe('string');
    }
  }, 20_000);

  test('a subscription hears its own instrument only', async () => {
    const socket = await loggedIn({ ...orders, instId: 'ETH-USDT' });
    await place({ clOrdId: 'other1', px: '50000' });
    await place({ instId: 'ETH-USDT', clOrdId: 'heard1', px: '2000', sz: '0.1' });
    await socket.row('orders', ({ clOrdId }) => clOrdId === 'heard1');
    expect(new Set(socket.rows('orders').map((row) => row['instId']))).toEqual(new Set(['ETH-USDT']));
    await cancel('other1');
    await bench.okx.post('trade/cancel-order', { instId: 'ETH-USDT', clOrdId: 'heard1' });
    expect(await socket.request('subscribe', { channel: 'fills' })).toMatchObject({ code: '64003' });
  });

  test('nobody hears of another account', async () => {
    const own = await loggedIn(orders, { channel: 'account' });
    const socket = open('private');
    await socket.login({ apiKey: live.apiKey, secret: live.secret, passphrase: usualPassphrase });
    for (const arg of [orders, { channel: 'account' }]) await socket.request('subscribe', arg);
    const before = socket.frames.length;
    await place({ clOrdId: 'secret1', px: '50000' });
    await cancel('secret1');
    await own.row('orders', ({ clOrdId, state }) => clOrdId === 'secret1' && state === 'canceled');
    await runtime.sleep(50);
    expect(socket.frames).toHaveLength(before);
  });

  test('account begins with all there is, then tells what changed', async () => {
    const socket = await loggedIn({ channel: 'account' });
    const detailsOf = (frame: Json): readonly Texts[] =>
      (frame['data'] as { details: readonly Texts[] }[])[0]!.details;
    const snapshot = await socket.find((frame) => frame['eventType'] === 'snapshot');
    expect(snapshot).toMatchObject({ arg: { channel: 'account', uid: text }, curPage: 1, lastPage: true });
    expect(detailsOf(snapshot).map(({ ccy }) => ccy)).toEqual(['USDT', 'BTC', 'ETH', 'SOL']);
    await place({ clOrdId: 'holds1', px: '50000' });
    const update = await socket.find((frame) => frame['eventType'] === 'event_update');
    const usdt = detailsOf(update).find(({ ccy }) => ccy === 'USDT')!;
    expect(usdt).toMatchObject({ frozenBal: '500', ordFrozen: '500', uTime: ms });
    expect(Number(usdt['cashBal'])).toBeCloseTo(Number(usdt['availBal']) + 500, 8);
    await cancel('holds1');
  });

  test('balance_and_position tells cash when a trade has moved it, and which trade', async () => {
    const socket = await loggedIn({ channel: 'balance_and_position' }, orders);
    const snapshot = await socket.row('balance_and_position', (row) => row['eventType'] === 'snapshot');
    expect(snapshot).toMatchObject({ pTime: ms, posData: [], trades: [] });
    await place({ clOrdId: 'still1', px: '50000' });
    await place({ clOrdId: 'moves1', ordType: 'market', sz: '0.001', tgtCcy: 'base_ccy' });
    const moved = (await socket.row('balance_and_position', (row) => row['eventType'] === 'filled')) as Json;
    const { tradeId } = await socket.row('orders', (row) => row['tradeId'] !== '');
    expect(moved).toMatchObject({ trades: [{ instId, tradeId }] });
    const ccys = (moved['balData'] as Texts[]).map(({ ccy, cashBal }) => [ccy, cashBal]);
    expect(ccys).toEqual(
      expect.arrayContaining([
        ['BTC', text],
        ['USDT', text],
      ]),
    );
    await cancel('still1');
  });

  test('every socket of a channel is told how many there are', async () => {
    const first = await loggedIn(orders);
    const second = await loggedIn(orders);
    const count = { event: 'channel-conn-count', channel: 'orders', connCount: '2', connId: text };
    expect(await first.find((frame) => frame['connCount'] === '2')).toEqual(count);
    expect(await second.find((frame) => frame['connCount'] === '2')).toEqual(count);
  });

  test('the order of an answer and its report is not fixed', async () => {
    const socket = await loggedIn(orders);
    const wasFirst = new Set<boolean>();
    for (let i = 0; i < 40 && wasFirst.size < 2; i += 1) {
      const before = socket.rows('orders').length;
      await place({ clOrdId: `race${i}`, ordType: 'ioc', px: '50000' });
      wasFirst.add(socket.rows('orders').length > before);
      await socket.row('orders', ({ clOrdId, state }) => clOrdId === `race${i}` && state === 'canceled');
    }
    expect(wasFirst.size).toBe(2);
  }, 20_000);
});

describe('the end of a socket', () => {
  test('is announced before an upgrade', async () => {
    const sockets = [open('public'), await loggedIn(orders)];
    await sockets[0]!.request('subscribe', { channel: 'trades', instId });
    await admin('/okx/notice', { closeAfterSeconds: 0.4 });
    for (const socket of sockets) {
      const notice = await socket.find((frame) => frame['event'] === 'notice');
      expect(notice).toEqual({ event: 'notice', code: '64008', msg: text, connId: text });
    }
    const replacement = await loggedIn(orders);
    await Promise.all(sockets.map(({ closed }) => closed));
    await replacement.send('ping');
    await replacement.request('subscribe', { channel: 'account' });
    expect(replacement.texts).toContain('pong');
  });

  test('comes when nothing goes either way, and not while somebody asks', async () => {
    await admin('/okx/terms', { idleSeconds: 1 });
    const [silent, asking] = [open('private'), open('private')];
    const asks = setInterval(() => void asking.send('ping'), 300);
    await silent.send('ping');
    expect(await silent.closed).toBe(4_004);
    await asking.login(key);
    clearInterval(asks);
    await admin('/okx/terms', { idleSeconds: 30 });
  }, 20_000);

  test('comes to the kind that is cut', async () => {
    const [market, mine] = [open('public'), await loggedIn()];
    await market.request('subscribe', { channel: 'trades', instId });
    bench.venue.faults.cutSockets('private');
    await mine.closed;
    expect(await market.request('unsubscribe', { channel: 'trades', instId })).toMatchObject({
      connId: text,
    });
    bench.venue.faults.cutSockets('public');
    await market.closed;
  });

  test('does not come to one that asks too often, but its requests are refused', async () => {
    const socket = open('public');
    const arg = { channel: 'trades', instId };
    for (let i = 0; i < 481; i += 1) await socket.send({ op: 'subscribe', args: [arg] });
    expect(await socket.find((frame) => frame['code'] === '60014')).toMatchObject({ event: 'error' });
    expect(socket.frames.filter((frame) => frame['event'] === 'subscribe')).toHaveLength(480);
  });
});
