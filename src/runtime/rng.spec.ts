import { seedOf, uuidV7, Xoshiro128 } from './rng';

const draw = (seed: string, n: number): number[] => {
  const rng = new Xoshiro128(seedOf(seed));
  return Array.from({ length: n }, () => rng.next());
};

it('gives equal streams for equal seeds and others for other seeds', () => {
  expect(draw('a', 20)).toEqual(draw('a', 20));
  expect(draw('a', 20)).not.toEqual(draw('b', 20));
});

it('is uniform enough: the mean and both halves of 20,000 draws', () => {
  const values = draw('mean', 20_000);
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(0.5, 1);
  expect(values.filter((value) => value < 0.5).length / values.length).toBeCloseTo(0.5, 1);
});

it('forks by label alone, whatever was drawn before', () => {
  const [a, b] = [new Xoshiro128(seedOf('x')), new Xoshiro128(seedOf('x'))];
  a.next();
  expect(a.fork('one').next()).toBe(b.fork('one').next());
  expect(a.fork('one').next()).not.toBe(a.fork('two').next());
});

it('makes version 7 uuids that sort by time', () => {
  const bytes = new Uint8Array(16).fill(255);
  const [early, late] = [uuidV7(1_700_000_000_000, bytes), uuidV7(1_700_000_000_001, new Uint8Array(16))];
  expect(early).toMatch(/^018bcfe5-6800-7fff-bfff-ffffffffffff$/);
  expect(early < late).toBe(true);
});
