import type { RejectCode } from '../../../domain/sent';
import type { Mono } from '../../../domain/units';

/** How long a side waits after its latest refusals. */
export interface RejectBackoff {
  readonly since: Mono;
  readonly until: Mono;
  readonly rejects: number;
}

const waitsMs: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];
/** Money does not come back within a second, and every try counts against the account. */
const balanceWaitsMs: readonly number[] = [5_000, 10_000, 20_000, 40_000, 60_000];
/** A side that was let through for so long begins anew. */
const forgottenAfterMs = 60_000;

export interface Rejection {
  readonly code: RejectCode;
  readonly retryAfterMs?: number;
}

/**
 * The venue takes orders of the side again: the next refusal waits as the first does. An order that left with the
 * refused ones says nothing of that.
 */
export const afterAcceptance = (
  before: RejectBackoff | undefined,
  sentAt: Mono,
): RejectBackoff | undefined => (before && sentAt >= before.until ? undefined : before);

/** Longer with each refusal, and never shorter than the venue asks for. */
export function afterRejection(
  before: RejectBackoff | undefined,
  { code, retryAfterMs = 0 }: Rejection,
  now: Mono,
): RejectBackoff {
  const isSameMoment = before !== undefined && now < before.until;
  const since = isSameMoment ? before.since : now;
  const isForgotten = !before || now >= before.until + forgottenAfterMs;
  const rejects = isSameMoment ? before.rejects : isForgotten ? 1 : before.rejects + 1;
  const until = Math.max(since + waitOf(code, rejects), now + retryAfterMs);
  // Orders of one moment, refused together: the longest of their waits counts, once.
  return { since, until: isSameMoment ? Math.max(before.until, until) : until, rejects };
}

function waitOf(code: RejectCode, rejects: number): number {
  const waits = code === 'BALANCE' ? balanceWaitsMs : waitsMs;
  return waits[Math.min(rejects, waits.length) - 1]!;
}
