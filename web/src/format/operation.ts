import type { Operation } from '../api/operation';

const orders = (count: number): string => `${count} own open order${count === 1 ? '' : 's'}`;

/** The outcome in one sentence. Only an operation that succeeded may say what the venue shows. */
export function outcomeOf(operation: Operation): string {
  const left = operation.openOrdersCount ?? operation.remaining.length;
  switch (operation.state) {
    case 'succeeded':
      return operation.wanted === 'running'
        ? 'running: the engine confirms it'
        : `${operation.observed}: the venue shows ${orders(left)}`;
    case 'failed':
      return `refused: ${operation.error ?? 'the engine gave no reason'}`;
    case 'superseded':
      return 'replaced by a later command';
    case 'timed_out':
      return `not confirmed in time: ${orders(left)} left; the engine keeps cancelling`;
    default:
      return left > 0
        ? `waiting for the venue to confirm the end of ${orders(left)}`
        : 'waiting for confirmation';
  }
}
