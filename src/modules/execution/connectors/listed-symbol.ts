import BigNumber from 'bignumber.js';
import { Instrument } from '../../../domain/instrument';
import type { InstrumentRules } from '../../../domain/instrument';
import { DecimalGrid } from './decimal-grid';
import type { ListedSymbol } from './dialect';
import type { JsonRecord } from './venue-json';

/** The symbols of a list. A row that cannot be read is left out: it is not tradable here. */
export function listedSymbols(
  rows: readonly JsonRecord[],
  rulesOf: (row: JsonRecord) => InstrumentRules,
  stpModesOf: (row: JsonRecord) => readonly string[] = () => [],
): readonly ListedSymbol[] {
  return rows.flatMap((row) => {
    try {
      const rules = new Instrument(rulesOf(row));
      const { tickSize, lotSize } = rules.rules;
      const grids = { price: new DecimalGrid(tickSize), quantity: new DecimalGrid(lotSize) };
      return [{ rules, instrument: rules.id, grids, stpModes: stpModesOf(row) }];
    } catch {
      return [];
    }
  });
}

/** A decimal without an exponent and without trailing zeros. */
export const plain = (text: string): string => new BigNumber(text).toFixed();

export function positive(step: string): string {
  if (!new BigNumber(step).isGreaterThan(0)) throw new Error('a step is not positive');
  return plain(step);
}
