import type { ClientOrder } from '../../../domain/order';
import { classOf, unbookedOf } from '../../../domain/order';
import type { Mono, Ms } from '../../../domain/units';
import {
  absenceGapMs,
  absenceRounds,
  absenceShareMs,
  ackTimeoutMs,
  feeQueryMs,
  lostGapMs,
  lostReads,
  lostRequeryMs,
  queryBackoffMs,
  unbookedQueryMs,
  venueProcessingBoundMs,
} from '../common/constants';

/** One read of a complete question of an account. */
export type AccountRead = 'openOrders' | 'trades' | 'orders' | 'balances';

/** What the questions about one order have brought so far. */
export interface Inquiry {
  readonly attempts: number;
  readonly askedAt: Mono;
  readonly nextAskAt: Mono;
  /** Agreeing rounds of complete absence, and when the last one was answered. */
  readonly absence: { readonly rounds: number; readonly answeredAt: Mono };
  /** Explicit not-founds of an order the venue had shown, and when the last one counted. */
  readonly lost: { readonly reads: number; readonly at: Mono };
}

export const noInquiry: Inquiry = {
  attempts: 0,
  askedAt: -Infinity,
  nextAskAt: 0,
  absence: { rounds: 0, answeredAt: 0 },
  lost: { reads: 0, at: 0 },
};

/** Handed to the socket and unanswered for too long: from now on the outcome is ambiguous. */
export const isOverdue = (order: ClientOrder, now: Mono): boolean =>
  classOf(order) === 'unproven' &&
  order.doubtSince === undefined &&
  order.sentAt !== undefined &&
  now - order.sentAt > ackTimeoutMs;

/** Whether the venue must be asked about this order. */
export function isInDoubt(order: ClientOrder, now: Mono): boolean {
  if (unbookedOf(order) > 0) return true;
  if (order.ended) return false;
  if (order.doubtSince !== undefined || order.command === 'CANCEL_UNKNOWN') return true;
  return order.command === 'CANCEL_SENT' && now - (order.commandSentAt ?? now) > ackTimeoutMs;
}

/** When to ask next: quickly at first, then every 5 s; an order that is lost every 10 s; a missing fill up to 30 s. */
export function afterAsking(inquiry: Inquiry, order: ClientOrder, now: Mono): Inquiry {
  const attempts = inquiry.attempts + 1;
  return { ...inquiry, attempts, askedAt: now, nextAskAt: now + waitFor(order, inquiry.attempts) };
}

function waitFor(order: ClientOrder, attempts: number): number {
  if (order.acknowledged && order.doubtSince !== undefined) return lostRequeryMs;
  const isOnlyUnbooked = order.ended !== undefined || (unbookedOf(order) > 0 && order.command === 'NONE');
  return stepOf(isOnlyUnbooked ? unbookedQueryMs : queryBackoffMs, attempts);
}

/** How long after a fill was booked its fee is asked for, once it has been asked for so many times. */
export function feeQuestionAfterMs(asked: number): number {
  const last = feeQueryMs.at(-1)!;
  return feeQueryMs[asked] ?? last * (asked - feeQueryMs.length + 2);
}

const stepOf = (steps: readonly number[], attempts: number): number =>
  steps[Math.min(attempts, steps.length - 1)]!;

/** Nothing is left to ask: the next doubt is asked about quickly again. What spoke against the order is kept. */
export const afterDoubt = (inquiry: Inquiry): Inquiry => ({ ...inquiry, attempts: 0, nextAskAt: 0 });

/**
 * The request-start fence: a read may speak against an order only if nothing changed here since it was requested, nor
 * within the venue's read lag before that.
 */
export const passesFence = (order: ClientOrder, requestedAt: Mono): boolean =>
  order.lastLocalChangeAt + venueProcessingBoundMs < requestedAt;

/** Before its deadline on the database clock a create may still be accepted, so nothing proves its absence. */
export const isPastDeadline = (order: ClientOrder, requestedAtMs: Ms): boolean =>
  order.deadlineAt > 0 && requestedAtMs > order.deadlineAt;

/** When a not-found begins to count against an order that never showed itself: past the fence and past its deadline. */
export const countsFrom = (order: ClientOrder, now: Mono, databaseNow: Ms): Mono =>
  Math.max(order.lastLocalChangeAt + venueProcessingBoundMs, now + order.deadlineAt - databaseNow) + 1;

/** What keeps a read from speaking against an order. */
export interface Fences {
  readonly passesFence: typeof passesFence;
  readonly isPastDeadline: typeof isPastDeadline;
}

export const fences: Fences = { passesFence, isPastDeadline };

/**
 * Whether the lists of an instrument are to be read: every order that could use them has had its own answer, or the
 * first to be answered has waited long enough for the others.
 */
export const areListsDue = (firstAnswerAt: Mono, unanswered: number, now: Mono): boolean =>
  unanswered === 0 || now - firstAnswerAt >= absenceShareMs;

/** One complete round of absence (by id, in the open list, in the trades), each requested after the deadline. */
export function afterAbsentRound(
  inquiry: Inquiry,
  requestedAt: Mono,
  answeredAt: Mono,
): { readonly inquiry: Inquiry; readonly isProved: boolean } {
  const { rounds, answeredAt: previous } = inquiry.absence;
  if (rounds > 0 && requestedAt < previous + absenceGapMs) return { inquiry, isProved: false };
  const absence = { rounds: rounds + 1, answeredAt };
  // Asked any sooner, the next answer would not count.
  const nextAskAt = answeredAt + absenceGapMs;
  return { inquiry: { ...inquiry, absence, nextAskAt }, isProved: absence.rounds >= absenceRounds };
}

/** One explicit not-found of an order the venue had shown. Three of them, 2 s apart, make it lost. */
export function afterNotFound(
  inquiry: Inquiry,
  order: ClientOrder,
  requestedAt: Mono,
): { readonly inquiry: Inquiry; readonly hasVanished: boolean } {
  // Whatever showed the order since the last one, from any source, makes them count from one again.
  const reads = order.evidence.at > inquiry.lost.at ? 0 : inquiry.lost.reads;
  if (reads > 0 && requestedAt < inquiry.lost.at + lostGapMs) return { inquiry, hasVanished: false };
  const lost = { reads: reads + 1, at: requestedAt };
  return { inquiry: { ...inquiry, lost }, hasVanished: lost.reads >= lostReads };
}

/** Any positive answer clears what spoke against the order. */
export const afterFound = (inquiry: Inquiry): Inquiry => ({
  ...inquiry,
  absence: noInquiry.absence,
  lost: noInquiry.lost,
});

/** When the oldest of these orders was committed; now when none is. Trades are read from before it. */
export const oldestCommitOf = (orders: readonly ClientOrder[], databaseNow: Ms): Ms =>
  Math.min(databaseNow, ...orders.map(({ committedAt }) => committedAt).filter((at) => at > 0));
