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
    this.limit = Math.min(bookAgeMaxMs, Math.max(bookAgeMinMs, factor * this.percentile()));
  }

  /** The 99th of at most 256 gaps is one of the three longest: finding those takes no sort, which every frame would pay. */
  private percentile(): number {
    const count = Math.min(this.seen, kept);
    let [first, second, third] = [0, 0, 0];
    for (let i = 0; i < count; i += 1) {
      const gap = this.gapsMs[i]!;
      if (gap > first) [first, second, third] = [gap, first, second];
      else if (gap > second) [second, third] = [gap, second];
      else if (gap > third) third = gap;
    }
    return [first, second, third][count - Math.ceil(count * 0.99)]!;
  }
}
