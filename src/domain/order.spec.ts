import { orderOf } from '../../test/support/decisions';
import { classOf, isSettled, mayRest, remainingOf, statusOf, unbookedOf } from './order';
import type { ClientOrder, OrderClass, OrderStatus } from './order';

const ended = (why: NonNullable<ClientOrder['ended']>['why']): Partial<ClientOrder> => ({
  ended: { why, at: 1 },
});
const unsent = { acknowledged: false, sentAt: undefined };
const sent = { acknowledged: false, sentAt: 5 };

describe('what is known of an order', () => {
  it.each<[Partial<ClientOrder>, OrderStatus, OrderClass]>([
    [unsent, 'INTENT', 'unproven'],
    [sent, 'PENDING_CREATE', 'unproven'],
    [{ ...sent, doubtSince: 9 }, 'UNKNOWN', 'unproven'],
    [{}, 'OPEN', 'live'],
    [{ maxFilled: 1 }, 'PARTIALLY_FILLED', 'live'],
    [{ doubtSince: 9 }, 'LOST', 'unproven'],
    [ended('canceled'), 'CANCELED', 'ended'],
    [ended('expired'), 'EXPIRED', 'ended'],
    [{ ...sent, ...ended('rejected') }, 'REJECTED', 'ended'],
    [{ ...unsent, ...ended('denied') }, 'DENIED', 'ended'],
    [{ ...sent, ...ended('absent') }, 'ABSENT', 'ended'],
    [{ maxFilled: 1_000, ...ended('filled') }, 'FILLED', 'ended'],
    [{ maxFilled: 1_000, ...ended('canceled') }, 'FILLED', 'ended'],
  ])('%j reads %s and counts as %s', (change, status, kind) => {
    expect(statusOf(orderOf(change))).toBe(status);
    expect(classOf(orderOf(change))).toBe(kind);
  });

  it.each<[Partial<ClientOrder>, boolean]>([
    [unsent, false],
    [sent, true],
    [{ ...unsent, doubtSince: 9 }, true],
    [{}, true],
    [ended('canceled'), false],
  ])('%j may stand in the book: %s', (change, rests) => {
    expect(mayRest(orderOf(change))).toBe(rests);
  });

  it.each<[Partial<ClientOrder>, number, number, boolean]>([
    [{}, 1_000, 0, false],
    [{ maxFilled: 400 }, 600, 400, false],
    [{ maxFilled: 400, bookedFilled: 400 }, 600, 0, false],
    [{ maxFilled: 400, ...ended('canceled') }, 0, 400, false],
    [{ maxFilled: 400, bookedFilled: 400, ...ended('canceled') }, 0, 0, true],
    [{ maxFilled: 1_000, bookedFilled: 1_001 }, 0, 0, false],
    [ended('absent'), 0, 0, true],
  ])('%j leaves %d to fill and %d to book; settled: %s', (change, remaining, unbooked, settled) => {
    const order = orderOf(change);
    expect([remainingOf(order), unbookedOf(order), isSettled(order)]).toEqual([remaining, unbooked, settled]);
  });
});
