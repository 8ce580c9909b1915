import { maxLots, maxTicks } from '../../../domain/instrument';
import type { LevelBatch } from '../../../domain/venue-event';
import { offGrid } from './decimal-grid';
import type { MarketSymbol } from './dialect';
import type { Levels } from './ccxt.rows';

/** How many levels of each side are kept. What lies beyond them is not known. */
export const keptLevels = 50;
export const comparedLevels = 5;

type Side = ReadonlyMap<number, number>;

export interface BookCopy {
  readonly bids: Side;
  readonly asks: Side;
  /** Our own count of its changes: ccxt numbers books as each venue does, or not at all. */
  readonly id: number;
  /** The best levels as they were read, to compare. */
  readonly top: string;
}

export interface BookChange {
  readonly copy: BookCopy;
  readonly bids: LevelBatch;
  readonly asks: LevelBatch;
}

/** The text of a level that is on no grid. */
export class OffGrid extends Error {}

/** A whole book as a copy, and what changed since the one before. Throws OffGrid. */
export function changeOf(
  { grids }: MarketSymbol,
  read: { readonly bids: Levels; readonly asks: Levels },
  before: BookCopy | undefined,
): BookChange {
  const bids = sideOf(read.bids, grids);
  const asks = sideOf(read.asks, grids);
  const copy = { bids, asks, id: (before?.id ?? 0) + 1, top: topOf(read) };
  return { copy, bids: differenceOf(bids, before?.bids), asks: differenceOf(asks, before?.asks) };
}

/** A copy as levels, whole. */
export const wholeOf = ({
  bids,
  asks,
}: BookCopy): { readonly bids: LevelBatch; readonly asks: LevelBatch } => ({
  bids: batchOf([...bids]),
  asks: batchOf([...asks]),
});

/** The best levels of each side as one text. */
export const topOf = ({ bids, asks }: { readonly bids: Levels; readonly asks: Levels }): string =>
  JSON.stringify([bids.slice(0, comparedLevels), asks.slice(0, comparedLevels)]);

function sideOf(levels: Levels, grids: MarketSymbol['grids']): Side {
  const side = new Map<number, number>();
  for (const [price, quantity] of levels) {
    const ticks = grids.price.units(price);
    const lots = grids.quantity.amount(quantity);
    if (ticks <= offGrid || ticks >= maxTicks || lots <= offGrid || lots >= maxLots)
      throw new OffGrid(`${price} × ${quantity}`);
    if (lots > 0) side.set(ticks, lots);
  }
  return side;
}

function differenceOf(now: Side, before: Side | undefined): LevelBatch {
  const changed = [...now].filter(([ticks, lots]) => before?.get(ticks) !== lots);
  const gone = [...(before?.keys() ?? [])].filter((ticks) => !now.has(ticks));
  return batchOf([...changed, ...gone.map((ticks) => [ticks, 0] as const)]);
}

const batchOf = (levels: readonly (readonly [number, number])[]): LevelBatch => ({
  ticks: Int32Array.from(levels, ([ticks]) => ticks),
  lots: Float64Array.from(levels, ([, lots]) => lots),
  length: levels.length,
});

/** The digits Kraken sums: of ten levels a side, in full precision, without point and leading zeros. */
export function krakenText(book: { readonly bids: Levels; readonly asks: Levels }, steps: Steps): string {
  const digits = ([price, quantity]: readonly [string, string]): string =>
    digitsOf(price, steps.tickSize) + digitsOf(quantity, steps.lotSize);
  return [...book.asks.slice(0, 10), ...book.bids.slice(0, 10)].map(digits).join('');
}

interface Steps {
  readonly tickSize: string;
  readonly lotSize: string;
}

function digitsOf(text: string, step: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const decimals = (step.split('.')[1] ?? '').length;
  return (whole + fraction.padEnd(decimals, '0')).replace(/^0+/, '');
}
