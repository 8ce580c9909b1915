import type { LevelBatch } from '../domain/venue-event';

export interface Best {
  readonly ticks: number;
  readonly lots: number;
}

export interface Top {
  readonly bid: Best | undefined;
  readonly ask: Best | undefined;
}

export type Verdict = 'equal' | 'unseen' | 'mismatch';

/**
 * Judges one side of a book against the venue's own best price.
 *
 * A book that began with a snapshot must be equal in price and size. A book that began empty knows only the levels
 * that changed since. There the venue's best may be `unseen`, and only when it rested there unchanged from before
 * the beginning. So a level is known, and must be equal, once a depth frame named its price, or once the venue's
 * best prices themselves proved that it changed after the beginning: its size differed between two of them, or it
 * appeared better than the best before it. A book that shows a better price than the venue is always wrong.
 */
export class SideJudge {
  private readonly known = new Set<number>();
  private readonly sizes = new Map<number, number>();
  private last: number | undefined;

  /** `sign`: 1 when a higher price is better. */
  constructor(
    private readonly sign: 1 | -1,
    private complete: boolean,
  ) {}

  /** Begins anew, from a snapshot or from nothing. */
  begin(complete: boolean): void {
    this.complete = complete;
    this.known.clear();
    this.sizes.clear();
    this.last = undefined;
  }

  depth(batch: LevelBatch): void {
    if (this.complete) return;
    for (let i = 0; i < batch.length; i += 1) this.known.add(batch.ticks[i]!);
  }

  /** A best price of the venue from after the beginning. */
  ticker(best: Best): void {
    if (this.complete) return;
    const before = this.sizes.get(best.ticks);
    const isNew = this.last !== undefined && this.sign * best.ticks > this.sign * this.last;
    if (isNew || (before !== undefined && before !== best.lots)) this.known.add(best.ticks);
    this.sizes.set(best.ticks, best.lots);
    this.last = best.ticks;
  }

  judge(book: Best | undefined, venue: Best): Verdict {
    if (book && book.ticks === venue.ticks && book.lots === venue.lots) return 'equal';
    if (this.complete || this.known.has(venue.ticks)) return 'mismatch';
    return book && this.sign * book.ticks >= this.sign * venue.ticks ? 'mismatch' : 'unseen';
  }
}
