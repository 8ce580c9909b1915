import fc from 'fast-check';
import { bookAgeMaxMs, bookAgeMinMs } from '../common/constants';
import { UpdateGaps } from './update-gaps';

/** The rule itself, by a sort. */
function limitOf(gaps: readonly number[]): number {
  if (gaps.length < 64) return bookAgeMaxMs;
  const sorted = gaps.slice(-256).sort((a, b) => a - b);
  const percentile = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
  return Math.min(bookAgeMaxMs, Math.max(bookAgeMinMs, 4 * percentile));
}

it('learns four times the 99th percentile of the last 256 gaps, every 32 of them', () => {
  const gap = fc.double({ min: 0, max: 1_200, noNaN: true });
  fc.assert(
    fc.property(fc.array(gap, { minLength: 290, maxLength: 600 }), (list) => {
      const gaps = new UpdateGaps();
      let expected: number = bookAgeMaxMs;
      for (const [i, one] of list.entries()) {
        gaps.add(one);
        if ((i + 1) % 32 === 0) expected = limitOf(list.slice(0, i + 1));
        expect(gaps.limitMs).toBe(expected);
      }
    }),
    { numRuns: 30, endOnFailure: true },
  );
});
