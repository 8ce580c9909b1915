import fc from 'fast-check';
import { configOf, instrumentOf, orderOf, restingAt, targetOf } from '../../../../test/support/decisions';
import type { ClientOrder } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import { planOrders } from './plan-orders';
import type { KeepRules, Plan, PlanInput } from './plan-orders';

const config: KeepRules = configOf();
const planOf = (
  targets: readonly TargetQuote[],
  orders: readonly ClientOrder[],
  change: Partial<PlanInput> = {},
): Plan =>
  planOrders({
    targets,
    orders,
    config,
    referenceTicks: 10_000,
    monoMs: 100_000,
    nowMs: 1_000_000,
    instrument: instrumentOf(),
    ...change,
  });
const summary = (plan: Plan): unknown => ({
  keep: plan.keep.map((order) => order.slotKey),
  cancels: plan.cancels.map(
    (cancel) => `${cancel.order.slotKey} ${cancel.why}${cancel.safety ? ' safety' : ''}`,
  ),
  places: plan.places.map((target) => target.slot),
  reasons: plan.reasons.map((reason) => `${reason.code} ${reason.slot}`),
});
const nothing = { keep: [], cancels: [], places: [], reasons: [] };
const young = { sentAt: 99_500 };
const fresh = { sentAt: 98_000 };

