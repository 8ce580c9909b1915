import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { DecimalGrid, offGrid } from './decimal-grid';

describe('DecimalGrid', () => {
  it.each<[string, string, number]>([
    ['0.01000000', '61837.63000000', 6_183_763],
    ['0.01', '61837.6', 6_183_760],
    ['0.01', '61837', 6_183_700],
    ['0.01', '61837.631', offGrid],
    ['0.05', '1.15', 23],
    ['0.05', '1.16', offGrid],
    ['10', '120', 12],
    ['10', '120.00', 12],
    ['10', '125', offGrid],
    ['1', '7.', 7],
    ['0.01', '-1.00', offGrid],
    ['0.01', '1e2', offGrid],
    ['0.01', '', offGrid],
    ['0.01', '1.0.0', offGrid],
    ['0.00000001', '99999999999.00000001', offGrid],
  ])('step %s reads %s as %i', (step, text, units) => {
    expect(new DecimalGrid(step).units(text)).toBe(units);
  });

  it.each([
    ['0.001', '0.0471', 47.1],
    ['0.001', '0.04700000', 47],
    ['10', '125', 12.5],
    ['0.001', '-0.0471', offGrid],
    ['0.001', '1e-3', offGrid],
    ['0.001', '', offGrid],
  ])('step %s reads the quantity %s as %f', (step, text, amount) => {
    expect(new DecimalGrid(step).amount(text)).toBeCloseTo(amount, 9);
  });

  it('equals exact division for every multiple of every step', () => {
    const steps = fc.constantFrom('0.01', '0.00001', '0.5', '0.025', '1', '5', '100');
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 1e9 }), fc.boolean(), (step, units, isPadded) => {
        const exact = new BigNumber(step).times(units);
        expect(new DecimalGrid(step).units(isPadded ? exact.toFixed(8) : exact.toFixed())).toBe(units);
      }),
    );
  });
});
