import fc from 'fast-check';
import createTree from 'functional-red-black-tree';
import { maxTicks } from '../../../domain/instrument';
import { BookSide, maxLevelsPerSide } from './book-side';

const diffs = fc.array(fc.tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 0, max: 3 })), {
  maxLength: 300,
});

describe('BookSide', () => {
  it.each([[1], [-1]] as const)('equals a red-black tree after every diff (sign %i)', (sign) => {
    fc.assert(
      fc.property(diffs, (changes) => {
        const side = new BookSide(sign);
        let tree = createTree<number, number>((a, b) => sign * (b - a));
        for (const [ticks, lots] of changes) {
          side.set(ticks, lots);
          tree = tree.remove(ticks);
          if (lots > 0) tree = tree.insert(ticks, lots);
          expect(side.top(Infinity)).toEqual(tree.keys.map((key, i) => [key, tree.values[i]]));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with a map at thousands of levels, where it shifts by memory moves and bisects', () => {
    const levels = fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 2_000,
      maxLength: 3_000,
    });
    fc.assert(
      fc.property(levels, (changes) => {
        const side = new BookSide(-1);
        const map = new Map<number, number>();
        for (const [ticks, lots] of changes) {
          side.set(ticks, lots);
          if (lots > 0) map.set(ticks, lots);
          else map.delete(ticks);
        }
        expect(side.top(Infinity)).toEqual([...map].sort(([a], [b]) => a - b));
        expect(side.top(3)).toEqual(side.top(Infinity).slice(0, 3));
        expect([side.best(), side.bestLots()]).toEqual(side.top(1)[0] ?? [undefined, 0]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['best first, as venues list them', 1],
    ['worst first', -1],
    ['in no order', 0],
  ])('takes a batch %s as its levels one by one', (_name, order) => {
    const level = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 3 }));
    const batches = fc.array(fc.array(level, { maxLength: 60 }), { maxLength: 12 });
    const [batched, single] = [new BookSide(-1), new BookSide(-1)];
    fc.assert(
      fc.property(batches, (list) => {
        for (const levels of list) {
          const sorted = [...levels].sort(([a], [b]) => order * (a - b));
          batched.setAll({
            ticks: Int32Array.from(sorted, ([ticks]) => ticks),
            // What stands behind the length belongs to an earlier frame.
            lots: Float64Array.from([...sorted.map(([, lots]) => lots), 9]),
            length: sorted.length,
          });
          for (const [ticks, lots] of sorted) single.set(ticks, lots);
          expect(batched.top(Infinity)).toEqual(single.top(Infinity));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its bound within a batch', () => {
    const bids = new BookSide(1);
    const ticks = Int32Array.from({ length: maxLevelsPerSide + 2 }, (_, i) => maxLevelsPerSide + 2 - i);
    bids.setAll({ ticks, lots: new Float64Array(ticks.length).fill(1), length: ticks.length });
    expect([bids.length, bids.top(Infinity).at(-1)]).toEqual([maxLevelsPerSide, [3, 1]]);
    bids.setAll({ ticks: Int32Array.of(20_000, 15_000, 4), lots: Float64Array.of(7, 8, 9), length: 3 });
    expect(bids.top(2)).toEqual([
      [20_000, 7],
      [15_000, 8],
    ]);
    expect([bids.length, bids.top(Infinity).at(-1)]).toEqual([maxLevelsPerSide, [5, 1]]);
  });

  it.each([[1], [-1]] as const)('finds levels as far apart as ticks can be (sign %i)', (sign) => {
    const side = new BookSide(sign);
    const far = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 + i : maxTicks - i));
    for (const ticks of far) side.set(ticks, ticks);
    expect(side.length).toBe(40);
    const sorted = [...far].sort((a, b) => sign * (b - a));
    expect(side.top(Infinity)).toEqual(sorted.map((ticks) => [ticks, ticks]));
    for (const ticks of far) side.set(ticks, 0);
    expect(side.length).toBe(0);
  });

  it('drops the farthest level beyond its bound', () => {
    const bids = new BookSide(1);
    for (let ticks = 2; ticks <= maxLevelsPerSide + 1; ticks += 1) bids.set(ticks, 1);
    bids.set(1, 1);
    expect([bids.length, bids.top(Infinity).at(-1)]).toEqual([maxLevelsPerSide, [2, 1]]);
    bids.set(20_000, 7);
    expect([bids.length, bids.best(), bids.top(Infinity).at(-1)]).toEqual([maxLevelsPerSide, 20_000, [3, 1]]);
  });
});
