import fc from 'fast-check';
import { orderOf } from '../../../../test/support/decisions';
import { sceneOf } from '../../../../test/support/risk-scene';
import type { ClientOrder } from '../../../domain/order';
import { isSettled, remainingOf, unbookedOf } from '../../../domain/order';
import { orderSideOf } from '../../../domain/units';
import { countAdmitted, stateOf } from './check-state';

const side = fc.constantFrom('bid' as const, 'ask' as const);
const price = fc.integer({ min: 9_990, max: 10_010 });
const order: fc.Arbitrary<ClientOrder> = fc
  .record({
    ...{ side, price, quantity: fc.integer({ min: 1, max: 9 }), maxFilled: fc.integer({ min: 0, max: 9 }) },
    ...{ bookedFilled: fc.integer({ min: 0, max: 9 }), strategyId: fc.constantFrom('s1', 's2') },
    ...{ accountId: fc.constantFrom('a1', 'a2'), instrument: fc.constantFrom('BTC/USDT', 'ETH/USDT') },
    ended: fc.constantFrom(undefined, { why: 'canceled' as const, at: 1 }),
  })
  .map(({ side: of, ...facts }) => orderOf({ ...facts, side: orderSideOf(of) }));
const admitted = fc.record({ side, priceTicks: price, quantityLots: fc.integer({ min: 1, max: 9 }) });

it('is what looking through all orders for each figure finds, with what was admitted among them', () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 8 }), fc.array(admitted, { maxLength: 4 }), (orders, quotes) => {
      const { batch, risk } = sceneOf({ view: { orders, positionLots: 50 } });
      const here = orders.filter((one) => one.instrument === batch.instrument.id && !isSettled(one));
      const state = stateOf(batch, risk, 'admit');
      for (const quote of quotes)
        countAdmitted(state, { ...quote, slot: 'bid-0', postOnly: true, reducesInventory: false });

      const own = here.filter((one) => one.strategyId === batch.strategyId);
      const of = (which: 'buy' | 'sell', each: (one: ClientOrder) => number): number =>
        own.filter((one) => one.side === which).reduce((sum, one) => sum + each(one), 0);
      const may = (one: ClientOrder): number => remainingOf(one) + unbookedOf(one);
      expect(state.worst).toEqual({ long: 50 + of('buy', may), short: 50 - of('sell', may) });
      expect(state.unbooked).toEqual({ bid: of('buy', unbookedOf), ask: of('sell', unbookedOf) });

      const open = here.filter((one) => !one.ended);
      const onAccount = open.filter((one) => one.accountId === batch.accountId).length;
      expect([state.open, state.creates]).toEqual([onAccount + quotes.length, quotes.length]);
      for (const which of ['bid', 'ask'] as const) {
        const mine = quotes.filter((quote) => quote.side === which);
        expect(state.added[which]).toBe(mine.reduce((sum, quote) => sum + quote.quantityLots, 0));
        const others = open.filter((one) => one.side === orderSideOf(which)).map((one) => one.price);
        const prices = [...others, ...mine.map((quote) => quote.priceTicks)];
        const best = which === 'bid' ? Math.max(...prices) : Math.min(...prices);
        expect(state.best[which]?.price).toBe(prices.length === 0 ? undefined : best);
      }
    }),
  );
});
