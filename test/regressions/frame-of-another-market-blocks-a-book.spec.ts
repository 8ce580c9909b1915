import { LocalOrderBook } from '../../src/modules/execution/trackers/local-order-book';
import type { DepthChange } from '../../src/modules/execution/trackers/local-order-book';

const nothing = { ticks: new Int32Array(0), lots: new Float64Array(0), length: 0 };
const level = (ticks: number) => ({
  ticks: Int32Array.of(ticks),
  lots: Float64Array.of(1),
  length: 1,
});
const frame = (firstId: number, lastId: number): DepthChange => ({
  ...{ snapshot: false, firstId, lastId, bids: nothing, asks: nothing },
});
const snapshot = (lastId: number): DepthChange => ({
  ...{ snapshot: true, firstId: lastId, lastId, bids: level(99), asks: level(101) },
});

/**
 * A frame of another market, its ids far ahead of ours, opened a gap and was kept as the first change the next
 * snapshot had to join. Every frame of the stream was older than it and ignored, every snapshot too old: the book
 * stayed out of sync until the connection broke.
 */
it('comes back when a frame far ahead of the stream was not the first of many', () => {
  const book = new LocalOrderBook();
  book.apply(snapshot(10));
  book.apply(frame(11, 12));
  expect(book.apply(frame(900_001, 900_002))).toBe('invalidated');
  book.apply(frame(13, 14));
  book.apply(frame(15, 16));
  expect(book.apply(snapshot(14))).toBe('applied');
  expect([book.synced, book.lastId]).toEqual([true, 16]);
});

it('keeps what joins when an old frame comes again while it waits for a snapshot', () => {
  const book = new LocalOrderBook();
  for (const change of [frame(11, 12), frame(13, 14), frame(11, 12), frame(15, 16)]) book.apply(change);
  expect(book.apply(snapshot(11))).toBe('applied');
  expect(book.lastId).toBe(16);
});
