import { bookOf, orderOf, restingAt, targetOf } from '../../../../test/support/decisions';
import { ask, bid, sceneOf } from '../../../../test/support/risk-scene';
import type { Scene } from '../../../../test/support/risk-scene';
import { admit, besides, fit } from './admit';
import type { Admission } from './admit';

const admitted = (scene: Scene): Admission => {
  const { batch, risk } = sceneOf(scene);
  return admit(batch, risk);
};
const codes = (admission: Admission): readonly string[] =>
  admission.refused.map((reason) => `${reason.code} ${reason.slot}`);

describe('admit', () => {
  it('makes post-only orders with a fresh id each, at what was asked, with their worst hold', () => {
    const { approved, refused } = admitted({});
    expect(refused).toEqual([]);
    expect(approved.map((o) => [o.clientOrderId, o.side, o.price, o.quantity, o.slotKey])).toEqual([
      ['id-1', 'buy', 9_990, 1_000, 'bid-0'],
      ['id-2', 'sell', 10_010, 1_000, 'ask-0'],
    ]);
    expect(approved[0]).toMatchObject({
      timeInForce: 'postOnly',
      epoch: 7,
      holdAsset: 'USDT',
      holdRate: '99.974925',
    });
    expect(approved[1]).toMatchObject({
      holdAsset: 'BTC',
      holdRate: '1',
      instrument: 'BTC/USDT',
      accountId: 'a1',
    });
  });

  it.each<[string, Scene, string]>([
    ['a halted pair', { rules: { status: 'halted' } }, 'INSTRUMENT_HALTED'],
    ['a pair that only cancels', { rules: { status: 'cancel_only' } }, 'INSTRUMENT_CANCEL_ONLY'],
    ['a book out of sequence', { book: { status: 'invalid' } }, 'BOOK_GAP_RESYNC'],
    ['no book', { book: { status: 'empty' } }, 'BOOK_EMPTY'],
    ['a side without orders of others', { book: { bids: [] } }, 'BOOK_EMPTY'],
    ['an old book', { book: { livenessAgeMs: 5_001 } }, 'BOOK_STALE'],
    ['a book that never was alive', { book: { livenessAgeMs: Infinity } }, 'BOOK_STALE'],
    ['an engine behind', { view: { loopLagMs: 251 } }, 'LOOP_LAG'],
    ['a price that is none', { places: [targetOf({ priceTicks: NaN })] }, 'PRICE_INVALID'],
    ['a price of zero', { places: [targetOf({ priceTicks: 0 })] }, 'PRICE_INVALID'],
    ['a price of an instrument too fine', { places: [targetOf({ priceTicks: 1e9 })] }, 'PRICE_INVALID'],
    ['a quantity that is none', { places: [targetOf({ quantityLots: NaN })] }, 'BELOW_MIN_QUANTITY'],
    ['a quantity of zero', { places: [targetOf({ quantityLots: 0.9 })] }, 'BELOW_MIN_QUANTITY'],
    ['a value below the minimum', { places: [targetOf({ quantityLots: 50 })] }, 'BELOW_MIN_NOTIONAL'],
    [
      'a quantity above the maximum',
      { places: [targetOf({ quantityLots: 9_000_001 })] },
      'ABOVE_MAX_QUANTITY',
    ],
    ['a price far from the mid', { places: [targetOf({ priceTicks: 9_799 })] }, 'PRICE_COLLAR'],
    ['a price that takes', { places: [targetOf({ priceTicks: 10_001 })] }, 'POST_ONLY_MARGIN'],
    [
      'a price at an own ask',
      {
        view: {
          orders: [
            orderOf({ side: 'sell', slotKey: 'ask-0', strategyId: 's2', accountId: 'a2', price: 9_984 }),
          ],
        },
      },
      'SELF_CROSS_GUARD',
    ],
    ['a value above the limit', { limits: { maxOrderNotional: '99.8999' } }, 'ORDER_NOTIONAL_LIMIT'],
    ['a position above its limit', { limits: { maxPositionLots: 10_999 } }, 'INVENTORY_LIMIT'],
    [
      'a fill not booked',
      { view: { orders: [orderOf({ slotKey: 'bid-3', price: 9_900, maxFilled: 5 })] } },
      'FILL_UNBOOKED',
    ],
    ['too many open orders', { rules: { maxOpenOrders: 1 } }, 'ORDER_COUNT_LIMIT'],
    ['no funds', { view: { freeQuoteTickLots: 4.9e5 } }, 'INSUFFICIENT_QUOTE'],
  ])('refuses for %s', (_, scene, code) => {
    const { approved, refused } = admitted({ places: [bid], ...scene });
    expect(approved).toEqual([]);
    expect(refused).toMatchObject([{ code, side: 'bid', slot: 'bid-0' }]);
    expect(refused[0]!.effect).not.toBe('info');
  });

  it.each<[string, Scene]>([
    ['an age at the limit', { book: { livenessAgeMs: 5_000 } }],
    ['a lag at the limit', { view: { loopLagMs: 250 } }],
    ['a price at the collar', { places: [targetOf({ priceTicks: 9_800 })] }],
    ['a price one tick from the touch', { places: [targetOf({ priceTicks: 10_000 })] }],
    ['a value at the limit', { limits: { maxOrderNotional: '99.9' } }],
    ['a position at its limit', { limits: { maxPositionLots: 11_000 } }],
    ['an own ask above', { view: { orders: [orderOf({ side: 'sell', price: 9_991, slotKey: 'ask-0' })] } }],
    [
      'an own ask that ended',
      { view: { orders: [orderOf({ side: 'sell', price: 9_990, ended: { why: 'canceled', at: 1 } })] } },
    ],
    [
      'an own ask on another pair',
      { view: { orders: [orderOf({ side: 'sell', price: 9_990, instrument: 'ETH/USDT' })] } },
    ],
    [
      'a sold quantity not booked',
      { view: { orders: [orderOf({ side: 'sell', slotKey: 'ask-1', price: 10_020, maxFilled: 5 })] } },
    ],
    [
      'an unbooked fill of another strategy',
      { view: { orders: [orderOf({ strategyId: 's2', maxFilled: 5 })] } },
    ],
  ])('admits %s', (_, scene) => {
    const admission = admitted({ places: [bid], ...scene });
    expect(admission.refused).toEqual([]);
    expect(admission.approved).toHaveLength(1);
  });

  it.each([
    ['unproven', { acknowledged: false, sentAt: undefined }],
    ['in doubt', { doubtSince: 1 }],
    ['being cancelled', { command: 'CANCEL_SENT' as const }],
  ])('guards against an own bid that is %s', (_, change) => {
    const own = orderOf({ strategyId: 's2', price: 10_010, ...change });
    expect(codes(admitted({ places: [ask], view: { orders: [own] } }))).toEqual(['SELF_CROSS_GUARD ask-0']);
  });

  it('guards against what the same batch was admitted before', () => {
    const wide = bookOf(9_900, 10_100);
    const places = [
      targetOf({ priceTicks: 10_050 }),
      targetOf({ slot: 'ask-1', side: 'ask', priceTicks: 10_050 }),
    ];
    const admission = admitted({ places, book: wide });
    expect(admission.approved.map((order) => order.slotKey)).toEqual(['bid-0']);
    expect(codes(admission)).toEqual(['SELF_CROSS_GUARD ask-1']);
  });

  it('adds up the worst case over the batch and everything that may still fill', () => {
    const unknown = orderOf({ slotKey: 'bid-5', acknowledged: false, doubtSince: 1, price: 9_900 });
    const places = [bid, targetOf({ slot: 'bid-1', priceTicks: 9_985 })];
    const admission = admitted({ places, view: { orders: [unknown] }, limits: { maxPositionLots: 12_500 } });
    expect(admission.approved.map((order) => order.slotKey)).toEqual(['bid-0']);
    expect(codes(admission)).toEqual(['INVENTORY_LIMIT bid-1']);
  });

  it('never sells below the lower bound', () => {
    expect(codes(admitted({ places: [ask], limits: { minPositionLots: 9_001 } }))).toEqual([
      'INVENTORY_LIMIT ask-0',
    ]);
    expect(codes(admitted({ places: [ask], limits: { minPositionLots: 9_000 } }))).toEqual([]);
  });

  it('counts the open orders of the account, not of the operator', () => {
    const orders = [
      orderOf({ accountId: 'a2', strategyId: 's2', price: 9_900 }),
      orderOf({ slotKey: 'bid-9', price: 9_900 }),
    ];
    const admission = admitted({ rules: { maxOpenOrders: 4 }, view: { orders } });
    expect(admission.approved).toHaveLength(2);
    expect(codes(admitted({ rules: { maxOpenOrders: 3 }, view: { orders } }))).toEqual([
      'ORDER_COUNT_LIMIT ask-0',
    ]);
  });

  it('gives E29 funds to the inner levels first and trims the last to what fits', () => {
    const places = [9_970, 9_980, 9_990].map((priceTicks, i) =>
      targetOf({ slot: `bid-${2 - i}`, priceTicks }),
    );
    const scene = { places, rules: { makerFeeBps: 10 }, view: { freeQuoteTickLots: 250e5 } };
    const admission = admitted(scene);
    expect(admission.approved.map((o) => [o.slotKey, o.quantity])).toEqual([
      ['bid-2', 502],
      ['bid-1', 1_000],
      ['bid-0', 1_000],
    ]);
    expect(admission.refused).toMatchObject([
      { code: 'INSUFFICIENT_QUOTE', slot: 'bid-2', params: { have: '50.1003', need: '99.7997' } },
    ]);
    const dropped = admitted({ ...scene, rules: { makerFeeBps: 10, minNotional: '60' } });
    expect(dropped.approved.map((o) => o.slotKey)).toEqual(['bid-1', 'bid-0']);
    expect(codes(dropped)).toEqual(['INSUFFICIENT_QUOTE bid-2']);
  });

  it('sells no more than is free', () => {
    const admission = admitted({ places: [ask], view: { freeBaseLots: 400.7 } });
    expect(admission.approved[0]!.quantity).toBe(400);
    expect(codes(admission)).toEqual(['INSUFFICIENT_BASE ask-0']);
  });

  it('rounds what is off the grid away from the other side and down', () => {
    const places = [
      targetOf({ priceTicks: 9_990.7, quantityLots: 1_000.9 }),
      { ...ask, priceTicks: 10_010.2 },
    ];
    expect(admitted({ places }).approved.map((o) => [o.price, o.quantity])).toEqual([
      [9_990, 1_000],
      [10_011, 1_000],
    ]);
  });
});