describe('planOrders, one slot', () => {
  const target = targetOf();

  it.each<[string, ClientOrder | undefined, object]>([
    ['no order: place', undefined, { places: ['bid-0'] }],
    [
      'the last one ended and is booked: place',
      orderOf({ ended: { why: 'canceled', at: 1 } }),
      { places: ['bid-0'] },
    ],
    [
      'it ended and a fill is not booked: hold',
      orderOf({ ended: { why: 'filled', at: 1 }, maxFilled: 1_000, bookedFilled: 400 }),
      { reasons: ['FILL_UNBOOKED bid-0'] },
    ],
    ['its answer is awaited: wait', orderOf({ acknowledged: false }), {}],
    [
      'a cancel is on its way: wait',
      orderOf({ command: 'CANCEL_SENT' }),
      { reasons: ['CANCEL_PENDING bid-0'] },
    ],
    [
      'what became of a cancel is unknown: hold',
      orderOf({ command: 'CANCEL_UNKNOWN' }),
      { reasons: ['CANCEL_PENDING bid-0'] },
    ],
    [
      'whether it exists is unknown: hold',
      orderOf({ acknowledged: false, doubtSince: 1 }),
      { reasons: ['ORDER_UNKNOWN bid-0'] },
    ],
    ['the venue lost it: hold', orderOf({ doubtSince: 1 }), { reasons: ['ORDER_LOST bid-0'] }],
    ['it rests at the target: keep', orderOf(), { keep: ['bid-0'] }],
    ['within the tolerance of the price: keep', orderOf({ price: 9_988 }), { keep: ['bid-0'] }],
    ['out of tolerance and old: refresh', orderOf({ price: 9_987 }), { cancels: ['bid-0 price'] }],
    [
      'out of tolerance and not due: keep, and say so',
      orderOf({ price: 9_987, ...fresh }),
      { keep: ['bid-0'], reasons: ['MIN_LIFETIME bid-0'] },
    ],
    [
      'far out of tolerance: refresh at once',
      orderOf({ price: 9_980, ...fresh }),
      { cancels: ['bid-0 price'] },
    ],
    [
      'far out of tolerance and very young: keep, and say so',
      orderOf({ price: 9_980, ...young }),
      { keep: ['bid-0'], reasons: ['MIN_LIFETIME bid-0'] },
    ],
    [
      'closer than the floor allows: pull, however young',
      orderOf({ price: 10_001, ...young }),
      { cancels: ['bid-0 too_close safety'] },
    ],
    ['a little too large: keep', orderOf({ quantity: 1_100 }), { keep: ['bid-0'] }],
    ['much too large: refresh', orderOf({ quantity: 1_101 }), { cancels: ['bid-0 quantity'] }],
    ['shrunk by fills to the refill ratio: keep', orderOf({ maxFilled: 500 }), { keep: ['bid-0'] }],
    [
      'shrunk by fills below the refill ratio: refresh',
      orderOf({ maxFilled: 501 }),
      { cancels: ['bid-0 quantity'] },
    ],
    ['placed too small: refresh', orderOf({ quantity: 600 }), { cancels: ['bid-0 quantity'] }],
    ['at the target and too old: refresh', orderOf({ sentAt: -1_800_000 }), { cancels: ['bid-0 aged'] }],
    [
      'sent by an earlier process: its commit says how old',
      orderOf({ sentAt: undefined, price: 9_987, committedAt: 999_500 }),
      { keep: ['bid-0'], reasons: ['MIN_LIFETIME bid-0'] },
    ],
  ])('%s', (_, order, expected) => {
    expect(summary(planOf([target], order ? [order] : []))).toEqual({ ...nothing, ...expected });
  });

  it.each<[string, ClientOrder, object]>([
    ['a live one is pulled', orderOf(young), { cancels: ['bid-0 no_target safety'] }],
    ['one whose answer is awaited is left', orderOf({ acknowledged: false }), {}],
    [
      'one in doubt is left',
      orderOf({ acknowledged: false, doubtSince: 1 }),
      { reasons: ['ORDER_UNKNOWN bid-0'] },
    ],
    [
      'one in a slot we do not know is pulled too',
      orderOf({ slotKey: 'manual' }),
      { cancels: ['manual no_target safety'] },
    ],
  ])('without a target %s', (_, order, expected) => {
    expect(summary(planOf([], [order]))).toEqual({ ...nothing, ...expected });
  });

  it('a slot of a side that may not place stays as it is', () => {
    const ask = targetOf({ slot: 'ask-0', side: 'ask', priceTicks: 10_010 });
    expect(summary(planOf([target, ask], [], { blockedSides: ['bid'] }))).toEqual({
      ...nothing,
      places: ['ask-0'],
    });
    expect(summary(planOf([target], [orderOf()], { blockedSides: ['bid'] }))).toEqual({
      ...nothing,
      keep: ['bid-0'],
    });
  });

  it('an order above the size a hard limit left is pulled at once', () => {
    const capped = { cappedSlots: new Set(['bid-0']) };
    const trimmed = targetOf({ quantityLots: 990 });
    expect(summary(planOf([trimmed], [orderOf(young)], capped))).toEqual({
      ...nothing,
      cancels: ['bid-0 over_limit safety'],
    });
    expect(summary(planOf([trimmed], [orderOf(young)]))).toEqual({ ...nothing, keep: ['bid-0'] });
  });

  it('a floor makes an order that is too close unsafe', () => {
    const order = orderOf({ price: 9_993, ...young });
    expect(summary(planOf([target], [order], { minimumOffsetBps: 7.1 }))).toEqual({
      ...nothing,
      keep: ['bid-0'],
      reasons: ['MIN_LIFETIME bid-0'],
    });
    expect(summary(planOf([target], [order], { minimumOffsetBps: 7.2 }))).toEqual({
      ...nothing,
      cancels: ['bid-0 too_close safety'],
    });
  });

  it('says what a slot waits for in figures of the pair', () => {
    const ended = orderOf({ ended: { why: 'filled', at: 1 }, maxFilled: 1_000, bookedFilled: 400 });
    expect(planOf([target], [ended]).reasons[0]).toMatchObject({
      effect: 'restrict',
      params: { quantity: '0.6' },
    });
  });

  it('price moves alone make nothing due when that is switched off', () => {
    const off = { config: { ...config, requoteMoveBps: null } };
    const plan = planOf([target], [orderOf({ price: 9_900, ...fresh })], off);
    expect(summary(plan)).toEqual({ ...nothing, keep: ['bid-0'], reasons: ['MIN_LIFETIME bid-0'] });
  });

  it('never refills a slot that two orders share', () => {
    const plan = planOf([target], [orderOf(), orderOf({ clientOrderId: 'm-2' })]);
    expect(summary(plan)).toEqual({ ...nothing, keep: ['bid-0'], cancels: ['bid-0 no_target safety'] });
    expect(plan.cancels[0]!.order.clientOrderId).toBe('m-2');
  });
});

