import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { canonical } from './fill';

/** What the library writes, or that it refuses the text. */
const outcome = (write: () => string): string => {
  try {
    return write();
  } catch {
    return 'refused';
  }
};
const expectSame = (text: string): void =>
  expect(outcome(() => canonical(text))).toBe(outcome(() => new BigNumber(text).toFixed()));

it.each(['0', '0.0', '00.10', '1.', '.5', '-0.50', '1e-7', '10', '100', '0.10', '12.3400', ''])(
  'writes %j as the library does',
  expectSame,
);

it('writes every decimal as the library does', () => {
  const text = fc.string({ unit: fc.constantFrom('0', '0', '1', '5', '9', '.'), maxLength: 30 });
  fc.assert(fc.property(text, expectSame), { numRuns: 2_000 });
});
