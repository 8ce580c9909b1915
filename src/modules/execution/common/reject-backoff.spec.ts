import type { RejectCode } from '../../../domain/sent';
import type { RejectBackoff, Rejection } from './reject-backoff';
import { afterAcceptance, afterRejection } from './reject-backoff';

/** The waits of refusals that each come as soon as the wait before is over. */
function waitsOf(count: number, rejection: Rejection): readonly number[] {
  let backoff: RejectBackoff | undefined;
  let now = 0;
  return Array.from({ length: count }, () => {
    backoff = afterRejection(backoff, rejection, now);
    const wait = backoff.until - now;
    now = backoff.until;
    return wait / 1_000;
  });
}

it.each<[RejectCode, readonly number[]]>([
  ['BALANCE', [5, 10, 20, 40, 60, 60]],
  ['FILTER', [1, 2, 4, 8, 16, 32, 60, 60]],
  ['LIMIT', [1, 2, 4, 8, 16, 32, 60, 60]],
])('a side waits longer with every %s refusal', (code, waits) => {
  expect(waitsOf(waits.length, { code })).toEqual(waits);
});

it('counts orders refused together once', () => {
  const first = afterRejection(undefined, { code: 'BALANCE' }, 0);
  expect(afterRejection(first, { code: 'BALANCE' }, 20)).toEqual(first);
  expect(afterRejection(first, { code: 'RATE', retryAfterMs: 9_000 }, 20)).toEqual({
    ...first,
    until: 9_020,
  });
});

it('waits for the worst of the orders refused together, whichever is heard first', () => {
  const first = afterRejection(undefined, { code: 'RATE' }, 0);
  const then = afterRejection(first, { code: 'BALANCE' }, 20);
  expect([first.until, then]).toEqual([1_000, { since: 0, until: 5_000, rejects: 1 }]);
});

it('waits as long as the venue asks', () => {
  expect(waitsOf(2, { code: 'RATE', retryAfterMs: 30_000 })).toEqual([30, 30]);
});

it('begins anew once a minute has passed without a refusal', () => {
  const third = { since: 80_000, until: 100_000, rejects: 3 };
  expect(afterRejection(third, { code: 'BALANCE' }, 159_999)).toMatchObject({ until: 199_999, rejects: 4 });
  expect(afterRejection(third, { code: 'BALANCE' }, 160_000)).toMatchObject({ until: 165_000, rejects: 1 });
});

it('begins anew with an accepted order that left after the wait, and keeps a wait it left in', () => {
  const third = { since: 80_000, until: 100_000, rejects: 3 };
  expect(afterAcceptance(third, 99_999)).toBe(third);
  expect(afterAcceptance(third, 100_000)).toBeUndefined();
  expect(afterAcceptance(undefined, 0)).toBeUndefined();
});
