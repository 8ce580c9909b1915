import fc from 'fast-check';
import type { ClientOrder, End } from '../../../domain/order';
import { isSettled, statusOf } from '../../../domain/order';
import { applyReport } from './apply-report';
import type { Verdict } from './resolution';
import { isResolvable, objectionTo, reportOfVerdict } from './resolution';

const order: ClientOrder = {
  ...{ clientOrderId: 'c', strategyId: 's', accountId: 'a', venue: 'binance', instrument: 'BTC/USDT' },
  ...{
    slotKey: 'bid-0',
    side: 'buy',
    price: 100,
    quantity: 10,
    type: 'limit',
    timeInForce: 'postOnly',
    epoch: 1,
  },
  ...{ committedAt: 1_000, deadlineAt: 15_500, sentAt: 1, acknowledged: true, venueOrderId: 'v' },
  ...{ maxFilled: 0, bookedFilled: 0, doubtSince: 5, ended: undefined, command: 'NONE' },
  ...{ commandSentAt: undefined, lastLocalChangeAt: 0, evidence: { source: 'local', at: 0 } },
};
const at = { at: 7, atMs: 70 };
const canceled: End = { why: 'canceled', at: 1 };

describe('what a person may say something about', () => {
  it.each<[string, Partial<ClientOrder>, number, boolean]>([
    ['a lost order', {}, 0, true],
    ['a live order', { doubtSince: undefined }, 1e9, false],
    ['an order that is over', { doubtSince: undefined, ended: canceled }, 1e9, false],
    ['an order in doubt for a moment', { acknowledged: false }, 75_500, false],
    ['an order in doubt a minute past its deadline', { acknowledged: false }, 75_501, true],
    ['one that was never answered, long past', { acknowledged: false, doubtSince: undefined }, 75_501, true],
    ['one whose commit has not answered', { acknowledged: false, deadlineAt: 0 }, 1e9, false],
  ])('%s', (_what, change, now, expected) => {
    expect(isResolvable({ ...order, ...change }, now)).toBe(expected);
  });
});

describe('figures that contradict', () => {
  it.each<[Verdict['outcome'], number, number, Partial<ClientOrder>, string | undefined]>([
    ['filled', 10, 10, {}, undefined],
    ['filled', 10, 4, { maxFilled: 6, bookedFilled: 6 }, undefined],
    ['filled', 9, 9, {}, '/filledQuantity'],
    ['filled', 11, 11, {}, '/filledQuantity'],
    ['filled', 10, 9, {}, '/trades'],
    ['canceled', 0, 0, {}, undefined],
    ['canceled', 4, 4, {}, undefined],
    ['canceled', 4, 0, {}, '/trades'],
    ['canceled', 3, 3, { maxFilled: 4 }, '/filledQuantity'],
    ['never_existed', 0, 0, {}, undefined],
    ['never_existed', 1, 1, {}, '/filledQuantity'],
    ['never_existed', 0, 0, { maxFilled: 1 }, '/filledQuantity'],
  ])('%s with %i filled and trades of %i', (outcome, filled, tradeLots, change, pointer) => {
    expect(objectionTo({ ...order, ...change }, { outcome, filled, tradeLots })?.pointer).toBe(pointer);
  });
});

const resolve = (outcome: Verdict['outcome'], filled: number, from: ClientOrder = order): ClientOrder =>
  applyReport(from, reportOfVerdict({ outcome, filled, tradeLots: filled }, at)).order;

describe('an order a person has spoken about', () => {
  it.each<[Verdict['outcome'], number, string, boolean]>([
    ['filled', 10, 'FILLED', false],
    ['canceled', 4, 'CANCELED', false],
    ['canceled', 0, 'CANCELED', true],
    ['never_existed', 0, 'ABSENT', true],
  ])('%s with %i filled is %s and holds its slot until that is booked', (outcome, filled, status, isFree) => {
    const resolved = resolve(outcome, filled);
    expect([statusOf(resolved), isSettled(resolved)]).toEqual([status, isFree]);
    expect(resolved).toMatchObject({
      maxFilled: filled,
      ended: { code: 'RESOLVED' },
      evidence: { source: 'human' },
    });
  });

  it.each<Verdict['outcome']>(['canceled', 'never_existed'])(
    'is followed by the venue when it shows it live after %s',
    (outcome) => {
      const live = { kind: 'seen', filled: 0, source: 'rest-list', ...at } as const;
      const { order: back, effects } = applyReport(resolve(outcome, 0), live);
      expect([statusOf(back), effects]).toEqual(['OPEN', ['PAGE_RESURRECTED']]);
    },
  );

  it('agrees with a venue that says the same later', () => {
    const seen = { kind: 'seen', filled: 0, end: canceled, source: 'rest-order', ...at } as const;
    const resolved = resolve('canceled', 0);
    expect(applyReport(resolved, seen)).toEqual({ order: resolved, effects: [] });
  });

  it('is over, never less filled than shown, and no second word changes it', () => {
    const lots = fc.integer({ min: 0, max: 12 });
    const outcome = fc.constantFrom<Verdict['outcome']>('filled', 'canceled', 'never_existed');
    fc.assert(
      fc.property(lots, lots, outcome, outcome, (shown, filled, first, second) => {
        const before = { ...order, maxFilled: shown };
        const once = resolve(first, filled, before);
        expect(once.maxFilled).toBeGreaterThanOrEqual(shown);
        expect(once === before || once.ended !== undefined).toBe(true);
        expect(resolve(second, filled, once)).toEqual(once.ended ? once : before);
      }),
    );
  });
});
