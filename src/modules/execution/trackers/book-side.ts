import type { Lots, Ticks } from '../../../domain/units';
import type { LevelBatch } from '../../../domain/venue-event';

export const maxLevelsPerSide = 10_000;
const shortShift = 24;
const near = 16;

/** One side of a book: integer ticks sorted so that the best price is LAST, sizes in lots beside them. */
export class BookSide {
  private keys = new Int32Array(256);
  private sizes = new Float64Array(256);
  private count = 0;

  /** Bids keep ticks and asks keep negated ticks, so either side ascends towards its best price. */
  constructor(private readonly sign: 1 | -1) {}

  get length(): number {
    return this.count;
  }

  /** Absolute size at a price; zero removes. Zeroing an absent level is normal on real feeds. */
  set(ticks: Ticks, lots: Lots): void {
    this.put(this.sign * ticks, lots, this.count);
  }

  /** Venues list levels best first: each is looked for from where the one before it was, and anywhere if it is not there. */
  setAll({ ticks, lots, length }: LevelBatch): void {
    let end = this.count;
    for (let i = 0; i < length; i += 1) {
      const key = this.sign * ticks[i]!;
      if (end < this.count && this.keys[end]! <= key) end = this.count;
      end = this.put(key, lots[i]!, end);
    }
  }

  /** The key at `end`, if there is one, is above this one. Answers where a lower key may end its search. */
  private put(key: number, lots: Lots, end: number): number {
    const at = this.lastNotAbove(key, end);
    if (at >= 0 && this.keys[at] === key) {
      if (lots > 0) this.sizes[at] = lots;
      else this.remove(at);
      return at;
    }
    if (lots > 0) this.insert(at + 1, key, lots);
    return at + 1;
  }

  clear(): void {
    this.count = 0;
  }

  best(): Ticks | undefined {
    return this.count === 0 ? undefined : this.sign * this.keys[this.count - 1]!;
  }

  bestLots(): Lots {
    return this.count === 0 ? 0 : this.sizes[this.count - 1]!;
  }

  /** The best levels, best first, without a copy. */
  forEach(limit: number, visit: (ticks: Ticks, lots: Lots) => void): void {
    const { keys, sizes, sign } = this;
    const end = Math.max(0, this.count - limit);
    for (let i = this.count - 1; i >= end; i -= 1) visit(sign * keys[i]!, sizes[i]!);
  }

  /** A copy of the best levels as `[ticks, lots]`, best first. */
  top(limit: number): (readonly [Ticks, Lots])[] {
    const levels: (readonly [Ticks, Lots])[] = [];
    this.forEach(limit, (ticks, lots) => void levels.push([ticks, lots]));
    return levels;
  }

  /** Folds ticks and lots into an FNV-1a hash. */
  hash(seed: number): number {
    let hash = seed;
    for (let i = this.count - 1; i >= 0; i -= 1) {
      const lots = this.sizes[i]!;
      hash = Math.imul(hash ^ (this.sign * this.keys[i]!), 0x01000193);
      hash = Math.imul(hash ^ (lots | 0), 0x01000193);
      hash = Math.imul(hash ^ Math.floor(lots / 4_294_967_296), 0x01000193);
    }
    return hash >>> 0;
  }

  /**
   * Index of the last key before `end` that is not above `key`, or -1. Changes gather at the touch, and those of one
   * batch behind each other, so the last 16 are searched first.
   * Halving without a branch: where the next change falls is no habit a processor could learn. Keys of one side have one
   * sign and 31 bits, so their difference fits 32.
   */
  private lastNotAbove(key: number, end: number): number {
    const { keys } = this;
    if (end === 0 || keys[0]! > key) return -1;
    let low = Math.max(0, end - near);
    let length = end - low;
    if (keys[low]! > key) {
      length = low;
      low = 0;
    }
    while (length > 1) {
      const half = length >> 1;
      low += half & ~((key - keys[low + half]!) >> 31);
      length -= half;
    }
    return low;
  }

  private insert(at: number, key: number, lots: Lots): void {
    if (this.count === maxLevelsPerSide) {
      if (at === 0) return;
      this.remove(0);
      return this.insert(at - 1, key, lots);
    }
    if (this.count === this.keys.length) this.grow();
    this.shift(at, this.count, 1);
    this.keys[at] = key;
    this.sizes[at] = lots;
    this.count += 1;
  }

  private remove(at: number): void {
    this.shift(at + 1, this.count, -1);
    this.count -= 1;
  }

  /** Moves the elements [from, to) by one place; a plain loop beats a memory move for a few elements. */
  private shift(from: number, to: number, by: 1 | -1): void {
    if (to - from > shortShift) {
      this.keys.copyWithin(from + by, from, to);
      this.sizes.copyWithin(from + by, from, to);
    } else this.shiftFew(from, to, by);
  }

  private shiftFew(from: number, to: number, by: 1 | -1): void {
    const { keys, sizes } = this;
    if (by === 1) {
      for (let i = to; i > from; i -= 1) {
        keys[i] = keys[i - 1]!;
        sizes[i] = sizes[i - 1]!;
      }
    } else {
      for (let i = from; i < to; i += 1) {
        keys[i - 1] = keys[i]!;
        sizes[i - 1] = sizes[i]!;
      }
    }
  }

  private grow(): void {
    const keys = new Int32Array(this.keys.length * 2);
    const sizes = new Float64Array(this.sizes.length * 2);
    keys.set(this.keys);
    sizes.set(this.sizes);
    this.keys = keys;
    this.sizes = sizes;
  }
}
