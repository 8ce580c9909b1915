import type { LevelBatch } from '../../../domain/venue-event';
import { maxLots, maxTicks } from '../../../domain/instrument';
import { offGrid } from './decimal-grid';
import type { DecimalGrid } from './decimal-grid';

/** The grids of one instrument. */
export interface Grids {
  readonly price: DecimalGrid;
  readonly quantity: DecimalGrid;
}

/** A `LevelBatch` that is filled anew for every frame and grows to the longest one seen. */
export class LevelBuffer implements LevelBatch {
  ticks = new Int32Array(128);
  lots = new Float64Array(128);
  length = 0;

  /** Reads `[[price, quantity], …]`. The text of the first level that is off the grid, or undefined when all fit. */
  fill(levels: readonly unknown[], grids: Grids): string | undefined {
    this.begin(levels.length);
    for (const level of levels) {
      const [price, quantity] = level as readonly unknown[];
      if (typeof price !== 'string' || typeof quantity !== 'string') return 'a level is not two strings';
      const ticks = grids.price.units(price);
      const lots = grids.quantity.amount(quantity);
      if (ticks <= offGrid || ticks >= maxTicks || lots <= offGrid || lots >= maxLots)
        return `${price} × ${quantity}`;
      this.ticks[this.length] = ticks;
      this.lots[this.length] = lots;
      this.length += 1;
    }
    return undefined;
  }

  /** Empties it and makes room for so many levels. */
  begin(needed: number): void {
    this.length = 0;
    if (needed <= this.ticks.length) return;
    this.ticks = new Int32Array(needed * 2);
    this.lots = new Float64Array(needed * 2);
  }
}
