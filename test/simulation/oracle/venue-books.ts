import type { Side } from '../../../src/domain/units';
import type { CoreEvent, VenueCore } from '../../../src/venue-simulator/venue-types';

/** Lots by price in ticks. */
export interface Sides {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
}

interface Change {
  readonly updateId: number;
  readonly side: Side;
  readonly price: number;
  readonly lots: number;
}

interface Copy extends Sides {
  /** Changes of the record that are in it. */
  applied: number;
}

const wholeBook = 100_000;

/** What each book of the venue was at each of its own sequence numbers: the start, and every change since. */
export class VenueBooks {
  private readonly records = new Map<string, { readonly start: Sides; readonly changes: Change[] }>();
  /** One copy per reader and book, carried forward only as far as somebody asks. */
  private readonly copies = new Map<string, Copy>();

  constructor(core: VenueCore) {
    for (const { symbol } of core.markets) {
      const { bids, asks } = core.depth(symbol, wholeBook);
      this.records.set(symbol, { start: { bids: new Map(bids), asks: new Map(asks) }, changes: [] });
    }
    core.onEvent((event) => event.type === 'depth' && this.changed(event), ['depth']);
  }

  /** The book as it was after this update. Readers that ask for ever later moments pay for the changes alone. */
  at(reader: string, symbol: string, updateId: number): Sides {
    const { start, changes } = this.records.get(symbol)!;
    const key = `${reader}|${symbol}`;
    let copy = this.copies.get(key);
    if (!copy || isAhead(changes, copy.applied, updateId)) copy = copyOf(start);
    this.copies.set(key, copy);
    while (copy.applied < changes.length && changes[copy.applied]!.updateId <= updateId) {
      const { side, price, lots } = changes[copy.applied]!;
      const levels = side === 'buy' ? copy.bids : copy.asks;
      if (lots > 0) levels.set(price, lots);
      else levels.delete(price);
      copy.applied += 1;
    }
    return copy;
  }

  private changed({ symbol, updateId, side, price, quantity }: Extract<CoreEvent, { type: 'depth' }>): void {
    this.records.get(symbol)!.changes.push({ updateId, side, price, lots: quantity });
  }
}

const isAhead = (changes: readonly Change[], applied: number, updateId: number): boolean =>
  applied > 0 && changes[applied - 1]!.updateId > updateId;

const copyOf = ({ bids, asks }: Sides): Copy => ({ bids: new Map(bids), asks: new Map(asks), applied: 0 });
