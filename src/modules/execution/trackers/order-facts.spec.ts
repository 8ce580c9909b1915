import fc from 'fast-check';
import { instrumentOf } from '../../../../test/support/decisions';
import type { OrderRow } from '../store/types';
import { orderFromRow, rulesFor } from './order-facts';

const rowOf = (price: string, quantity: string, bookedFilled: string): OrderRow => ({
  ...{ clientOrderId: 'c', strategyId: 's', accountId: 'a', venue: 'binance', instrument: 'BTC/USDT' },
  ...{ slotKey: 'bid-0', side: 'buy', type: 'limit', timeInForce: 'postOnly', epoch: 1 },
  ...{ price, quantity, bookedFilled, committedAt: 0, deadlineAt: 0 },
  ...{ venueOrderId: undefined, ended: undefined },
});
const scaled = (digits: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: 1e6 }).map((units) => (units / 10 ** digits).toFixed(digits));
const step = fc.constantFrom('1', '0.5', '0.1', '0.025', '0.01', '0.00001');

describe('an order on record that is older than the steps of its pair', () => {
  it('keeps its exact figures whatever the steps are now', () => {
    fc.assert(
      fc.property(scaled(3), scaled(4), step, step, (price, quantity, tickSize, lotSize) => {
        const row = rowOf(price, quantity, '0.0001');
        const rules = rulesFor(row, instrumentOf({ tickSize, lotSize }));
        const order = orderFromRow(row, rules, 0, 0);
        expect(Number(rules.price(order.price))).toBe(Number(price));
        expect(Number(rules.quantity(order.quantity))).toBe(Number(quantity));
        expect(Number(rules.quantity(order.bookedFilled))).toBe(0.0001);
      }),
    );
  });

  it('is counted in the steps of now where they fit', () => {
    const rules = instrumentOf();
    expect(rulesFor(rowOf('99.90', '1', '0.5'), rules)).toBe(rules);
    expect(rulesFor({ ...rowOf('99.905', '1', '0'), type: 'market' }, rules)).toBe(rules);
  });
});
