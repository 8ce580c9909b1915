import fc from 'fast-check';
import { BookFeed, BookSequences } from './okx-book-feed';

const side = (sign: number) =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 })), {
      selector: ([price]) => price,
      maxLength: 6,
    })
    .map((levels) => levels.sort(([a], [b]) => sign * (a - b)));
const look = fc.record({
  ...{ ids: fc.integer({ min: 0, max: 3 }), bids: side(-1), asks: side(1) },
  ...{ resets: fc.boolean(), waitsMs: fc.constantFrom(10, 100) },
});

const symbol = 'BTCUSDT';
const quietMs = 100;
const firstId = 178_000_000_000;

test('sequence ids rise by 1 to 97 with every change, by more than one size of step', () => {
  const sequences = new BookSequences();
  const ids = Array.from({ length: 500 }, (_, i) => sequences.of(symbol, firstId + i));
  const steps = ids.slice(1).map((id, i) => id - ids[i]!);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...steps)).toBeLessThanOrEqual(97);
  expect(new Set(steps).size).toBeGreaterThan(20);
});

test('reset, they begin again for that book alone', () => {
  const sequences = new BookSequences();
  const other = sequences.of('ETHUSDT', firstId);
  sequences.reset(symbol, firstId);
  expect(sequences.of(symbol, firstId)).toBe(1);
  expect(sequences.of(symbol, firstId + 1)).toBeGreaterThan(1);
  expect(sequences.of('ETHUSDT', firstId)).toBe(other);
});

test('linked frame by frame, the updates give the book that was looked at', () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 2, maxLength: 12 }), ([start, ...looks]) => {
      const sequences = new BookSequences();
      let [updateId, now] = [firstId, 0];
      const first = { updateId, bids: start!.bids, asks: start!.asks };
      const feed = new BookFeed(first, (id) => sequences.of(symbol, id), now);
      const kept = { bids: new Map(first.bids), asks: new Map(first.asks) };
      let { seqId } = feed.snapshot;
      for (const { ids, bids, asks, resets, waitsMs } of looks) {
        if (resets) sequences.reset(symbol, updateId);
        updateId += ids;
        now += waitsMs;
        const seen = ids === 0 ? { ...feed.snapshot, updateId } : { updateId, bids, asks };
        const update = feed.take(seen, now, quietMs);
        if (update) {
          expect(update.prevSeqId).toBe(seqId);
          expect(update.seqId === seqId).toBe(update.bids.length + update.asks.length === 0);
          seqId = update.seqId;
          apply(kept.bids, update.bids);
          apply(kept.asks, update.asks);
        }
        expect(kept).toEqual({ bids: new Map(seen.bids), asks: new Map(seen.asks) });
        expect(feed.snapshot).toMatchObject({ prevSeqId: -1, seqId, bids: seen.bids, asks: seen.asks });
      }
    }),
  );
});

test('only a long silence is broken, and with nothing new', () => {
  const depth = { updateId: firstId, bids: [[10, 1]], asks: [[11, 1]] } as const;
  const feed = new BookFeed(depth, (id) => id, 0);
  expect(feed.take(depth, 99, quietMs)).toBeUndefined();
  const quiet = { bids: [], asks: [], prevSeqId: firstId, seqId: firstId };
  expect(feed.take(depth, 100, quietMs)).toEqual(quiet);
  expect(feed.take(depth, 199, quietMs)).toBeUndefined();
  const deeper = { ...depth, updateId: firstId + 1 };
  // A change beyond the levels shown is none here, and its id is never told.
  expect(feed.take(deeper, 200, quietMs)).toEqual(quiet);
});

function apply(levels: Map<number, number>, changes: readonly (readonly [number, number])[]): void {
  for (const [price, lots] of changes) {
    if (lots === 0) levels.delete(price);
    else levels.set(price, lots);
  }
}
