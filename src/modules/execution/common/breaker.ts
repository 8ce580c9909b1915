import type { Mono } from '../../../domain/units';

export type BreakerPhase = 'closed' | 'open' | 'halfOpen';

/** The state of one breaker. A value: every step makes a new one. */
export interface Breaker {
  readonly phase: BreakerPhase;
  /** The newest outcomes, true for a failure; at most `windowSize`. */
  readonly recent: readonly boolean[];
  /** When an open breaker may be probed. */
  readonly probeAt: Mono;
  /** How long the next opening lasts, before jitter. */
  readonly openMs: number;
  /** When the first of two successful probes happened. */
  readonly provedAt: Mono | undefined;
}

const windowSize = 20;
const failuresInWindow = 5;
const failuresInRow = 3;
const firstOpenMs = 5_000;
/** With its jitter and the periodic reads that prove the venue well, creates resume within a minute. */
const longestOpenMs = 30_000;
const provenGapMs = 1_000;
const jitterShare = 0.2;

export const closedBreaker: Breaker = {
  phase: 'closed',
  recent: [],
  probeAt: 0,
  openMs: firstOpenMs,
  provedAt: undefined,
};

/** `uniform` in [0, 1) spreads the end of an opening. */
export function afterFailure(breaker: Breaker, now: Mono, uniform: number): Breaker {
  const recent = [...breaker.recent, true].slice(-windowSize);
  if (breaker.phase === 'halfOpen') return opened({ ...breaker, recent }, now, uniform);
  if (breaker.phase === 'open') return { ...breaker, recent };
  const inRow = recent.slice(-failuresInRow);
  const tripped =
    recent.filter(Boolean).length >= failuresInWindow ||
    (inRow.length === failuresInRow && inRow.every(Boolean));
  return tripped ? opened({ ...breaker, recent }, now, uniform) : { ...breaker, recent };
}

/** A success of ordinary traffic while closed, of a probe while half open: two, a second apart, close it. */
export function afterSuccess(breaker: Breaker, now: Mono): Breaker {
  const isProven = breaker.recent.length === windowSize && !breaker.recent.includes(true);
  if (breaker.phase === 'closed' && isProven) return breaker; // One more among nothing but successes.
  if (breaker.phase === 'closed')
    return { ...breaker, recent: [...breaker.recent, false].slice(-windowSize) };
  if (breaker.phase === 'open') return breaker;
  if (breaker.provedAt === undefined) return { ...breaker, provedAt: now };
  return now - breaker.provedAt >= provenGapMs ? closedBreaker : breaker;
}

/** Time alone moves an open breaker to half open. */
export function afterTime(breaker: Breaker, now: Mono): Breaker {
  if (breaker.phase !== 'open' || now < breaker.probeAt) return breaker;
  return { ...breaker, phase: 'halfOpen', provedAt: undefined };
}

function opened(breaker: Breaker, now: Mono, uniform: number): Breaker {
  const jitter = 1 + jitterShare * (2 * uniform - 1);
  return {
    phase: 'open',
    recent: breaker.recent,
    probeAt: now + breaker.openMs * jitter,
    openMs: Math.min(longestOpenMs, breaker.openMs * 2),
    provedAt: undefined,
  };
}
