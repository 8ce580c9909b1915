import { intervalEndsIn, RateWindow } from './rate-windows';

describe('the count of the venue', () => {
  it.each([
    // what                                          own, reported, ends in | used before the end, at it, after a minute
    ['a restart late in the minute of the venue', 0, 900, 20_000, [900, 0, 0]],
    ['a restart early in it', 0, 900, 59_000, [900, 0, 0]],
    ['others spend beside us', 100, 900, 20_000, [900, 100, 0]],
    ['requests of ours on their way', 500, 300, 20_000, [500, 500, 0]],
    ['never later than a whole window', 0, 900, 61_000, [900, 0, 0]],
  ] as const)('%s', (_name, own, reported, endsInMs, expected) => {
    const window = new RateWindow(1_000, 60_000);
    window.add(0, own);
    window.correct(0, reported, endsInMs);
    const end = Math.min(endsInMs, 60_000);
    expect([window.used(end - 1), window.used(end), window.used(60_000)]).toEqual(expected);
  });

  it('lets a request wait for what goes first, in whatever order it came', () => {
    const window = new RateWindow(1_000, 60_000);
    window.add(0, 300);
    window.correct(10_000, 900, 5_000);
    window.add(10_000, 50);
    expect(window.waitFor(10_000, 100, 1)).toBe(5_000);
    expect(window.waitFor(10_000, 700, 1)).toBe(50_000);
    expect(window.waitFor(10_000, 1_000, 1)).toBe(60_000);
    expect(window.waitFor(15_000, 100, 1)).toBe(0);
  });

  it.each([
    [0, 60_000, 61_000],
    [59_999, 60_000, 1_001],
    [60_000, 60_000, 61_000],
    [12_345, 10_000, 8_655],
  ])('at %d of intervals of %d ms: counts anew in %d ms', (now, intervalMs, expected) => {
    expect(intervalEndsIn(now, intervalMs)).toBe(expected);
  });
});
