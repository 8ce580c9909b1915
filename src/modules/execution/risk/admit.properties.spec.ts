import fc from 'fast-check';
import { bookOf, orderOf } from '../../../../test/support/decisions';
import { sceneOf } from '../../../../test/support/risk-scene';
import type { ClientOrder } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import { admit } from './admit';
import { worstLong, worstShort } from './exposure';

const side = fc.constantFrom('bid' as const, 'ask' as const);
const price = fc.integer({ min: 9_950, max: 10_050 });
const lots = fc.integer({ min: 1, max: 3_000 });

const place: fc.Arbitrary<TargetQuote> = fc
  .record({ side, level: fc.integer({ min: 0, max: 19 }), priceTicks: price, quantityLots: lots })
  .map(({ level, ...quote }) => ({
    ...quote,
    slot: `${quote.side}-${level}`,
    postOnly: true,
    reducesInventory: false,
  }));
const facts = fc.constantFrom<Partial<ClientOrder>>(
  {},
  { acknowledged: false },
  { acknowledged: false, doubtSince: 1 },
  { doubtSince: 1 },
  { command: 'CANCEL_SENT' },
  { maxFilled: 1 },
);
const order: fc.Arbitrary<ClientOrder> = fc
  .record({ side, price, quantity: lots, facts, owner: fc.constantFrom('s1', 's2', 's3') })
  .map(({ side: of, facts: change, owner, ...rest }) =>
    orderOf({
      ...{ ...rest, strategyId: owner, accountId: `a-${owner}`, slotKey: `${of}-9` },
      ...{ side: of === 'bid' ? 'buy' : 'sell', ...change },
    }),
  );
const scene = fc.record({
  places: fc.uniqueArray(place, { maxLength: 20, selector: (quote) => quote.slot }),
  orders: fc.array(order, { maxLength: 12 }),
  positionLots: fc.integer({ min: 0, max: 20_000 }),
  room: fc.integer({ min: 0, max: 10_000 }),
  others: fc.integer({ min: 0, max: 1_000 }),
});

type Case = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function decided({ places, orders, positionLots, room, others }: Case) {
  const limits = { maxPositionLots: positionLots + room, minPositionLots: positionLots - room };
  const exposure = [{ scope: 'global', others, limit: 2_000 }];
  const { batch, risk } = sceneOf({
    ...{ places, limits, book: bookOf(9_960, 10_040) },
    view: { orders, positionLots, freeBaseLots: positionLots, freeQuoteTickLots: 1e8, exposure },
  });
  const own = orders.filter((one) => one.strategyId === 's1');
  return { ...{ own, limits, batch, risk }, approved: admit(batch, risk).approved };
}
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sized = (orders: ReturnType<typeof decided>['approved'], of: 'buy' | 'sell'): number =>
  sum(orders.filter((one) => one.side === of).map((one) => one.quantity));

describe('whatever is asked, admit', () => {
  it('never lets the worst case leave the limits of the position', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { approved, own, limits } = decided(given);
        const buys = sized(approved, 'buy');
        const sells = sized(approved, 'sell');
        if (buys > 0)
          expect(worstLong(given.positionLots, own) + buys).toBeLessThanOrEqual(limits.maxPositionLots);
        if (sells > 0)
          expect(worstShort(given.positionLots, own) - sells).toBeGreaterThanOrEqual(limits.minPositionLots);
      }),
    );
  });

  it('never lets two own orders meet, whoever of the operator they belong to', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { approved } = decided(given);
        for (const made of approved) {
          const against = [...given.orders, ...approved].filter((one) => one.side !== made.side);
          for (const one of against) {
            if (made.side === 'buy') expect(made.price).toBeLessThan(one.price);
            else expect(made.price).toBeGreaterThan(one.price);
          }
        }
      }),
    );
  });

  it('never holds more than is free, nor passes a cap', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { approved, own } = decided(given);
        const holds = approved
          .filter((one) => one.side === 'buy')
          .map((one) => Number(one.holdRate) * one.quantity);
        expect(sum(holds) * 1e2).toBeLessThanOrEqual(1e8 + 1e-3);
        expect(sized(approved, 'sell')).toBeLessThanOrEqual(given.positionLots);
        const buys = sized(approved, 'buy');
        const least = Math.min(...approved.filter((one) => one.side === 'buy').map((one) => one.price), 1e9);
        if (buys > 0)
          expect(
            (worstLong(given.positionLots, own) + buys) * least * 1e-5 + given.others,
          ).toBeLessThanOrEqual(2_000 + 1e-6);
      }),
    );
  });

  it('gives each asked order one reason or a place, and never both without a change to it', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { batch, risk } = decided(given);
        const { approved, refused } = admit(batch, risk);
        const slots = new Set([...approved.map((one) => one.slotKey), ...refused.map((one) => one.slot)]);
        expect(slots.size).toBe(batch.places.length);
        expect(new Set(refused.map((one) => one.slot)).size).toBe(refused.length);
      }),
    );
  });
});
