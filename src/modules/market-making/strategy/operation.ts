import type { OrderView } from '../../execution/types';
import type { Strategy } from './strategy';
import type { DesiredState, Move, StrategyState } from './strategy-states';

/** A request that was made; what became of it is computed when somebody asks. */
export interface Requested {
  readonly id: string;
  readonly move: Move;
  readonly desired: DesiredState;
  readonly requestedBy: string;
  readonly createdAtMs: number;
  readonly deadlineAtMs: number;
}

type OperationState = 'running' | 'succeeded' | 'failed' | 'superseded' | 'timed_out';
const ended: readonly StrategyState[] = ['failed', 'quarantined'];

/** What was wanted, what is observed and what the venue has not shown ended. */
export function operationOf(
  strategy: Strategy,
  requested: Requested | undefined,
  orders: readonly OrderView[],
  nowMs: number,
): object {
  const desired = requested?.desired ?? strategy.desiredState;
  const remaining = desired === 'running' ? [] : orders;
  const isLate = requested !== undefined && nowMs > requested.deadlineAtMs;
  const isFailed = ended.includes(strategy.state) && desired === 'running';
  return {
    ...aboutRequest(strategy, requested),
    kind: `strategy.${requested?.move ?? moveOf(desired)}`,
    state: stateOf(strategy, desired, remaining.length, isLate),
    target: { type: 'strategy', id: strategy.id },
    desired: { state: desired },
    observed: {
      state: strategy.state,
      openOrdersCount: orders.length,
      at: new Date(nowMs).toISOString(),
    },
    remaining: remaining.map(({ clientOrderId, venue, status }) => ({
      ...{ clientOrderId, venue, status },
      lastError: null,
    })),
    error: isFailed ? strategy.stateReason : null,
  };
}

/** An earlier process took its requests along: what is wanted is known, who asked is not. */
const aboutRequest = (strategy: Strategy, requested: Requested | undefined): object =>
  requested
    ? {
        id: requested.id,
        requestedBy: requested.requestedBy,
        createdAt: new Date(requested.createdAtMs).toISOString(),
        deadlineAt: new Date(requested.deadlineAtMs).toISOString(),
      }
    : { id: null, requestedBy: null, createdAt: strategy.stateSince, deadlineAt: null };

const moveOf = (desired: DesiredState): Move =>
  desired === 'running' ? 'start' : desired === 'paused' ? 'pause' : 'stop';

/** The first that holds, as the contract lists them. */
function stateOf(
  strategy: Strategy,
  desired: DesiredState,
  remaining: number,
  isLate: boolean,
): OperationState {
  if (strategy.desiredState !== desired) return 'superseded';
  if (desired === 'running' && ended.includes(strategy.state)) return 'failed';
  if (strategy.state === desired && remaining === 0) return 'succeeded';
  return isLate ? 'timed_out' : 'running';
}
