import { OkxKeptBook } from './okx-kept-book';
import type { OkxBook } from './okx-kept-book';
import { instId, ms, text, whole, okxSocketBench } from './okx-socket-bench';
import type { OkxWireSocket, Json } from './okx-wire';

/** OKX's public sockets field by field, and books kept by the venue's own rules. */
const bench = okxSocketBench();
const { admin, open, restBook, runtime } = bench;
const books = { channel: 'books', instId };
/** The channel's frames as a book, one after the other. */
function kept(socket: OkxWireSocket, tell?: (book: OkxKeptBook) => void): OkxKeptBook {
  const book = new OkxKeptBook();
  for (const frame of socket.pushes('books')) {
    for (const row of frame['data'] as readonly OkxBook[]) book.apply(row, frame['action']);
    tell?.(book);
  }
  return book;
}

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
    bench.venue.setFlow(false);
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
    bench.venue.setFlow(false);
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
      bench.venue.faults[fault]('BTCUSDT', 1);
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
    bench.venue.take('BTCUSDT', 'sell', 3);
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
    bench.venue.changeMarket('ETHUSDT', { status: 'HALT', minQuantity: '0.01' });
    const changed = await socket.row('instruments', (row) => row['state'] === 'suspend');
    expect(changed).toMatchObject({ instId: 'ETH-USDT', minSz: '0.01' });
    expect(socket.pushes('instruments').at(-1)!['data']).toHaveLength(1);
    bench.venue.changeMarket('ETHUSDT', { status: 'TRADING', minQuantity: '0.0001' });
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
