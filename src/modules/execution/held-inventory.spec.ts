import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { orderOf } from '../../../test/support/decisions';
import { holdOf } from '../../domain/hold';
import { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Inventory } from '../../domain/quote';
import { countInventory } from './held-inventory';
import type { Counted, Held } from './held-inventory';

const rulesOf = (tickSize: string, lotSize: string, makerFeeBps: number): Instrument =>
  new Instrument({
    ...{ venue: 'binance', id: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' },
    ...{ tickSize, lotSize, minQuantity: lotSize, maxQuantity: '9000', minNotional: '5' },
    ...{ makerFeeBps, takerFeeBps: 10, maxOpenOrders: 200, status: 'trading' },
  });
const instruments = [
  rulesOf('0.01', '0.00001', 10),
  rulesOf('0.0005', '0.01', 7.5),
  rulesOf('0.25', '0.005', 0),
];

/** Every figure by itself, from decimals, each time. */
function naive({ rules, base, quote, own }: Held): Inventory {
  const lot = new BigNumber(rules.rules.lotSize);
  const tickLot = lot.times(rules.rules.tickSize);
  let [heldBase, heldQuote] = [new BigNumber(0), new BigNumber(0)];
  for (const { side, price, quantity, bookedFilled } of own) {
    const open = Math.max(0, quantity - bookedFilled);
    if (side === 'sell') heldBase = heldBase.plus(lot.times(open));
    else heldQuote = heldQuote.plus(lot.times(open).times(holdOf(rules, 'buy', price).rate));
  }
  return {
    baseLots: new BigNumber(base).div(lot).toNumber(),
    quoteTickLots: new BigNumber(quote).div(tickLot).toNumber(),
    freeBaseLots: new BigNumber(base).minus(heldBase).div(lot).toNumber(),
    freeQuoteTickLots: new BigNumber(quote).minus(heldQuote).div(tickLot).toNumber(),
  };
}

const amount = fc
  .record({ units: fc.integer({ min: 0, max: 1e9 }), places: fc.integer({ min: 0, max: 8 }) })
  .map(({ units, places }) => new BigNumber(units).shiftedBy(-places).toFixed());
const order: fc.Arbitrary<ClientOrder> = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    price: fc.integer({ min: 1, max: 1e6 }),
    quantity: fc.integer({ min: 1, max: 1e6 }),
    bookedFilled: fc.integer({ min: 0, max: 1e6 }),
  })
  .map((facts) => orderOf(facts));
const orders = fc.array(order, { maxLength: 6 });
const rules = fc.constantFrom(...instruments);

/** What happens between two ticks: nothing, orders change, money moves, other rules come into force. */
const step = fc.record(
  { rules, base: amount, quote: amount, own: orders },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Held>>;

it('counts what a count made anew would, whatever has changed since the last', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let held: Held = { rules: instruments[0]!, base: '0', quote: '0', own: [] };
      let last: Counted | undefined;
      for (const change of steps) {
        held = { ...held, ...change };
        last = countInventory(held, last);
        expect(last.inventory).toEqual(naive(held));
      }
    }),
  );
});

it('is the same value until something changes', () => {
  const held: Held = { rules: instruments[0]!, base: '1.5', quote: '20', own: [] };
  const first = countInventory(held, undefined);
  expect(countInventory({ ...held }, first)).toBe(first);
  expect(countInventory({ ...held, own: [] }, first)).not.toBe(first);
});
