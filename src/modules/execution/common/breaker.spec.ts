import { afterFailure, afterSuccess, afterTime, closedBreaker } from './breaker';
import type { Breaker } from './breaker';

type Step = readonly ['fail' | 'ok' | 'time', number];
const run = (steps: readonly Step[]): Breaker =>
  steps.reduce((breaker, [kind, at]) => {
    if (kind === 'fail') return afterFailure(afterTime(breaker, at), at, 0.5);
    return kind === 'ok' ? afterSuccess(afterTime(breaker, at), at) : afterTime(breaker, at);
  }, closedBreaker);
const times = (n: number, step: Step): readonly Step[] => Array.from({ length: n }, () => step);

describe('breaker', () => {
  it.each<[string, readonly Step[], Breaker['phase']]>([
    ['two failures in a row', times(2, ['fail', 0]), 'closed'],
    ['three in a row', times(3, ['fail', 0]), 'open'],
    [
      'four of twenty, never three in a row',
      [...times(4, ['fail', 0])].flatMap((s) => [s, ['ok', 0]] as const),
      'closed',
    ],
    ['five of twenty', [...times(5, ['fail', 0])].flatMap((s) => [s, ['ok', 0]] as const), 'open'],
    [
      'failures that have left the window',
      [...times(2, ['fail', 0]), ...times(20, ['ok', 0]), ...times(2, ['fail', 0])],
      'closed',
    ],
    ['still open before 5 s', [...times(3, ['fail', 0]), ['time', 4_999]], 'open'],
    ['half open after 5 s', [...times(3, ['fail', 0]), ['time', 5_000]], 'halfOpen'],
    ['one success is not enough', [...times(3, ['fail', 0]), ['ok', 5_000]], 'halfOpen'],
    [
      'two within a second are not enough',
      [...times(3, ['fail', 0]), ['ok', 5_000], ['ok', 5_999]],
      'halfOpen',
    ],
    ['two a second apart close it', [...times(3, ['fail', 0]), ['ok', 5_000], ['ok', 6_000]], 'closed'],
    ['a failed probe opens it', [...times(3, ['fail', 0]), ['fail', 5_000]], 'open'],
    ['and for twice as long', [...times(3, ['fail', 0]), ['fail', 5_000], ['time', 14_999]], 'open'],
    ['but not longer', [...times(3, ['fail', 0]), ['fail', 5_000], ['time', 15_000]], 'halfOpen'],
  ])('%s', (_name, steps, phase) => {
    expect(run(steps).phase).toBe(phase);
  });
});

it('changes no more by a success among nothing but successes, and still counts what fails after it', () => {
  const proven = run(times(20, ['ok', 0]));
  expect(afterSuccess(proven, 1)).toBe(proven);
  expect(run([...times(25, ['ok', 0]), ...times(3, ['fail', 1])]).phase).toBe('open');
  const [four, later] = [
    times(4, ['fail', 0]).flatMap((s) => [s, ['ok', 0]] as const),
    times(2, ['fail', 9]),
  ];
  expect(run([...four, ...times(20, ['ok', 1]), ...later]).phase).toBe('closed');
});
