const because = (reason: string, keys: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(keys.map((key) => [key, reason]));

const cellsOf = (from: string, reports: readonly string[]): readonly string[] =>
  reports.map((report) => `cell ${from} ${report}`);

const ends = ['acknowledged', 'partial fill', 'full fill', 'canceled', 'expired'];

/**
 * What no run of this tier can reach by design, and why. Anything else that is not reached fails a whole run; what no
 * fault row provokes yet does not belong here.
 */
export const unreachable: Readonly<Record<string, string>> = {
  ...because('an intent of the running process has not left it, so the venue cannot speak of it', [
    ...cellsOf('INTENT', [...ends, 'refused', 'ambiguous']),
  ]),
  ...because(
    'an intent that is not sent is denied by the process that knows it',
    cellsOf('INTENT', ['absent']),
  ),
  ...because('the write is refused before it is noted as sent', cellsOf('PENDING_CREATE', ['denied'])),
  ...because('absence counts only for an order in doubt', cellsOf('PENDING_CREATE', ['absent'])),
  ...because('a proof was wrong: a run that gets here is broken by I20', [
    ...['REJECTED', 'DENIED', 'ABSENT'].flatMap((from) => cellsOf(from, ends)),
  ]),
  ...because('a venue that has shown an order, or ended it, does not contradict itself so', [
    ...cellsOf('OPEN', ['refused']),
    ...cellsOf('CANCELED', ['full fill']),
    ...cellsOf('EXPIRED', ['full fill']),
  ]),
  ...because('a fault of the engine: a run that gets here is broken by I20', [
    'reason QUARANTINED',
    'gate QUARANTINED',
  ]),
  ...because('a crossed book is never in sync, so it is told as a gap', [
    'reason BOOK_CROSSED',
    'gate BOOK_CROSSED',
  ]),
  ...because('it is told of an account, never of a quote', ['reason DEAD_MAN_NOT_ARMED']),
  ...because('no part of the engine gives this reason', ['reason PAUSED_BY_USER']),
};
