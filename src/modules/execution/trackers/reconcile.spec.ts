import type { ClientOrder } from '../../../domain/order';
import { orderOf } from '../../../../test/support/decisions';
import {
  afterAbsentRound,
  afterAsking,
  afterFound,
  afterNotFound,
  isInDoubt,
  isOverdue,
  isPastDeadline,
  noInquiry,
  passesFence,
} from './reconcile';

const unanswered: Partial<ClientOrder> = { acknowledged: false, sentAt: 1_000, ended: undefined };

describe('what makes an order doubtful', () => {
  it.each([
    ['2.9 s without an answer', { ...unanswered }, 3_900, false],
    ['3.1 s without an answer', { ...unanswered }, 4_100, true],
    ['acknowledged', { ...unanswered, acknowledged: true }, 9_000, false],
    ['never handed to the socket', { ...unanswered, sentAt: undefined }, 9_000, false],
  ] as const)('%s', (_name, facts, now, expected) => {
    expect(isOverdue(orderOf(facts), now)).toBe(expected);
  });

  it.each([
    ['live and quiet', { acknowledged: true }, false],
    ['in doubt', { acknowledged: false, doubtSince: 5 }, true],
    [
      'a cancel of unknown outcome',
      { acknowledged: true, command: 'CANCEL_UNKNOWN', commandSentAt: 9_000 },
      true,
    ],
    ['a cancel just sent', { acknowledged: true, command: 'CANCEL_SENT', commandSentAt: 9_000 }, false],
    ['a cancel sent 4 s ago', { acknowledged: true, command: 'CANCEL_SENT', commandSentAt: 6_000 }, true],
    ['filled beyond the books', { acknowledged: true, maxFilled: 2, bookedFilled: 1 }, true],
    [
      'ended, and a fill is missing',
      { acknowledged: true, maxFilled: 2, bookedFilled: 1, ended: { why: 'canceled', at: 1 } },
      true,
    ],
    ['ended and booked', { acknowledged: true, ended: { why: 'canceled', at: 1 } }, false],
  ] as const)('%s', (_name, facts, expected) => {
    expect(isInDoubt(orderOf(facts), 10_000)).toBe(expected);
  });
});

describe('what may speak against an order', () => {
  it.each([
    [20_000, 10_000, false],
    [20_000, 9_999, true],
    [9_000, 10_000, false],
  ])('a read requested at %d, last local change at %d: %s', (requestedAt, lastLocalChangeAt, expected) => {
    expect(passesFence(orderOf({ lastLocalChangeAt }), requestedAt)).toBe(expected);
  });

  it('nothing before the deadline, and nothing for an order whose commit never answered', () => {
    expect(isPastDeadline(orderOf({ deadlineAt: 500 }), 500)).toBe(false);
    expect(isPastDeadline(orderOf({ deadlineAt: 500 }), 501)).toBe(true);
    expect(isPastDeadline(orderOf({ deadlineAt: 0 }), 1e12)).toBe(false);
  });

  it('proves absence by two rounds, the second requested 2 s after the first was answered', () => {
    const first = afterAbsentRound(noInquiry, 1_000, 1_500);
    expect(first.isProved).toBe(false);
    const tooSoon = afterAbsentRound(first.inquiry, 3_400, 3_500);
    expect(tooSoon).toEqual({ inquiry: first.inquiry, isProved: false });
    expect(afterAbsentRound(first.inquiry, 3_500, 3_600).isProved).toBe(true);
  });

  it('starts over after any positive answer', () => {
    const first = afterAbsentRound(noInquiry, 1_000, 1_500).inquiry;
    expect(afterAbsentRound(afterFound(first), 9_000, 9_100).isProved).toBe(false);
  });

  it('loses a shown order after three not-founds 2 s apart', () => {
    const order = orderOf({ evidence: { source: 'ws-order', at: -20_000 } });
    const once = afterNotFound(noInquiry, order, 1_000);
    const soon = afterNotFound(once.inquiry, order, 2_000);
    const twice = afterNotFound(soon.inquiry, order, 3_000);
    const thrice = afterNotFound(twice.inquiry, order, 5_000);
    expect([once, soon, twice, thrice].map((each) => each.hasVanished)).toEqual([false, false, false, true]);
  });
});

it('asks quickly at first, then every 5 s; a lost order every 10 s', () => {
  const doubtful = orderOf({ acknowledged: false, doubtSince: 1 });
  const waits: number[] = [];
  let inquiry = noInquiry;
  for (let i = 0; i < 6; i += 1) {
    inquiry = afterAsking(inquiry, doubtful, 0);
    waits.push(inquiry.nextAskAt);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(afterAsking(noInquiry, orderOf({ acknowledged: true, doubtSince: 1 }), 0).nextAskAt).toBe(10_000);
});
