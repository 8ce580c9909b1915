import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { Steps } from './decimal-steps';

const stepSizes = fc.constantFrom(
  ...[
    '0.01',
    '0.00001',
    '0.5',
    '0.00000001',
    '1',
    '10',
    '0.0000000125',
    '0.00000000025',
    '0.000000000000001',
  ],
);

it('writes counts as exact arithmetic does, however many they are', () => {
  const counts = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.nat(20));
  fc.assert(
    fc.property(stepSizes, counts, (step, count) => {
      expect(new Steps(step).textOf(count)).toBe(new BigNumber(step).times(count).toFixed(8));
    }),
    { numRuns: 2_000 },
  );
});

it('reads counts as exact arithmetic does', () => {
  const digits = fc.stringMatching(/^[0-9]{1,14}([.][0-9]{1,12})?$/);
  const multiples = fc
    .tuple(stepSizes, fc.nat())
    .map(([step, count]) => new BigNumber(step).times(count).toFixed());
  fc.assert(
    fc.property(stepSizes, fc.oneof(digits, multiples), (step, text) => {
      const count = new BigNumber(text).div(step);
      const expected = count.isInteger() && !count.isZero() ? count.toNumber() : undefined;
      expect(new Steps(step).countOf(text)).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
});

it.each(['', '-1', '.5', '1.', '1e3', 'x', '0', '0.00'])('reads nothing from %p', (text) => {
  expect(new Steps('0.01').countOf(text)).toBeUndefined();
});
