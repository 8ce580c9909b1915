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
  /** One copy per book and reader, carried forward only as far as somebody asks. */
  private readonly copies = new Map<string, Map<string, Copy>>();

  constructor(core: VenueCore) {
    for (const { symbol } of core.markets) {
      const { bids, asks } = core.depth(symbol, wholeBook);
      this.copies.set(symbol, new Map());
      this.records.set(symbol, { start: { bids: new Map(bids), asks: new Map(asks) }, changes: [] });
    }
    core.onEvent((event) => event.type === 'depth' && this.changed(event), ['depth']);
  }

  /** The book as it was after this update. Readers that ask for ever later moments pay for the changes alone. */
  at(reader: string, symbol: string, updateId: number): Sides {
    const { changes } = this.records.get(symbol)!;
    const copies = this.copies.get(symbol)!;
    let copy = copies.get(reader);
    if (!copy || isAhead(changes, copy.applied, updateId)) copy = this.begin(symbol, updateId);
    copies.set(reader, copy);
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

  /** From the copy of another reader where one has come as far: most of what has changed is in it already. */
  private begin(symbol: string, updateId: number): Copy {
    const { start, changes } = this.records.get(symbol)!;
    let nearest: Sides & { readonly applied: number } = { ...start, applied: 0 };
    for (const copy of this.copies.get(symbol)!.values())
      if (copy.applied > nearest.applied && !isAhead(changes, copy.applied, updateId)) nearest = copy;
    return { bids: new Map(nearest.bids), asks: new Map(nearest.asks), applied: nearest.applied };
  }

  private changed({ symbol, updateId, side, price, quantity }: Extract<CoreEvent, { type: 'depth' }>): void {
    this.records.get(symbol)!.changes.push(updateId, side === 'buy' ? buys : sells, price, quantity);
  }
}

const isAhead = (changes: readonly number[], applied: number, updateId: number): boolean =>
  applied > 0 && changes[applied - fieldsOfChange]! > updateId;
