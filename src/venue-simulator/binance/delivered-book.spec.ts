import fc from 'fast-check';
import { DeliveredBook } from './delivered-book';
import type { DeliveredSides } from './delivered-book';

type Step =
  readonly ['frame', number, number, DeliveredSides?] | readonly ['snapshot', number, DeliveredSides?];

const still: DeliveredSides = { bids: [], asks: [] };
const sides: DeliveredSides = {
  bids: [['99.00000000', '1.00000000']],
  asks: [['101.00000000', '2.00000000']],
};

function after(steps: readonly Step[]): string | undefined {
  const book = new DeliveredBook();
  for (const step of steps) {
    if (step[0] === 'snapshot') book.snapshot(step[1], step[2] ?? sides);
    else book.frame(step[1], step[2], step[3] ?? still);
  }
  return book.problem;
}

const crossing = (price: string): DeliveredSides => ({ bids: [[price, '1.00000000']], asks: [] });
const lifted: DeliveredSides = {
  bids: [['101.00000000', '1.00000000']],
  asks: [['101.00000000', '0.00000000']],
};

it.each<[string, readonly Step[], string | undefined]>([
  ['nothing', [], 'no snapshot delivered'],
  ['frames alone', [['frame', 11, 12]], 'no snapshot delivered'],
  ['a snapshot alone', [['snapshot', 10]], undefined],
  [
    'a frame that follows',
    [
      ['snapshot', 10],
      ['frame', 11, 12],
    ],
    undefined,
  ],
  [
    'a first frame that overlaps',
    [
      ['snapshot', 10],
      ['frame', 9, 12],
    ],
    undefined,
  ],
  [
    'an old frame',
    [
      ['snapshot', 10],
      ['frame', 9, 10],
    ],
    undefined,
  ],
  [
    'a gap',
    [
      ['snapshot', 10],
      ['frame', 12, 13],
    ],
    'gap: 12 after 10',
  ],
  [
    'a later gap',
    [
      ['snapshot', 10],
      ['frame', 11, 12],
      ['frame', 14, 14],
    ],
    'gap: 14 after 12',
  ],
  [
    'a gap and the snapshot that joins',
    [
      ['snapshot', 10],
      ['frame', 12, 13],
      ['snapshot', 12],
    ],
    undefined,
  ],
  [
    'a gap and a newer snapshot',
    [
      ['snapshot', 10],
      ['frame', 12, 13],
      ['snapshot', 20],
    ],
    undefined,
  ],
  [
    'a gap and a snapshot from before it',
    [
      ['snapshot', 10],
      ['frame', 15, 16],
      ['snapshot', 13],
    ],
    'snapshot 13 ends before 15',
  ],
  [
    'a second gap while waiting',
    [
      ['snapshot', 10],
      ['frame', 12, 13],
      ['frame', 16, 17],
      ['snapshot', 13],
    ],
    'snapshot 13 ends before 16',
  ],
  [
    'sides that touch',
    [
      ['snapshot', 10],
      ['frame', 11, 11, crossing('101.00000000')],
    ],
    'crossed: bid 101, ask 101',
  ],
  [
    'a level that was taken away',
    [
      ['snapshot', 10],
      ['frame', 11, 11, lifted],
    ],
    undefined,
  ],
  [
    'a crossing among the frames that waited',
    [
      ['frame', 11, 11, crossing('102.00000000')],
      ['snapshot', 10],
    ],
    'crossed: bid 102, ask 101',
  ],
])('%s', (_what, steps, problem) => {
  expect(after(steps)).toBe(problem);
});

it('is valid exactly when every change since some snapshot was delivered, up to the last one seen', () => {
  const fate = fc.constantFrom('delivered', 'lost', 'snapshot');
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 60 }), (fates) => {
      const book = new DeliveredBook();
      const snapshots: number[] = [];
      const delivered = new Set<number>();
      let [id, seen] = [0, 0];
      for (const what of fates) {
        if (what === 'snapshot') {
          snapshots.push(id);
          book.snapshot(id, sides);
          continue;
        }
        id += 1;
        if (what === 'lost') continue;
        seen = id;
        delivered.add(id);
        book.frame(id, id, still);
      }
      const isWhole = (from: number): boolean => {
        for (let each = from + 1; each <= seen; each += 1) if (!delivered.has(each)) return false;
        return true;
      };
      expect(book.problem === undefined).toBe(snapshots.some(isWhole));
    }),
  );
});
