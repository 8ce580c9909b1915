import fc from 'fast-check';
import { BookView } from './gate-book-view';

const side = (sign: number) =>
  fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 })), {
      selector: ([price]) => price,
      maxLength: 6,
    })
    .map((levels) => levels.sort(([a], [b]) => sign * (a - b)));
const look = fc.record({ ids: fc.integer({ min: 0, max: 3 }), bids: side(-1), asks: side(1) });

function apply(levels: Map<number, number>, changes: readonly (readonly [number, number])[]): void {
  for (const [price, lots] of changes) {
    if (lots === 0) levels.delete(price);
    else levels.set(price, lots);
  }
}

test('applied one after the other, the changes give the book that was looked at, and every id once', () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 2, maxLength: 12 }), ([start, ...looks]) => {
      let updateId = 100;
      const view = new BookView({ updateId, bids: start!.bids, asks: start!.asks });
      const kept = { bids: new Map(start!.bids), asks: new Map(start!.asks) };
      for (const { ids, bids, asks } of looks) {
        const before = updateId;
        updateId += ids;
        const change = view.take(ids === 0 ? view.whole : { updateId, bids, asks });
        if (ids === 0) {
          expect(change).toBeUndefined();
          continue;
        }
        expect([change?.first, change?.last]).toEqual([before + 1, updateId]);
        apply(kept.bids, change!.bids);
        apply(kept.asks, change!.asks);
        expect(kept).toEqual({ bids: new Map(bids), asks: new Map(asks) });
      }
    }),
  );
});

test('only what differs is told, and a level that is gone has size 0', () => {
  const view = new BookView({
    updateId: 1,
    bids: [[10, 5]],
    asks: [
      [11, 1],
      [12, 2],
    ],
  });
  const change = view.take({
    updateId: 4,
    bids: [[10, 5]],
    asks: [
      [11, 3],
      [13, 1],
    ],
  });
  expect(change).toEqual({
    first: 2,
    last: 4,
    bids: [],
    asks: [
      [11, 3],
      [13, 1],
      [12, 0],
    ],
  });
});
