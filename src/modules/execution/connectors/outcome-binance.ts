import type { RejectCode } from '../../../domain/sent';
import { codesOf } from './outcome-codes';
import type { CodeMeaning, CodeTable, Operation, RefusalCode } from './outcome';

const byCode = codesOf({
  FILTER: ['-1111'],
  SYMBOL: ['-1121'],
  RATE: ['-1003', '-1015'],
  CLOCK: ['-1021'],
  AUTH: ['-2014', '-2015', '-1022', '-1002'],
});

const malformed: ReadonlySet<number> = new Set([...range(1100, 1108), ...range(1114, 1120), 1128, 1130]);
const undecided: ReadonlySet<number> = new Set([1000, 1001, 1006, 1007, 1008, 1016]);

/** Refusals that share one code and differ in words. */
const byMessage: readonly (readonly [RegExp, CodeMeaning])[] = [
  [/duplicate order/i, { kind: 'unknown', reason: 'duplicate_id' }],
  [/insufficient balance/i, rejected('BALANCE')],
  [/immediately match/i, rejected('POST_ONLY')],
  [/MAX_NUM_ORDERS|EXCHANGE_MAX_NUM_ORDERS|MAX_POSITION/, rejected('LIMIT')],
  [/market is closed/i, rejected('MARKET_CLOSED')],
  [/disabled|may not place|not permitted|restricted/i, rejected('RESTRICTED')],
];

/** Words about an order that is there, or is not. */
const aboutOrder: Readonly<Record<Exclude<Operation, 'create'>, Readonly<Record<number, RefusalCode>>>> = {
  amend: { 2038: 'AMEND_REFUSED', 2039: 'AMEND_REFUSED' },
  cancel: { 2011: 'not_found' },
  query: { 2013: 'not_found' },
};

/**
 * "Canceled or expired with no executed qty over 90 days ago" (ORDER_ARCHIVED). By those words it did exist, so it counts
 * for no absence; and it ends nothing, because Binance has answered it for new orders as well (its change log says when that
 * was mended). Whatever traded is in the list of trades either way.
 */
const archived = 2026;

/** The codes of Binance spot. An absent row means that the outcome is unknown. */
export const binanceCodes: CodeTable = (operation, code, message) => {
  const number = -Number(code);
  if (undecided.has(number)) return { kind: 'unknown', reason: 'server_error' };
  if (operation === 'query' && number === archived) return { kind: 'unknown', reason: 'archived' };
  const word = operation === 'create' ? undefined : aboutOrder[operation][number];
  if (word) return { kind: 'rejected', code: word };
  if (number === 2010 || number === 1013) return worded(number, message);
  if (malformed.has(number)) return rejected('BAD_REQUEST');
  return byCode[code];
};

function worded(number: number, message: string): CodeMeaning | undefined {
  const row = byMessage.find(([pattern]) => pattern.test(message));
  if (row) return row[1];
  return number === 1013 ? rejected('FILTER') : undefined;
}

function rejected(code: RejectCode): CodeMeaning {
  return { kind: 'rejected', code };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
