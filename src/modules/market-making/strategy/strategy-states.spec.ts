import type { DesiredState, NextStep, StrategyState } from './strategy-states';
import { allowedMoves, joins, nextStep } from './strategy-states';

describe('the next step', () => {
  it.each<[StrategyState, DesiredState, string | undefined, NextStep]>([
    ['created', 'stopped', undefined, 'settle'],
    ['created', 'running', undefined, 'open'],
    ['starting', 'running', undefined, 'open'],
    ['starting', 'running', 'running', 'settle'],
    ['running', 'running', 'running', 'none'],
    ['running', 'running', undefined, 'open'], // After a restart.
    ['running', 'running', 'quarantined', 'quarantine'],
    ['quarantined', 'running', 'quarantined', 'close'],
    ['quarantined', 'running', undefined, 'none'],
    ['failed', 'running', undefined, 'none'],
    ['running', 'stopped', 'running', 'close'],
    ['stopping', 'stopped', 'closing', 'close'],
    ['stopping', 'stopped', undefined, 'close'], // After a restart: orders may still be live.
    ['stop_failed', 'stopped', 'closing', 'close'],
    ['stopped', 'stopped', undefined, 'none'],
    ['paused', 'paused', undefined, 'none'],
    ['paused', 'stopped', undefined, 'close'],
  ])('from %s to %s with session %s is %s', (state, desired, session, step) => {
    expect(nextStep({ state, desired, session })).toBe(step);
  });
});

describe('under a halt', () => {
  it.each<[StrategyState, DesiredState, string | undefined, NextStep]>([
    ['starting', 'running', undefined, 'halt'],
    ['running', 'running', 'running', 'halt'],
    ['running', 'running', 'quarantined', 'quarantine'],
    ['pausing', 'paused', 'running', 'close'],
    ['paused', 'paused', undefined, 'none'],
    ['failed', 'running', undefined, 'none'],
  ])('from %s to %s with session %s the next step is %s', (state, desired, session, step) => {
    expect(nextStep({ state, desired, session, isHalted: true })).toBe(step);
  });
});

describe('moves', () => {
  it.each<[StrategyState, readonly string[]]>([
    ['created', ['start', 'stop']],
    ['running', ['pause', 'stop']],
    ['stopped', ['start']],
    ['quarantined', ['resume', 'stop']],
  ])('while %s are %j', (state, moves) => {
    expect(allowedMoves(state)).toEqual(moves);
  });

  it('join one under way, and try again after a failure', () => {
    expect(joins('start', 'starting', 'running')).toBe(true);
    expect(joins('stop', 'stopping', 'stopped')).toBe(true);
    expect(joins('start', 'failed', 'running')).toBe(false);
    expect(joins('stop', 'running', 'running')).toBe(false);
  });
});
