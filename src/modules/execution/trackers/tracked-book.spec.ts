import fc from 'fast-check';
import { netOf } from './tracked-book';
import type { PublishedBook, RestingOrder } from './tracked-book';

type Levels = PublishedBook['bids'];

const levels = (from: number, by: 1 | -1) =>
  fc
    .array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 })
    .map((lots): Levels => lots.map((each, i) => [from + by * i, each] as const));
const order: fc.Arbitrary<RestingOrder> = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  price: fc.integer({ min: 93, max: 108 }),
  quantity: fc.integer({ min: 1, max: 9 }),
  maxFilled: fc.integer({ min: 0, max: 10 }),
});

/** Level by level: what is left when all that rests there of ours is taken off. */
const naive = (all: Levels, own: readonly RestingOrder[], side: RestingOrder['side']): Levels =>
  all.flatMap(([ticks, lots]) => {
    const mine = own.filter((one) => one.side === side && one.price === ticks);
    const ours = mine.reduce((sum, one) => sum + Math.max(0, one.quantity - one.maxFilled), 0);
    return lots > ours ? [[ticks, lots - ours] as const] : [];
  });

it('takes our own size off every level it may rest in', () => {
  const sides = fc.record({ bids: levels(100, -1), asks: levels(101, 1) });
  fc.assert(
    fc.property(sides, fc.array(order, { maxLength: 6 }), ({ bids, asks }, own) => {
      const published: PublishedBook = { version: 1, sequence: 1, bids, asks, touch: undefined };
      const net = netOf(published, own, undefined);
      expect([net.bids, net.asks]).toEqual([naive(bids, own, 'buy'), naive(asks, own, 'sell')]);
      expect(netOf(published, own, net)).toBe(net);
    }),
  );
});

it('is made anew for another copy of the book and for another list of orders', () => {
  const bids: Levels = [[100, 5]];
  const published: PublishedBook = { version: 1, sequence: 1, bids, asks: [], touch: undefined };
  const own: readonly RestingOrder[] = [{ side: 'buy', price: 100, quantity: 2, maxFilled: 0 }];
  const net = netOf(published, own, undefined);
  expect(netOf(published, [], net).bids).toEqual([[100, 5]]);
  expect(netOf({ ...published, version: 2, bids: [[100, 7]] }, own, net).bids).toEqual([[100, 5]]);
});