describe('fit', () => {
  const fitted = (scene: Scene) => {
    const { batch, risk } = sceneOf(scene);
    return fit(batch, risk);
  };

  it('keeps the trimmed size of an order that holds all that is free', () => {
    const resting = restingAt(bid, { quantity: 500 });
    const { targets } = fitted({ places: [bid], view: { orders: [resting], freeQuoteTickLots: 0 } });
    expect(targets).toMatchObject([{ slot: 'bid-0', quantityLots: 500 }]);
  });

  it('does not count a live order and the target that replaces it twice', () => {
    const resting = restingAt(bid);
    const scene = { places: [bid], view: { orders: [resting] }, limits: { maxPositionLots: 11_000 } };
    expect(fitted(scene).targets).toEqual([bid]);
    expect(codes(admitted(scene))).toEqual(['INVENTORY_LIMIT bid-0']);
  });

  it('passes a target whose slot waits, and takes no room from the levels behind it', () => {
    const next = targetOf({ slot: 'bid-1', priceTicks: 9_985 });
    const pending = restingAt(bid, { acknowledged: false });
    const scene = { places: [bid, next], view: { orders: [pending] }, limits: { maxPositionLots: 12_000 } };
    expect(fitted(scene).targets).toEqual([bid, next]);
  });

  it('does not pull the quotes of a side for a fill that is not booked yet', () => {
    const filling = restingAt(bid, { maxFilled: 100 });
    expect(fitted({ places: [bid], view: { orders: [filling] } }).targets).toEqual([bid]);
  });

  it('what it keeps, admit takes unchanged once the slots are free', () => {
    const places = [bid, targetOf({ slot: 'bid-1', priceTicks: 9_985 }), ask];
    const view = { freeQuoteTickLots: 15e6, freeBaseLots: 700 };
    const { targets } = fitted({ places, view });
    const admission = admitted({ places: targets, view });
    expect(admission.approved.map((o) => [o.slotKey, o.quantity])).toEqual(
      targets.map((t) => [t.slot, t.quantityLots]),
    );
    expect(admission.refused).toEqual([]);
    expect(targets.map((target) => target.quantityLots)).toEqual([1_000, 500, 700]);
  });
});

