import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { DecimalGrid } from './decimal-grid';

/** Divides to enough places that the nearest double is the nearest to the true quotient. */
const Exact = BigNumber.clone({ DECIMAL_PLACES: 120 });

const decimals = (most: number, places: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: places }))
    .map(([digits, shift]) => new BigNumber(digits).shiftedBy(-shift).toFixed());
const steps = decimals(100_000, 14).filter((step) => step !== '0');

describe('DecimalGrid', () => {
  it('writes the same decimals as exact arithmetic, for counts that doubles hold and for others', () => {
    const counts = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(),
      fc.nat().map((n) => -n),
      fc.double({ noNaN: true, max: 1e15, min: 0 }),
    );
    fc.assert(
      fc.property(steps, counts, (step, count) => {
        expect(new DecimalGrid(step).decimal(count)).toBe(new BigNumber(step).times(count).toFixed());
      }),
      { numRuns: 3_000 },
    );
  });

  it('counts steps to the nearest double of the exact quotient', () => {
    fc.assert(
      fc.property(steps, decimals(2_000_000_000, 12), (step, decimal) => {
        expect(new DecimalGrid(step).count(decimal)).toBe(new Exact(decimal).div(step).toNumber());
      }),
      { numRuns: 3_000 },
    );
  });

  it('counts a decimal on the grid as the integer it is', () => {
    const counts = fc.integer({ min: 0, max: 1e13 });
    fc.assert(
      fc.property(steps, counts, (step, count) => {
        const grid = new DecimalGrid(step);
        expect(grid.count(new BigNumber(step).times(count).toFixed())).toBe(count);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['12345678901234567890.5', '0.01', 1234567890123456789050],
    ['-1.5', '0.5', -3],
    ['1e3', '0.5', 2000],
    ['0.00000000000000000000000001', '0.00000000000000000000000001', 1],
  ])('counts %s in steps of %s the slow way', (decimal, step, count) => {
    expect(new DecimalGrid(step).count(decimal)).toBe(count);
  });
});
