import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { OkxKeptBook } from './okx-kept-book';
import type { OkxBook } from './okx-kept-book';
import { OkxWire, OkxWireSocket } from './okx-wire';
import type { Json, Texts } from './okx-wire';

/** OKX's sockets field by field, and books kept by the venue's own rules. */
const runtime = createRealRuntime();
const key = { ...demoAccount, passphrase: usualPassphrase };
const live = { apiKey: 'live-key', secret: 'live-secret', balances: {}, venueEnvironment: 'live' } as const;
const instId = 'BTC-USDT';
const books = { channel: 'books', instId };
const orders = { channel: 'orders', instType: 'SPOT' };
let venue: VenueSimulator;
let okx: OkxWire;
const sockets: OkxWireSocket[] = [];

const text = expect.stringMatching(/./) as string;
const ms = expect.stringMatching(/^\d{13}$/) as string;
const whole = expect.any(Number) as number;

function open(path: 'public' | 'private' | 'business' | 'private?brokerId=9999'): OkxWireSocket {
  const socket = new OkxWireSocket(venue.origin, path, runtime);
  sockets.push(socket);
  return socket;
}

async function loggedIn(...args: readonly Json[]): Promise<OkxWireSocket> {
  const socket = open('private');
  await socket.login(key);
  for (const arg of args) await socket.request('subscribe', arg);
  return socket;
}