describe('an order beside the one it replaces', () => {
  const successor = targetOf({ slot: 'bid-0b', priceTicks: 9_985, isBeside: true });
  const resting = { view: { orders: [orderOf({ price: 9_970 })] } } as const;
  /** 9,985 ticks and the worst fee, of 1,000 lots. */
  const funds = 9_985 * 1_000 * 1.000_75;
  const stands = ({ view, ...scene }: Scene): readonly string[] => {
    const { batch, risk } = sceneOf({ places: [successor], view: { ...resting.view, ...view }, ...scene });
    const { approved, refused } = admit(batch, risk);
    // What may stand is told without drawing an id, and is what is admitted.
    expect(besides(batch, risk).map((quote) => quote.slot)).toEqual(
      approved.map((order) => order.slotKey).filter((slot) => slot.endsWith('b')),
    );
    expect(refused).toEqual([]);
    return approved.map((order) => order.slotKey);
  };

  it.each<[string, Scene, readonly string[]]>([
    ['there is room', {}, ['bid-0b']],
    ['the position may hold both', { limits: { maxPositionLots: 12_000 } }, ['bid-0b']],
    ['the position may hold one', { limits: { maxPositionLots: 11_999 } }, []],
    ['the funds are there', { view: { freeQuoteTickLots: funds * 1.000_001 } }, ['bid-0b']],
    ['a part of the funds is there', { view: { freeQuoteTickLots: funds * 0.99 } }, []],
    ['the venue allows few orders', { rules: { maxOpenOrders: 2 } }, []],
    ['an own ask is in the way', { view: { orders: [orderOf({ side: 'sell', price: 9_985 })] } }, []],
    ['new orders wait', { recent: { creates: 1e6 } }, []],
  ])('stands when %s: %#', (_, scene, expected) => {
    expect(stands(scene)).toEqual(expected);
  });

  it('is held by whatever holds creates', () => {
    const gate = [{ code: 'CIRCUIT_OPEN', effect: 'hold', side: 'both', params: {} }] as const;
    expect(stands({ view: { gate } })).toEqual([]);
  });

  it('gives way to a level that has nothing at all', () => {
    const outer = targetOf({ slot: 'bid-5', priceTicks: 9_900 });
    const scene = { places: [successor, outer], view: { freeQuoteTickLots: funds * 1.5 } };
    expect(stands(scene)).toEqual(['bid-5']);
  });

  it('is no reason for its order to be fitted to less', () => {
    const orders = [orderOf({ price: 9_970 }), orderOf({ clientOrderId: 'm-2', slotKey: 'bid-0b' })];
    const view = { orders, freeQuoteTickLots: 0 };
    const { batch, risk } = sceneOf({ places: [bid], view, limits: { maxPositionLots: 11_000 } });
    expect(fit(batch, risk)).toEqual({ targets: [bid], reasons: [] });
  });
});
