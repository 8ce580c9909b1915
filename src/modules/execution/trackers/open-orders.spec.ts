import fc from 'fast-check';
import type { ClientOrder } from '../../../domain/order';
import { newOrder } from './order-facts';
import { OpenOrders } from './open-orders';

const strategies = ['s1', 's2', 's3'];
const markets = ['BTC/USDT', 'ETH/USDT'];
const venues = ['binance', 'okx'] as const;

/** Order `n`, with what it has filled as the mark of its latest change. */
function order(n: number, maxFilled: number): ClientOrder {
  const place = { venue: venues[n % 2]!, instrument: markets[n % 3 === 0 ? 1 : 0]!, accountId: 'a' };
  const terms = { side: 'buy', type: 'limit', timeInForce: 'postOnly', price: 1, quantity: 9, epoch: 1 };
  const intent = {
    ...place,
    ...terms,
    clientOrderId: `o${n}`,
    strategyId: strategies[n % 3]!,
    slotKey: `${n}`,
  };
  return { ...newOrder(intent as Parameters<typeof newOrder>[0], 0), maxFilled };
}

/** Makes every list anew. */
class NaiveOrders {
  private readonly orders: ClientOrder[] = [];

  put(one: ClientOrder): void {
    const at = this.orders.findIndex(({ clientOrderId }) => clientOrderId === one.clientOrderId);
    this.orders.splice(at < 0 ? this.orders.length : at, 1, one);
  }

  delete(one: ClientOrder): void {
    const at = this.orders.findIndex(({ clientOrderId }) => clientOrderId === one.clientOrderId);
    if (at >= 0) this.orders.splice(at, 1);
  }

  of = (strategyId: string): readonly ClientOrder[] =>
    this.orders.filter((one) => one.strategyId === strategyId);

  on = (venue: string, id: string): readonly ClientOrder[] =>
    this.orders.filter((one) => one.venue === venue && one.instrument === id);
}

const byId = (orders: readonly ClientOrder[]): readonly ClientOrder[] =>
  [...orders].sort((a, b) => (a.clientOrderId < b.clientOrderId ? -1 : 1));

it('lists what lists made anew would, whatever has changed', () => {
  const change = fc.record({
    n: fc.nat({ max: 7 }),
    filled: fc.nat({ max: 9 }),
    isOver: fc.boolean(),
    asks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const [open, naive] = [new OpenOrders(), new NaiveOrders()];
      for (const { n, filled, isOver, asks } of changes) {
        for (const orders of [open, naive])
          if (isOver) orders.delete(order(n, filled));
          else orders.put(order(n, filled));
        if (!asks) continue;
        for (const id of strategies) expect(open.of(id)).toEqual(naive.of(id));
        for (const venue of venues)
          for (const id of markets) expect(byId(open.on({ venue, id }))).toEqual(byId(naive.on(venue, id)));
        expect(open.all()).toEqual(expect.arrayContaining(strategies.flatMap((id) => [...naive.of(id)])));
        expect(open.all()).toHaveLength(strategies.flatMap((id) => naive.of(id)).length);
      }
    }),
  );
});

it('gives everyone the same list until something changes', () => {
  const open = new OpenOrders();
  open.put(order(1, 0));
  const before = open.all();
  expect(open.all()).toBe(before);
  open.put(order(1, 1));
  expect(open.all()).not.toBe(before);
  expect(before[0]!.maxFilled).toBe(0);
});
