import type { RejectCode } from '../../domain/sent';
import type { Mono } from '../../domain/units';

/** How long a side waits after its latest refusals. */
export interface RejectBackoff {
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

/** Longer with each refusal, and never shorter than the venue asks for. */
export function afterRejection(
  before: RejectBackoff | undefined,
  { code, retryAfterMs = 0 }: Rejection,
  now: Mono,
): RejectBackoff {
  // Orders of one moment, refused together.
  if (before && now < before.until) return { ...before, until: Math.max(before.until, now + retryAfterMs) };
  const rejects = before && now < before.until + forgottenAfterMs ? before.rejects : 0;
  const waits = code === 'BALANCE' ? balanceWaitsMs : waitsMs;
  const wait = waits[Math.min(rejects, waits.length - 1)]!;
  return { until: now + Math.max(retryAfterMs, wait), rejects: rejects + 1 };
}

/** The next refusal begins with the shortest wait. An order accepted within a wait is of the moment of the refused one. */
export const afterAcceptance = (before: RejectBackoff | undefined, now: Mono): RejectBackoff | undefined =>
  before && now < before.until ? before : undefined;
