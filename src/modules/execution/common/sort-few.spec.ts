import fc from 'fast-check';
import { sortFew } from './sort-few';

it('orders like the built-in sort and keeps equals in their order', () => {
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), id: fc.nat() }), { maxLength: 40 });
  const byKey = (a: { key: number }, b: { key: number }): number => a.key - b.key;
  fc.assert(
    fc.property(items, (given) => {
      expect(sortFew([...given], byKey)).toEqual([...given].sort(byKey));
    }),
  );
});
