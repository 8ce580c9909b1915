import type { ClientOrder } from '../../domain/order';
import { canChangeHands, inheritedAs } from './handover-rules';
import { newOrder } from './trackers/order-facts';

/** Live, five of ten lots filled and booked, of the first tenure. */
const anOrder = (facts: Partial<ClientOrder> = {}): ClientOrder => ({
  ...newOrder(
    {
      ...{ clientOrderId: 'm0', strategyId: 's', accountId: 'a', venue: 'binance', instrument: 'BTC/USDT' },
      ...{ slotKey: 'bid-0', side: 'buy', price: 100, quantity: 10, type: 'limit', timeInForce: 'postOnly' },
      epoch: 1,
    },
    0,
  ),
  ...{ sentAt: 1, acknowledged: true, venueOrderId: '9', maxFilled: 5, bookedFilled: 5 },
  ...facts,
});

const end = { why: 'canceled', at: 1 } as const;
const facts: readonly [string, Partial<ClientOrder>][] = [
  ['live', {}],
  ['live in a sibling slot', { slotKey: 'ask-3b' }],
  ['live, a fill not booked yet', { maxFilled: 6 }],
  ['live, a cancel of it under way', { command: 'CANCEL_SENT' }],
  ['live, a cancel of it in doubt', { command: 'CANCEL_UNKNOWN' }],
  ['in doubt', { doubtSince: 3 }],
  ['not acknowledged', { acknowledged: false }],
  ['not acknowledged and in doubt', { acknowledged: false, doubtSince: 3 }],
  ['not sent', { acknowledged: false, sentAt: undefined }],
  ['one that lost its row', { slotKey: 'adopted-1', epoch: 0 }],
  ['ended', { ended: end }],
  ['ended, a fill not booked yet', { ended: end, maxFilled: 6 }],
];
const named = (what: string): ClientOrder => anOrder(facts.find(([name]) => name === what)![1]);

describe('an order can be left to another engine', () => {
  it.each(facts)('%s', (what, some) => {
    expect(canChangeHands(anOrder(some))).toBe(['live', 'live in a sibling slot'].includes(what));
  });
});

describe('what a new owner makes of the orders of the one before', () => {
  const kept = ['live', 'live in a sibling slot', 'live, a fill not booked yet'];
  const over = ['ended', 'ended, a fill not booked yet'];

  it.each(facts)('%s', (what) => {
    const expected = over.includes(what) ? 'over' : kept.includes(what) ? 'adopt' : 'cancel';
    expect(inheritedAs(named(what), { epoch: 2, isHandover: true })).toBe(expected);
  });

  it.each(facts)('%s, where nothing was left on purpose', (what) => {
    const expected = over.includes(what) ? 'over' : 'cancel';
    expect(inheritedAs(named(what), { epoch: 2, isHandover: false })).toBe(expected);
  });

  it.each(facts)('%s, without a lease', (what) => {
    expect(inheritedAs(named(what), { epoch: 0, isHandover: false })).toBe(
      over.includes(what) ? 'over' : 'cancel',
    );
  });

  it.each([2, 3])('leaves its own orders alone: epoch %p in tenure 2', (epoch) => {
    for (const isHandover of [true, false])
      for (const order of [named('live'), named('in doubt')])
        expect(inheritedAs({ ...order, epoch }, { epoch: 2, isHandover })).toBe('own');
  });
});
