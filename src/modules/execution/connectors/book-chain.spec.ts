import type { VenueEvent } from '../../../domain/venue-event';
import { DecimalGrid } from './decimal-grid';
import type { MarketParser } from './dialect';
import { okxParser } from './parse-okx-market';
import { BookChains } from './book-chain';
import { LocalOrderBook } from '../trackers/local-order-book';

const id = 'BTC/USDT';
const symbol = { instrument: id, grids: { price: new DecimalGrid('1'), quantity: new DecimalGrid('1') } };

/** OKX frames through parser and book: what the book says after each. */
function okxBench() {
  const parser: MarketParser = okxParser(() => symbol);
  const book = new LocalOrderBook(1_000);
  const say = (
    action: string,
    prevSeqId: number,
    seqId: number,
    bids: readonly (readonly string[])[] = [],
  ) => {
    const data = [{ asks: [], bids, ts: '1', checksum: 0, prevSeqId, seqId }];
    const json = { arg: { channel: 'books', instId: 'BTC-USDT' }, action, data };
    const results: string[] = [];
    parser.frame(json, { receivedAt: 0, generation: 1 }, (event: VenueEvent) => {
      if (event.type === 'depth') results.push(book.apply(event));
    });
    return results.join(' ');
  };
  return { parser, book, say };
}

it('joins updates whose numbers skip, by the link alone', () => {
  const { book, say } = okxBench();
  expect([say('snapshot', -1, 100, [['5', '1']]), say('update', 100, 197, [['6', '1']])]).toEqual([
    'applied',
    'applied',
  ]);
  expect([book.lastId, book.bids.best()]).toEqual([197, 6]);
});

it('takes a keep-alive and a reset for what they are, and the book stays', () => {
  const { book, say, parser } = okxBench();
  say('snapshot', -1, 100, [['5', '1']]);
  expect(say('update', 100, 100)).toBe('applied');
  expect(say('update', 100, 3, [['6', '1']])).toBe('applied');
  expect(say('update', 3, 9, [['7', '1']])).toBe('applied');
  expect([book.synced, book.bids.best()]).toEqual([true, 7]);
  expect(parser.numberOf?.(id, 9)).toBe(book.lastId);
});

it.each([
  ['a lost update', 150, 160],
  ['an update lost around a reset', 7, 9],
])('finds %s, and joins nothing to it but a new first state', (_name, previous, last) => {
  const { book, say, parser } = okxBench();
  say('snapshot', -1, 100, [['5', '1']]);
  expect(say('update', previous, last, [['6', '1']])).toBe('invalidated');
  expect(say('update', last, last + 1, [['6', '1']])).toBe('');
  expect([book.synced, parser.hasBegun?.(id)]).toEqual([false, true]);
  parser.begin?.(id);
  expect(parser.hasBegun?.(id)).toBe(false);
  expect(say('update', last + 1, last + 2)).toBe('');
  expect(say('snapshot', -1, 4, [['8', '1']])).toBe('buffered applied');
  expect(say('update', 4, 5, [['9', '1']])).toBe('applied');
  expect([book.synced, book.bids.best(), parser.numberOf?.(id, 5)]).toEqual([true, 9, book.lastId]);
});

it('drops a frame that is repeated', () => {
  const { say } = okxBench();
  say('snapshot', -1, 100);
  say('update', 100, 110);
  expect(say('update', 100, 110)).toBe('');
  expect(say('update', 110, 120)).toBe('applied');
});

it('replaces the book by a first state that nobody asked for', () => {
  const { book, say } = okxBench();
  say('snapshot', -1, 100, [['5', '1']]);
  expect(say('snapshot', -1, 100, [['4', '1']])).toBe('invalidated applied');
  expect(book.bids.best()).toBe(4);
});

it('replaces a book in step when its subscription begins anew', () => {
  const { book, say, parser } = okxBench();
  say('snapshot', -1, 100, [['5', '1']]);
  parser.begin?.(id);
  expect(say('update', 100, 110, [['6', '1']])).toBe('');
  expect(say('snapshot', -1, 120, [['7', '1']])).toBe('invalidated applied');
  expect([book.bids.best(), parser.numberOf?.(id, 120)]).toEqual([7, book.lastId]);
});

it('drops old frames where numbers never step back', () => {
  const chains = new BookChains(false);
  chains.step(id, { isSnapshot: true, previous: 0, last: 100 });
  expect(chains.step(id, { isSnapshot: false, previous: 89, last: 90 })).toEqual({});
  expect(chains.step(id, { isSnapshot: false, previous: 100, last: 103 })).toEqual({
    range: { snapshot: false, firstId: 101, lastId: 103 },
  });
  expect(chains.step(id, { isSnapshot: false, previous: 104, last: 105 })).toEqual({ gapAt: 105 });
});
