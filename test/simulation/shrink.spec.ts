import fc from 'fast-check';
import { shrink } from './shrink';
import type { Strike } from './strikes';

const strikesOf = (count: number): readonly Strike[] =>
  Array.from({ length: count }, (_, i) => ({ row: `R${i % 5}`, at: i * 100, passed: 0, n: i }));

it('leaves exactly the faults that are needed together', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(79), { minLength: 1, maxLength: 6 }), (needed) => {
      const breaks = (some: readonly Strike[]): boolean =>
        needed.every((n) => some.some((strike) => strike.n === n));
      const left = shrink(strikesOf(80), breaks, () => false);
      expect(left.map(({ n }) => n)).toEqual([...needed].sort((a, b) => a - b));
    }),
  );
});

it('leaves nothing when the faults do not matter', () => {
  expect(
    shrink(
      strikesOf(30),
      () => true,
      () => false,
    ),
  ).toEqual([]);
});

it('keeps what breaks when the time is up', () => {
  let runs = 0;
  const breaks = (some: readonly Strike[]): boolean => some.some(({ n }) => n === 17);
  const left = shrink(strikesOf(64), breaks, () => (runs += 1) > 12);
  expect(breaks(left)).toBe(true);
  expect(left.length).toBeLessThan(64);
});
