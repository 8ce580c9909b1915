import fc from 'fast-check';
import { MatchingBook } from './matching-book';

const side = fc.constantFrom('buy' as const, 'sell' as const);
const resting = (orderId: number, of: 'buy' | 'sell', price: number, lots: number) => ({
  orderId,
  account: 'a',
  side: of,
  price,
  lots,
});

describe('MatchingBook', () => {
  it.each([
    ['buy' as const, [100, 102, 101], 102],
    ['sell' as const, [100, 99, 101], 99],
  ])('keeps the best %s of %j', (of, prices, best) => {
    const book = new MatchingBook();
    prices.forEach((price, i) => book.add(resting(i + 1, of, price, 1)));
    expect(book.bestOf(of)).toBe(best);
  });

  it('offers the oldest order of the best level first, and the next one once it is gone', () => {
    const book = new MatchingBook();
    book.add(resting(1, 'sell', 101, 2));
    book.add(resting(2, 'sell', 100, 3));
    book.add(resting(3, 'sell', 100, 4));
    expect(book.firstMatch('buy', 100)?.orderId).toBe(2);
    book.reduce(book.get(2)!, 1);
    expect(book.firstMatch('buy', 100)?.orderId).toBe(2);
    book.reduce(book.get(2)!, 2);
    expect(book.firstMatch('buy', 100)?.orderId).toBe(3);
    expect(book.get(2)).toBeUndefined();
  });

  it.each([
    ['buy' as const, 99, undefined],
    ['buy' as const, 100, 1],
    ['buy' as const, undefined, 1],
  ])('a taking %s with limit %s meets order %s', (taker, limit, expected) => {
    const book = new MatchingBook();
    book.add(resting(1, 'sell', 100, 1));
    expect(book.firstMatch(taker, limit)?.orderId).toBe(expected);
  });

  it('shows per level exactly the lots that rest there, best first, whatever came and went', () => {
    const step = fc.record({
      side,
      price: fc.integer({ min: 1, max: 12 }),
      lots: fc.integer({ min: 1, max: 9 }),
    });
    const steps = fc.array(fc.record({ add: step, pick: fc.nat(), part: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (drawn) => {
        const book = new MatchingBook();
        const live: ReturnType<typeof resting>[] = [];
        drawn.forEach(({ add, pick, part }, i) => {
          const order = resting(i + 1, add.side, add.price, add.lots);
          book.add(order);
          live.push(order);
          const target = live[pick % live.length]!;
          book.reduce(target, Math.min(part, target.lots));
          if (target.lots === 0) live.splice(live.indexOf(target), 1);
          const { bids, asks } = book.depth(100);
          expect(bids).toEqual(expectedLevels(live, 'buy'));
          expect(asks).toEqual(expectedLevels(live, 'sell'));
          expect([book.bestOf('buy'), book.bestOf('sell')]).toEqual([bids[0]?.[0], asks[0]?.[0]]);
          expect(book.depth(1)).toEqual({ bids: bids.slice(0, 1), asks: asks.slice(0, 1) });
          expect(book.bestOfAccount('buy', 'a', 100)).toBe(bids[0]?.[0]);
          expect(book.isMet('buy', i)).toBe(book.firstMatch('buy', i) !== undefined);
        });
      }),
      { numRuns: 60 },
    );
  });
});

function expectedLevels(
  live: readonly { side: string; price: number; lots: number }[],
  of: string,
): number[][] {
  const levels = new Map<number, number>();
  for (const order of live) {
    if (order.side === of) levels.set(order.price, (levels.get(order.price) ?? 0) + order.lots);
  }
  return [...levels].sort(([a], [b]) => (of === 'buy' ? b - a : a - b));
}
