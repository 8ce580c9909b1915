import type { CoreEvent, VenueCore } from '../../../src/venue-simulator/venue-types';

/** Lots by price in ticks. */
export interface Sides {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
}

interface Copy extends Sides {
  /** Fields of the record that are in it. */
  applied: number;
}

/** A book as it was first, and what has changed since, one after another: the update's id, the side, the price, the lots. */
interface History {
  readonly start: Sides;
  readonly changes: number[];
}

const fieldsOfChange = 4;
const [buys, sells] = [0, 1];

const wholeBook = 100_000;

/** What each book of the venue was at each of its own sequence numbers: the start, and every change since. */
export class VenueBooks {
  private readonly records = new Map<string, History>();
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
    let at = copy.applied;
    for (; at < changes.length && changes[at]! <= updateId; at += fieldsOfChange) {
      const levels = changes[at + 1] === buys ? copy.bids : copy.asks;
      const [price, lots] = [changes[at + 2]!, changes[at + 3]!];
      if (lots > 0) levels.set(price, lots);
      else levels.delete(price);
    }
    copy.applied = at;
    return copy;
  }

  private changed({ symbol, updateId, side, price, quantity }: Extract<CoreEvent, { type: 'depth' }>): void {
    this.records.get(symbol)!.changes.push(updateId, side === 'buy' ? buys : sells, price, quantity);
  }
}

const isAhead = (changes: readonly number[], applied: number, updateId: number): boolean =>
  applied > 0 && changes[applied - fieldsOfChange]! > updateId;

const copyOf = ({ bids, asks }: Sides): Copy => ({ bids: new Map(bids), asks: new Map(asks), applied: 0 });
