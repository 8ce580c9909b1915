import type { DialectVenueId } from '../../../src/domain/instrument';

const snapshots = 'books of other dialects begin with a frame, never with an answer';
const frames = 'it rewrites the fields of a depth frame of Binance';
const reports = 'it rewrites the fields of a private frame of Binance';
const terms = 'it rewrites what Binance publishes of its markets';

/** Rows that are about the words of Binance, and why no other dialect has them. */
const binanceOnly: Readonly<Record<string, string>> = {
  ...{ D1: snapshots, D10: snapshots },
  ...{ D5: frames, D7: frames, D13: frames },
  ...{ O20: reports, S1: reports, S3: reports, S5: reports },
  ...{ O17: terms, O18: terms, X4: terms },
  U5: 'a stream is ended by the venue at Binance alone',
};

/** Binance offers no switch that cancels when it is not heard of. */
const elsewhereOnly: readonly string[] = ['P9'];

/** Whether a row can happen where this dialect is spoken. */
export const isSpoken = (row: string, dialect: DialectVenueId): boolean =>
  dialect === 'binance' ? !elsewhereOnly.includes(row) : !Object.hasOwn(binanceOnly, row);