describe('planOrders, a side with several levels', () => {
  const targets = [0, 1, 2].map((level) => targetOf({ slot: `bid-${level}`, priceTicks: 9_990 - 5 * level }));
  const offBy = (ticks: number, change: Partial<ClientOrder> = {}): readonly ClientOrder[] =>
    targets.map((target) => restingAt(target, { price: target.priceTicks - ticks, ...change }));

  it('sends nothing when everything rests at its target, however often it is asked', () => {
    const asks = targets.map((t, i) =>
      targetOf({ slot: `ask-${i}`, side: 'ask', priceTicks: 10_010 + 5 * i }),
    );
    const all = [...targets, ...asks];
    for (let tick = 0; tick < 1_000; tick += 1) {
      const plan = planOf(
        all,
        all.map((t) => restingAt(t)),
        { monoMs: 100_000 + tick * 1_000 },
      );
      expect(plan.cancels.length + plan.places.length + plan.reasons.length).toBe(0);
    }
  });

  it('keeps one resting through a refresh', () => {
    expect(summary(planOf(targets, offBy(5)))).toEqual({
      keep: ['bid-2'],
      cancels: ['bid-0 price', 'bid-1 price'],
      places: [],
      reasons: ['CANCEL_PENDING bid-2'],
    });
  });

  it('the last one waits while the others are being cancelled or placed', () => {
    const [first, second, last] = offBy(5);
    const busy = [first!, second!].map((order) => ({ ...order, command: 'CANCEL_SENT' as const }));
    expect(planOf(targets, [...busy, last!]).cancels).toEqual([]);
    expect(summary(planOf(targets, [last!]))).toMatchObject({ cancels: [], places: ['bid-0', 'bid-1'] });
  });

  it('the last one goes once another rests at its target', () => {
    const resting = [restingAt(targets[0]!), restingAt(targets[1]!)];
    expect(summary(planOf(targets, [...resting, offBy(5)[2]!]))).toMatchObject({ cancels: ['bid-2 price'] });
  });

  it('an order in doubt holds up no refresh of the others', () => {
    const lost = restingAt(targets[0]!, { doubtSince: 1 });
    expect(summary(planOf(targets, [lost, offBy(5)[1]!]))).toMatchObject({ places: ['bid-2'] });
    expect(planOf(targets.slice(0, 2), [lost, offBy(5)[1]!]).cancels).toHaveLength(1);
  });

  it('pulls everything at once when nothing is wanted', () => {
    expect(planOf([], offBy(0)).cancels.map((cancel) => cancel.safety)).toEqual([true, true, true]);
  });

  it('places what reduces inventory first, then from the inside', () => {
    const ask = targetOf({ slot: 'ask-1', side: 'ask', priceTicks: 10_010, reducesInventory: true });
    expect(planOf([targets[1]!, targets[0]!, ask], []).places.map((t) => t.slot)).toEqual([
      'ask-1',
      'bid-0',
      'bid-1',
    ]);
  });
});

