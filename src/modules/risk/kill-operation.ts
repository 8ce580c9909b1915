import type { KillView, StandingHalt } from '../execution/types';

const sweptTargetMs = 25_000;

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** How far a kill has come, as an operation: its two proofs apart, and what is left. */
export function killOperationOf(kill: KillView, nowMs: number): object {
  const deadline = kill.provingSinceMs + sweptTargetMs;
  const isDone = kill.sweptAtMs !== undefined && kill.remaining.length === 0;
  return {
    id: kill.id,
    kind: 'kill',
    state: isDone ? 'succeeded' : nowMs > deadline ? 'timed_out' : 'running',
    target: { type: 'scope', id: kill.scopeKey },
    desired: { halted: true, confirmed: true, swept: true },
    observed: {
      ...{ halted: true, isSaved: kill.isSaved, leasesCount: kill.leases },
      ...{ confirmed: kill.confirmedAtMs !== undefined, confirmedAt: iso(kill.confirmedAtMs) },
      ...{ swept: kill.sweptAtMs !== undefined, sweptAt: iso(kill.sweptAtMs), at: iso(nowMs) },
    },
    remaining: kill.remaining.map(({ clientOrderId, venueOrderId, venue, status }) => ({
      ...{ clientOrderId, venueOrderId: venueOrderId ?? null, venue, status },
      lastError: null,
    })),
    silentAccounts: kill.silentAccounts,
    ...{ deadlineAt: iso(deadline), error: null, requestedBy: `user:${kill.actor}` },
    ...{ reason: kill.reason, createdAt: iso(kill.createdAtMs), finishedAt: iso(kill.sweptAtMs) },
  };
}

export const haltOf = ({ scopeKey, level, reason, actor, at, leases, isSaved }: StandingHalt): object => ({
  ...{ scopeKey, state: level, since: iso(at), actor, reason, leasesCount: leases, isSaved },
});
