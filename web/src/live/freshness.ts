/** How old what is on screen may be called. */
export type Freshness = 'waiting' | 'active' | 'dim' | 'stale' | 'offline';

export interface Fresh {
  readonly level: Freshness;
  /** Since when data has been arriving without a lapse; undefined during a lapse. */
  readonly goodSince: number | undefined;
}

const dimAfterMs = 3_000;
const staleAfterMs = 10_000;
const offlineAfterMs = 30_000;
const settleMs = 2_000;

function levelOf(ageMs: number): Freshness {
  if (ageMs > offlineAfterMs) return 'offline';
  if (ageMs > staleAfterMs) return 'stale';
  return ageMs > dimAfterMs ? 'dim' : 'active';
}

/** Worse at once, better only after two seconds of fresh data, so that nothing flickers. */
export function nextFresh(before: Fresh, now: number, lastAt: number | undefined): Fresh {
  if (lastAt === undefined) return before;
  const level = levelOf(now - lastAt);
  if (level !== 'active') return { level, goodSince: undefined };
  const goodSince = before.goodSince ?? now;
  const settled = before.level === 'waiting' || before.level === 'active' || now - goodSince >= settleMs;
  return { level: settled ? 'active' : before.level, goodSince };
}
