import type { ClientOrder } from '../../../domain/order';
import { classOf, unbookedOf } from '../../../domain/order';
import type { Mono, Ms } from '../../../domain/units';
import {
  absenceGapMs,
  absenceRounds,
  ackTimeoutMs,
  lostGapMs,
  lostReads,
  lostRequeryMs,
  queryBackoffMs,
  unbookedPageMs,
  venueProcessingBoundMs,
} from '../common/constants';

/** What the questions about one order have brought so far. */
export interface Inquiry {
  readonly attempts: number;
  readonly nextAskAt: Mono;
  /** Agreeing rounds of complete absence, and when the last one was answered. */
  readonly absence: { readonly rounds: number; readonly answeredAt: Mono };
  /** Explicit not-founds of an order the venue had shown, and when the last one counted. */
  readonly lost: { readonly reads: number; readonly at: Mono };
}

export const noInquiry: Inquiry = {
  attempts: 0,
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
  return { ...inquiry, attempts, nextAskAt: now + waitFor(order, inquiry.attempts) };
}

function waitFor(order: ClientOrder, attempts: number): number {
  if (order.ended) return Math.min(unbookedPageMs, 2_000 * 2 ** Math.min(attempts, 4));
  if (order.acknowledged && order.doubtSince !== undefined) return lostRequeryMs;
  return queryBackoffMs[Math.min(attempts, queryBackoffMs.length - 1)]!;
}

/**
 * The request-start fence: a read may speak against an order only if nothing changed here since it was requested, nor
 * within the venue's read lag before that.
 */
export const passesFence = (order: ClientOrder, requestedAt: Mono): boolean =>
  order.lastLocalChangeAt + venueProcessingBoundMs < requestedAt;

/** Before its deadline on the database clock a create may still be accepted, so nothing proves its absence. */
export const isPastDeadline = (order: ClientOrder, requestedAtMs: Ms): boolean =>
  order.deadlineAt > 0 && requestedAtMs > order.deadlineAt;

/** One complete round of absence (by id, in the open list, in the trades), each requested after the deadline. */
export function afterAbsentRound(
  inquiry: Inquiry,
  requestedAt: Mono,
  answeredAt: Mono,
): { readonly inquiry: Inquiry; readonly isProved: boolean } {
  const { rounds, answeredAt: previous } = inquiry.absence;
  if (rounds > 0 && requestedAt < previous + absenceGapMs) return { inquiry, isProved: false };
  const absence = { rounds: rounds + 1, answeredAt };
  return { inquiry: { ...inquiry, absence }, isProved: absence.rounds >= absenceRounds };
}

/** One explicit not-found of an order the venue had shown. Three of them, 2 s apart, make it lost. */
export function afterNotFound(
  inquiry: Inquiry,
  requestedAt: Mono,
): { readonly inquiry: Inquiry; readonly hasVanished: boolean } {
  if (inquiry.lost.reads > 0 && requestedAt < inquiry.lost.at + lostGapMs) {
    return { inquiry, hasVanished: false };
  }
  const lost = { reads: inquiry.lost.reads + 1, at: requestedAt };
  return { inquiry: { ...inquiry, lost }, hasVanished: lost.reads >= lostReads };
}

/** Any positive answer clears what spoke against the order. */
export const afterFound = (inquiry: Inquiry): Inquiry => ({
  ...inquiry,
  absence: noInquiry.absence,
  lost: noInquiry.lost,
});