describe('planOrders, a level and its sibling slot', () => {
  const target = targetOf();
  const old = orderOf({ price: 9_980 });
  const next = orderOf({ clientOrderId: 'm-2', slotKey: 'bid-0b', ...young });
  const room: Partial<PlanInput> = { besides: (places) => places.filter((quote) => quote.isBeside) };

  it('places the successor beside its order, and goes back with the next', () => {
    const plan = planOf([target], [old], room);
    expect(summary(plan)).toEqual({ ...nothing, keep: ['bid-0'], places: ['bid-0b'] });
    expect(plan.places[0]).toEqual({ ...target, slot: 'bid-0b', isBeside: true });
    const back = planOf([target], [{ ...old, slotKey: 'bid-0b' }], room);
    expect(summary(back)).toEqual({ ...nothing, keep: ['bid-0b'], places: ['bid-0'] });
  });

  it('is at rest in either slot', () => {
    expect(summary(planOf([target], [orderOf({ slotKey: 'bid-0b' })], room))).toEqual({
      ...nothing,
      keep: ['bid-0b'],
    });
  });

  it.each<[string, Partial<PlanInput>]>([
    ['the budgets have no room for both', { besides: () => [] }],
    ['its side may place nothing', { ...room, blockedSides: ['bid'] }],
    ['nobody asks the budgets', {}],
  ])('cancels first when %s', (_, change) => {
    expect(summary(planOf([target], [old], change))).toEqual({ ...nothing, cancels: ['bid-0 price'] });
  });

  it('never takes a safety cancel for a replacement', () => {
    const close = orderOf({ price: 10_001 });
    expect(summary(planOf([target], [close], room))).toMatchObject({
      cancels: ['bid-0 too_close safety'],
      places: [],
    });
    expect(summary(planOf([], [old], room))).toMatchObject({ cancels: ['bid-0 no_target safety'] });
  });

  it.each<[string, Partial<ClientOrder>, Partial<ClientOrder>, object]>([
    ['a successor that awaits its answer: both stay', {}, { acknowledged: false }, { keep: ['bid-0'] }],
    ['a live successor: its order goes', {}, {}, { keep: ['bid-0b'], cancels: ['bid-0 replaced safety'] }],
    [
      'a live successor that is off already waits until its order has been told to go',
      {},
      { price: 9_900, sentAt: 0 },
      { keep: ['bid-0b'], cancels: ['bid-0 replaced safety'] },
    ],
    [
      'its order told to go: the successor stays',
      { command: 'CANCEL_SENT' },
      {},
      { keep: ['bid-0b'], reasons: ['CANCEL_PENDING bid-0'] },
    ],
    [
      'its order does not go: a successor that is off is cancelled, nothing is placed',
      { command: 'CANCEL_UNKNOWN' },
      { price: 9_900, sentAt: 0 },
      { cancels: ['bid-0b price'], reasons: ['CANCEL_PENDING bid-0'] },
    ],
    [
      'a successor in doubt: the old price is pulled, nothing is placed',
      {},
      { acknowledged: false, doubtSince: 1 },
      { cancels: ['bid-0 price'], reasons: ['ORDER_UNKNOWN bid-0b'] },
    ],
    [
      'a successor filled and not booked: the same',
      {},
      { ended: { why: 'filled', at: 1 }, maxFilled: 1_000 },
      { cancels: ['bid-0 price'], reasons: ['FILL_UNBOOKED bid-0b'] },
    ],
    [
      'a successor that was refused: its order stays and the next one takes its slot',
      {},
      { ended: { why: 'rejected', at: 1 } },
      { keep: ['bid-0'], places: ['bid-0b'] },
    ],
    [
      'an order too close to the market: pulled, whatever its successor does',
      { price: 10_001 },
      { acknowledged: false },
      { cancels: ['bid-0 too_close safety'] },
    ],
  ])('%s', (_, first, second, expected) => {
    const orders = [
      { ...old, ...first },
      { ...next, ...second },
    ];
    expect(summary(planOf([target], orders, room))).toEqual({ ...nothing, ...expected });
  });

  it('asks for room with everything else that is placed, and takes what it gets', () => {
    const targets = [0, 1, 2].map((level) =>
      targetOf({ slot: `bid-${level}`, priceTicks: 9_990 - 5 * level }),
    );
    const asked: (readonly string[])[] = [];
    const besides: PlanInput['besides'] = (places) => {
      asked.push(places.map((quote) => quote.slot));
      return places.filter((quote) => quote.slot === 'bid-1b');
    };
    const off = targets.slice(0, 2).map((t) => restingAt(t, { price: t.priceTicks - 15 }));
    expect(summary(planOf(targets, off, { besides }))).toEqual({
      ...nothing,
      keep: ['bid-1'],
      cancels: ['bid-0 price'],
      places: ['bid-1b', 'bid-2'],
    });
    expect(asked).toEqual([['bid-0b', 'bid-1b', 'bid-2']]);
  });

  it('places nothing in a level while one of its orders is unproven or has a command outstanding', () => {
    const state = fc.record({
      acknowledged: fc.boolean(),
      doubtSince: fc.constantFrom(undefined, 1),
      command: fc.constantFrom<ClientOrder['command']>('NONE', 'CANCEL_SENT', 'CANCEL_UNKNOWN'),
      price: fc.constantFrom(9_900, 9_980, 9_990, 10_001),
      sentAt: fc.constantFrom(0, 99_500),
      maxFilled: fc.constantFrom(0, 400),
    });
    fc.assert(
      fc.property(state, fc.option(state), fc.boolean(), (first, second, isSwapped) => {
        const [here, there] = isSwapped ? ['bid-0b', 'bid-0'] : ['bid-0', 'bid-0b'];
        const orders = [orderOf({ ...first, slotKey: here })];
        if (second) orders.push(orderOf({ ...second, slotKey: there, clientOrderId: 'm-2' }));
        const plan = planOf([target], orders, room);
        const isLive = (o: ClientOrder): boolean =>
          o.acknowledged && o.doubtSince === undefined && o.command === 'NONE';
        // A place needs a single order, live; and that one stays.
        if (plan.places.length === 0) return true;
        return (
          orders.length === 1 && isLive(orders[0]!) && plan.keep[0] === orders[0] && !plan.cancels.length
        );
      }),
    );
  });
});
