import type { Lots, Ticks } from '../../domain/units';
import type { DepthView, VenueCore } from '../venue-types';

type Levels = DepthView['bids'];

/** What happened to the first levels of a book between two looks at it, and the ids used meanwhile. */
export interface BookChange {
  readonly first: number;
  readonly last: number;
  /** A size of 0 takes the level away. */
  readonly bids: Levels;
  readonly asks: Levels;
}

/** The first levels of a book now: those seen before while no id has been used since, as most looks find. */
export function depthSince(seen: DepthView, core: VenueCore, symbol: string, levels: number): DepthView {
  return core.depth(symbol, 0).updateId === seen.updateId ? seen : core.depth(symbol, levels);
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
      bids: changesOf(before.bids, depth.bids, -1),
      asks: changesOf(before.asks, depth.asks, 1),
    };
  }
}

/**
 * What is there and was not, best first, and behind it what is gone. Both come best first, so one walk along the two
 * finds it. `way` is 1 where prices rise from the best, -1 where they fall.
 */
function changesOf(before: Levels, now: Levels, way: 1 | -1): Levels {
  const changes: (readonly [Ticks, Lots])[] = [];
  const gone: (readonly [Ticks, Lots])[] = [];
  let at = 0;
  for (const level of now) {
    const place = level[0] * way;
    for (; at < before.length && before[at]![0] * way < place; at += 1) gone.push([before[at]![0], 0]);
    const isThere = at < before.length && before[at]![0] === level[0];
    if (!isThere || before[at]![1] !== level[1]) changes.push(level);
    if (isThere) at += 1;
  }
  for (; at < before.length; at += 1) gone.push([before[at]![0], 0]);
  return gone.length === 0 ? changes : changes.concat(gone);
}
