import type { VenueId } from '../../../src/domain/instrument';

/** Rows that are about words of Binance alone, and why no other dialect can have them. */
const binanceOnly: Readonly<Record<string, string>> = {};

/** Whether a row can happen where this dialect is spoken. */
export const isSpoken = (row: string, dialect: VenueId): boolean =>
  dialect === 'binance' || !Object.hasOwn(binanceOnly, row);
