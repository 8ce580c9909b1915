import { bookAgeMinMs, bookAgeMaxMs } from '../common/constants';

const kept = 256;
const enough = 64;
const between = 32;
const factor = 4;

/**
 * How old a book may get, learned from the gaps between its own changes: four times their 99th percentile, between
 * 0.5 and 5 s. A liquid book is missed soon, and a quiet one is left alone.
 */
export class UpdateGaps {
  private readonly gapsMs = new Float64Array(kept);
  private seen = 0;
  private limit = bookAgeMaxMs;

  get limitMs(): number {
    return this.limit;
  }

  add(gapMs: number): void {
    this.gapsMs[this.seen % kept] = gapMs;
    this.seen += 1;
    if (this.seen < enough || this.seen % between !== 0) return;
    const sorted = this.gapsMs.slice(0, Math.min(this.seen, kept)).sort();
    const percentile = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
    this.limit = Math.min(bookAgeMaxMs, Math.max(bookAgeMinMs, factor * percentile));
  }
}
