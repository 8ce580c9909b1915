import type { LevelBatch } from '../../../domain/venue-event';
import { LocalOrderBook } from './local-order-book';
import type { DepthChange } from './local-order-book';

type Levels = readonly (readonly [number, number])[];

const batch = (levels: Levels): LevelBatch => ({
  ticks: Int32Array.from(levels, ([ticks]) => ticks),
  lots: Float64Array.from(levels, ([, lots]) => lots),
  length: levels.length,
});
const snapshot = (lastId: number, bids: Levels = [[100, 1]], asks: Levels = [[110, 1]]): DepthChange => ({
  ...{ snapshot: true, firstId: lastId, lastId },
  ...{ bids: batch(bids), asks: batch(asks) },
});
const diff = (firstId: number, lastId: number, bids: Levels = [], asks: Levels = []): DepthChange => ({
  ...{ snapshot: false, firstId, lastId },
  ...{ bids: batch(bids), asks: batch(asks) },
});
const futures = (prevId: number, firstId: number, lastId: number): DepthChange => ({
  ...diff(firstId, lastId),
  prevId,
});

describe('LocalOrderBook', () => {
  it.each<[string, DepthChange[], readonly string[], boolean]>([
    ['joins a diff that spans the snapshot', [snapshot(10), diff(8, 12)], ['applied', 'applied'], true],
    ['joins a diff right after the snapshot', [snapshot(10), diff(11, 12)], ['applied', 'applied'], true],
    [
      'drops what is older than the snapshot',
      [snapshot(10), diff(5, 10), diff(11, 12)],
      ['applied', 'ignored', 'applied'],
      true,
    ],
    [
      'refuses a first diff that leaves a hole',
      [snapshot(10), diff(12, 13)],
      ['applied', 'invalidated'],
      false,
    ],
    [
      'refuses a hole later on',
      [snapshot(10), diff(11, 12), diff(14, 15)],
      ['applied', 'applied', 'invalidated'],
      false,
    ],
    [
      'refuses an overlap once joined',
      [snapshot(10), diff(11, 12), diff(12, 15)],
      ['applied', 'applied', 'invalidated'],
      false,
    ],
    [
      'replays what it buffered',
      [diff(9, 10), diff(11, 14), snapshot(12)],
      ['buffered', 'buffered', 'applied'],
      true,
    ],
    [
      'asks again for a snapshot older than its buffer',
      [diff(20, 21), snapshot(12)],
      ['buffered', 'too_old'],
      false,
    ],
    [
      'takes the newer snapshot after an old one',
      [diff(20, 21), snapshot(12), snapshot(19)],
      ['buffered', 'too_old', 'applied'],
      true,
    ],
    [
      'follows the futures chain',
      [snapshot(10), futures(8, 9, 13), futures(13, 17, 19)],
      ['applied', 'applied', 'applied'],
      true,
    ],
    [
      'finds a break of the futures chain',
      [snapshot(10), futures(8, 9, 13), futures(14, 17, 19)],
      ['applied', 'applied', 'invalidated'],
      false,
    ],
    [
      'is crossed when a bid meets an ask',
      [snapshot(10), diff(11, 11, [[110, 1]])],
      ['applied', 'invalidated'],
      false,
    ],
  ])('%s', (_name, changes, results, isSynced) => {
    const book = new LocalOrderBook();
    expect(changes.map((change) => book.apply(change))).toEqual(results);
    expect(book.synced).toBe(isSynced);
    expect(book.problem === '').toBe(isSynced);
  });

  it('takes no snapshot older than the book it dropped, until another stream begins', () => {
    const book = new LocalOrderBook();
    for (const change of [snapshot(10), diff(11, 14)]) book.apply(change);
    book.invalidate('the rules have changed');
    expect([book.apply(snapshot(13)), book.synced]).toEqual(['too_old', false]);
    expect(book.apply(snapshot(14))).toBe('applied');
    book.renew('reconnected');
    expect(book.apply(snapshot(3))).toBe('applied');
  });

  it('copies what it buffers, because batches are reused', () => {
    const book = new LocalOrderBook();
    const reused = diff(11, 11, [[101, 5]]);
    book.apply(reused);
    reused.bids.ticks[0] = 999;
    book.apply(snapshot(10));
    expect(book.bids.top(2)).toEqual([
      [101, 5],
      [100, 1],
    ]);
  });

  it('joins the next snapshot with the diff that revealed a gap', () => {
    const book = new LocalOrderBook();
    book.apply(snapshot(10));
    expect(book.apply(diff(15, 16, [[102, 4]]))).toBe('invalidated');
    expect(book.bids.length).toBe(0);
    expect(book.apply(snapshot(14))).toBe('applied');
    expect([book.lastId, book.bids.best()]).toEqual([16, 102]);
  });

  it('does not trust what lies beyond a full snapshot page', () => {
    const book = new LocalOrderBook(2);
    book.apply(
      snapshot(
        10,
        [
          [100, 1],
          [99, 1],
        ],
        [
          [110, 1],
          [111, 1],
        ],
      ),
    );
    expect(
      book.apply(
        diff(11, 11, [
          [98, 1],
          [100, 0],
        ]),
      ),
    ).toBe('applied');
    expect(book.apply(diff(12, 12, [[99, 0]]))).toBe('invalidated');
  });

  it('hashes equal states equally and different ones differently', () => {
    const [a, b] = [new LocalOrderBook(), new LocalOrderBook()];
    a.apply(
      snapshot(10, [
        [100, 1],
        [99, 2],
      ]),
    );
    b.apply(
      snapshot(20, [
        [99, 2],
        [100, 1],
      ]),
    );
    expect(a.stateHash()).toBe(b.stateHash());
    b.apply(diff(21, 21, [[99, 3]]));
    expect(a.stateHash()).not.toBe(b.stateHash());
  });
});
