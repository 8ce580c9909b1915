import type { HandedStrategy, OrderView } from '../execution/types';

/** A handover of this engine, from the moment it was asked for. */
export interface Handover {
  readonly id: string;
  readonly engine: string;
  readonly requestedBy: string;
  readonly createdAtMs: number;
  readonly deadlineAtMs: number;
  readonly finishedAtMs: number | undefined;
  /** Every order was left to another engine or is proved to have ended; undefined until it is over. */
  readonly isConfirmed: boolean | undefined;
}

/** What is seen of it now. `remaining`: own orders nobody else has. */
export interface HandoverSeen {
  readonly leasesHeldCount: number;
  readonly strategies: readonly HandedStrategy[];
  readonly remaining: readonly OrderView[];
  readonly nowMs: number;
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** A handover as an operation: what each strategy came to, and what is left here. */
export function handoverOperationOf(handover: Handover, seen: HandoverSeen): object {
  const { id, engine, requestedBy, isConfirmed } = handover;
  const { leasesHeldCount, strategies, remaining, nowMs } = seen;
  return {
    ...{ id, kind: 'engine.handover', state: stateOf(handover, nowMs) },
    target: { type: 'engine', id: engine },
    desired: { leasesHeldCount: 0 },
    observed: {
      ...{ leasesHeldCount, at: iso(nowMs) },
      strategies: strategies.map(({ takenBy, ...one }) => ({ ...one, takenBy: takenBy ?? null })),
    },
    remaining: remaining.map(({ clientOrderId, venueOrderId, venue, status }) => ({
      ...{ clientOrderId, venueOrderId: venueOrderId ?? null, venue, status },
      lastError: null,
    })),
    error:
      isConfirmed === false
        ? { code: 'STOP_NOT_CONFIRMED', detail: 'Orders that no engine took are not proved to have ended.' }
        : null,
    ...{ requestedBy, createdAt: iso(handover.createdAtMs), deadlineAt: iso(handover.deadlineAtMs) },
    finishedAt: iso(handover.finishedAtMs),
  };
}

function stateOf({ isConfirmed, deadlineAtMs }: Handover, nowMs: number): string {
  if (isConfirmed !== undefined) return isConfirmed ? 'succeeded' : 'failed';
  return nowMs > deadlineAtMs ? 'timed_out' : 'running';
}
