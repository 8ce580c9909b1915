import fc from 'fast-check';
import { decodeClientOrderId, drawIdPart, encodeClientOrderId, ownPrefixOf } from './ids';

const alphabet = [...'0123456789bcdfghjkmnpqrstvwxyz'];
const part = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length }).map((c) => c.join(''));
const parts = fc.record({
  installation: part(3),
  strategyNumber: fc.integer({ min: 0, max: 30 ** 4 - 1 }),
  nonce: part(6),
  counter: fc.integer({ min: 0, max: 30 ** 7 - 1 }),
});

describe('client order ids', () => {
  it('carry their parts in 22 characters that every venue takes', () => {
    fc.assert(
      fc.property(parts, (made) => {
        const id = encodeClientOrderId(made);
        expect(id).toMatch(/^m[0-9b-z]{21}$/);
        expect(id.startsWith(ownPrefixOf(made.installation))).toBe(true);
        expect(decodeClientOrderId(id)).toEqual(made);
      }),
    );
  });

  it('are different for different parts', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(encodeClientOrderId(one)).not.toBe(encodeClientOrderId(other));
      }),
    );
  });

  it('a changed check character is not ours', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom(...alphabet), (made, check) => {
        const id = encodeClientOrderId(made);
        fc.pre(id[21] !== check);
        expect(decodeClientOrderId(id.slice(0, 21) + check)).toBeUndefined();
      }),
    );
  });

  it.each(['', 'm', 'x'.repeat(22), `n${'0'.repeat(21)}`, `m${'a'.repeat(21)}`, `m${'0'.repeat(22)}`])(
    '%j is not ours',
    (id) => {
      expect(decodeClientOrderId(id)).toBeUndefined();
    },
  );

  it.each([-1, 1.5, 30 ** 4])('refuses the strategy number %d', (strategyNumber) => {
    const made = { installation: 'abc', strategyNumber, nonce: '000000', counter: 0 };
    expect(() => encodeClientOrderId(made)).toThrow(RangeError);
  });

  it('draws parts of the alphabet alone', () => {
    let next = 0;
    expect(drawIdPart(6, (n) => (next += 7) % n)).toBe('7gqy5d');
  });
});