async function admin(path: string, body: object): Promise<void> {
  const url = `http://127.0.0.1:${venue.adminPort}${path}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(await response.json()).not.toHaveProperty('error');
}

async function restBook(): Promise<OkxBook> {
  const { data } = await okx.get('market/books', `instId=${instId}&sz=400`);
  return data[0] as unknown as OkxBook;
}

/** The channel's frames as a book, one after the other. */
function kept(socket: OkxWireSocket, tell?: (book: OkxKeptBook) => void): OkxKeptBook {
  const book = new OkxKeptBook();
  for (const frame of socket.pushes('books')) {
    for (const row of frame['data'] as readonly OkxBook[]) book.apply(row, frame['action']);
    tell?.(book);
  }
  return book;
}

const place = async (order: Texts): Promise<Texts> => (await okx.place(order)).data[0]!;
const cancel = (clOrdId: string) => okx.post('trade/cancel-order', { instId, clOrdId });

async function bestBid(): Promise<number> {
  return Number((await restBook()).bids[0]![0]);
}

beforeAll(async () => {
  const accounts = [live];
  venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 8, stepsPerSecond: 5, accounts });
  okx = new OkxWire(venue.origin, key, runtime);
  // So that there is a last price.
  venue.take('BTCUSDT', 'buy', 1);
}, 30_000);

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
  venue.faults.clearAll();
  venue.setFlow(true);
});

afterAll(async () => {
  await venue?.stop();
  await runtime.close();
});

describe('the chain of a book', () => {
  test('begins with a snapshot, and is the book of the venue at every sequence id', async () => {
    const socket = open('public');
    const ack = await socket.request('subscribe', books, { id: 'first' });
    expect(ack).toEqual({ id: 'first', event: 'subscribe', arg: books, connId: text });
    const seen = new Map<number, OkxBook>();
    for (let i = 0; i < 60; i += 1) {
      const book = await restBook();
      seen.set(book.seqId, book);
      await runtime.sleep(51);
    }
    await runtime.sleep(150);
    const [first, second] = socket.pushes('books');
    expect(socket.frames.indexOf(ack)).toBeLessThan(socket.frames.indexOf(first!));
    expect(Object.keys(first!)).toEqual(['arg', 'action', 'data']);
    expect(first).toMatchObject({ arg: books, action: 'snapshot' });
    const fields = { asks: expect.any(Array), bids: expect.any(Array), ts: ms, checksum: 0, seqId: whole };
    expect((first!['data'] as Json[])[0]).toEqual({ ...fields, prevSeqId: -1 });
    expect(second).toMatchObject({ action: 'update', data: [{ ...fields, prevSeqId: whole }] });
    let compared = 0;
    const book = kept(socket, ({ seqId, sides }) => {
      const same = seen.get(seqId!);
      if (!same) return;
      compared += 1;
      expect(sides).toEqual({ bids: same.bids, asks: same.asks });
    });
    expect(book).toMatchObject({ gaps: 0, resets: 0 });
    expect(compared).toBeGreaterThan(8);
  }, 20_000);

  test('says that it lives when nothing has changed for a while', async () => {
    await admin('/okx/terms', { quietSeconds: 0.3 });
    venue.setFlow(false);
    const socket = open('public');
    await socket.request('subscribe', books);
    await runtime.sleep(1_000);
    await admin('/okx/terms', { quietSeconds: 60 });
    const book = kept(socket);
    expect(book.gaps).toBe(0);
    expect(book.quiet).toBeGreaterThanOrEqual(2);
    const last = socket.rows('books').at(-1) as unknown as OkxBook;
    expect(last).toMatchObject({ bids: [], asks: [], prevSeqId: book.seqId, seqId: book.seqId });
  }, 20_000);

  test('begins its sequence again, linked to the frame before', async () => {
    const socket = open('public');
    await socket.request('subscribe', books);
    await runtime.sleep(500);
    await admin('/okx/resetSequence', { symbol: 'BTCUSDT' });
    await runtime.sleep(800);
    venue.setFlow(false);
    await runtime.sleep(250);
    const book = kept(socket);
    expect(book).toMatchObject({ gaps: 0, resets: 1 });
    const rest = await restBook();
    expect({ seqId: book.seqId, ...book.sides }).toEqual({
      seqId: rest.seqId,
      bids: rest.bids,
      asks: rest.asks,
    });
    expect(book.seqId).toBeLessThan(1_000_000);
  }, 20_000);

  test.each([
    ['skipDepthFrames', 1],
    ['repeatDepthFrames', 1],
    ['swapDepthFrames', 3],
  ] as const)(
    '%s breaks it in %i places',
    async (fault, gaps) => {
      const socket = open('public');
      await socket.request('subscribe', books);
      await runtime.sleep(500);
      venue.faults[fault]('BTCUSDT', 1);
      await runtime.sleep(1_000);
      expect(kept(socket).gaps).toBe(gaps);
      // A client that finds a gap subscribes anew, and begins with a snapshot.
      expect(await socket.request('unsubscribe', books)).toMatchObject({ event: 'unsubscribe', arg: books });
      const before = socket.pushes('books').length;
      await runtime.sleep(300);
      expect(socket.pushes('books')).toHaveLength(before);
      await socket.request('subscribe', books);
      await runtime.sleep(50);
      expect(socket.pushes('books')[before]).toMatchObject({ action: 'snapshot' });
    },
    20_000,
  );
});

describe('public channels', () => {
  test('books5 and bbo-tbt tell whole levels, tickers and trades rows of texts', async () => {
    const socket = open('public');
    const channels = ['books5', 'bbo-tbt', 'tickers', 'trades'];
    await socket.send({ op: 'subscribe', args: channels.map((channel) => ({ channel, instId })) });
    await socket.find(({ event, arg }) => event === 'subscribe' && (arg as Json)['channel'] === 'trades');
    venue.take('BTCUSDT', 'sell', 3);
    await runtime.sleep(1_000);
    const acks = socket.frames.filter((frame) => frame['event'] === 'subscribe');
    expect(acks.map((frame) => (frame['arg'] as Json)['channel'])).toEqual(channels);
    const [five] = socket.pushes('books5');
    expect(Object.keys(five!)).toEqual(['arg', 'data']);
    const book = (five!['data'] as OkxBook[])[0]!;
    expect(book).toEqual({ bids: book.bids, asks: book.asks, instId, ts: ms, seqId: whole });
    expect([book.bids.length, book.asks.length]).toEqual([5, 5]);
    const best = socket.rows('bbo-tbt')[0] as unknown as OkxBook;
    expect(best).toEqual({ bids: [expect.any(Array)], asks: [expect.any(Array)], ts: ms, seqId: whole });
    expect(socket.rows('tickers')[0]).toEqual({
      ...{ instType: 'SPOT', instId, last: text, lastSz: text, askPx: text, askSz: text, bidPx: text },
      ...{ bidSz: text, open24h: text, high24h: text, low24h: text, sodUtc0: text, sodUtc8: text },
      ...{ volCcy24h: text, vol24h: text, ts: ms },
    });
    expect(await socket.row('trades', ({ sz }) => sz === '0.00003')).toEqual({
      ...{
        instId,
        tradeId: text,
        px: text,
        sz: text,
        side: 'sell',
        ts: ms,
        count: '1',
        source: '0',
        seqId: whole,
      },
    });
  }, 20_000);

  test('instruments are told at first, and again when their rules change', async () => {
    const socket = open('public');
    await socket.request('subscribe', { channel: 'instruments', instType: 'SPOT' });
    await socket.row('instruments', (row) => row['instId'] === 'SOL-USDT');
    venue.changeMarket('ETHUSDT', { status: 'HALT', minQuantity: '0.01' });
    const changed = await socket.row('instruments', (row) => row['state'] === 'suspend');
    expect(changed).toMatchObject({ instId: 'ETH-USDT', minSz: '0.01' });
    expect(socket.pushes('instruments').at(-1)!['data']).toHaveLength(1);
    venue.changeMarket('ETHUSDT', { status: 'TRADING', minQuantity: '0.0001' });
  }, 20_000);

  test.each([
    ['public', { channel: 'nothing', instId }, '60018'],
    ['public', { channel: 'books', instId: 'NO-USDT' }, '60018'],
    ['public', { channel: 'books' }, '60018'],
    ['public', { channel: 'trades-all', instId }, '60018'],
    ['public', { channel: 'orders', instType: 'SPOT' }, '60018'],
    ['public', { channel: 'books-l2-tbt', instId }, '64003'],
    ['private', { channel: 'books', instId }, '60018'],
    ['private', { channel: 'orders', instType: 'SPOT' }, '60011'],
    ['business', { channel: 'candle1m', instId }, '60018'],
  ] as const)('on %s %j is refused with %s', async (path, arg, code) => {
    const socket = open(path);
    const answer = await socket.request('subscribe', arg);
    expect(answer).toEqual({ event: 'error', code, msg: text, connId: text });
  });

  test('what is no request is named, and the socket goes on', async () => {
    const socket = open('public');
    await socket.send('{"op":"subscribe","argss":[]}');
    expect(await socket.find((frame) => frame['code'] === '60012')).toMatchObject({
      msg: 'Invalid request: {"op":"subscribe","argss":[]}',
    });
    await socket.send('nonsense');
    await socket.find((frame) => frame['msg'] === 'Invalid request: nonsense');
    expect(await socket.request('order', { instId })).toMatchObject({ code: '60019' });
    expect(await socket.request('login', {})).toMatchObject({ code: '60008' });
    await socket.send('ping');
    await socket.request('subscribe', { channel: 'trades', instId });
    expect(socket.texts).toContain('pong');
  });
});

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
    venue.setFlow(false);
    const socket = await loggedIn(orders);
    const px = ((await bestBid()) + 0.01).toFixed(2);
    const { ordId } = await place({ clOrdId: 'told1', px, ordType: 'post_only', tag: 't1' });
    for (const lots of [300, 200]) venue.take('BTCUSDT', 'sell', lots, Math.round(Number(px) * 100));
    await okx.post('trade/amend-order', { instId, clOrdId: 'told1', newSz: '0.008', reqId: 'r1' });
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
    await okx.post('trade/cancel-order', { instId: 'ETH-USDT', clOrdId: 'heard1' });
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
    venue.faults.cutSockets('private');
    await mine.closed;
    expect(await market.request('unsubscribe', { channel: 'trades', instId })).toMatchObject({
      connId: text,
    });
    venue.faults.cutSockets('public');
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
