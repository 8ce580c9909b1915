import type { Lots, Ticks } from '../../domain/units';
import type { DepthView } from '../venue-types';

type Levels = DepthView['bids'];

/** What happened to the first levels of a book between two looks at it, and the ids used meanwhile. */
export interface BookChange {
  readonly first: number;
  readonly last: number;
  /** A size of 0 takes the level away. */
  readonly bids: Levels;
  readonly asks: Levels;
}

/** The first levels of one book as its subscribers know them. */
export class BookView {
  private shown: DepthView;

  constructor(depth: DepthView) {
    this.shown = depth;
  }

  get whole(): DepthView {
    return this.shown;
  }

  /** Undefined while no id has been used. A change beyond these levels uses ids and shows no level. */
  take(depth: DepthView): BookChange | undefined {
    const before = this.shown;
    if (depth.updateId === before.updateId) return undefined;
    this.shown = depth;
    return {
      first: before.updateId + 1,
      last: depth.updateId,
      bids: changesOf(before.bids, depth.bids),
      asks: changesOf(before.asks, depth.asks),
    };
  }
}

function changesOf(before: Levels, now: Levels): Levels {
  const left = new Map<Ticks, Lots>(before);
  const changes: (readonly [Ticks, Lots])[] = [];
  for (const [price, lots] of now) {
    if (left.get(price) !== lots) changes.push([price, lots]);
    left.delete(price);
  }
  for (const price of left.keys()) changes.push([price, 0]);
  return changes;
}
