import createTree from 'functional-red-black-tree';
import type { BookSide, Level, Resting } from './book-types';

/**
 * One side of a book: levels in price order in a persistent tree, found by price in a map, with the best one cached.
 * The tree is touched only when a level appears or disappears.
 */
export class LevelSide {
  private tree = createTree<number, Level>((a, b) => a - b);
  private readonly byTicks = new Map<number, Level>();
  private readonly changed = new Set<number>();
  best: Level | undefined;

  constructor(private readonly side: BookSide) {}

  add(order: Omit<Resting, 'level' | 'previous' | 'next'>): Resting {
    const level = this.byTicks.get(order.ticks) ?? this.open(order.ticks);
    const resting: Resting = { ...order, level, previous: level.last, next: undefined };
    if (level.last) level.last.next = resting;
    else level.first = resting;
    level.last = resting;
    level.lots += order.lots;
    this.changed.add(level.ticks);
    return resting;
  }

  /** Takes lots off a resting order; one that reaches zero leaves the level. */
  reduce(order: Resting, lots: number): void {
    order.lots -= lots;
    order.level.lots -= lots;
    this.changed.add(order.ticks);
    if (order.lots === 0) this.unlink(order);
  }

  /** Levels from the best outwards until the visitor answers false. */
  walk(visit: (level: Level) => boolean): void {
    const each = (_ticks: number, level: Level): true | undefined => (visit(level) ? undefined : true);
    if (this.side === 'sell') {
      this.tree.forEach(each);
      return;
    }
    for (let at = this.tree.end; at.valid; at.prev()) if (!visit(at.value!)) return;
  }

  lotsAt(ticks: number): number {
    return this.byTicks.get(ticks)?.lots ?? 0;
  }

  /** Prices whose quantity changed since the last call. */
  takeChanged(): readonly number[] {
    const ticks = [...this.changed];
    this.changed.clear();
    return ticks;
  }

  private open(ticks: number): Level {
    const level: Level = { ticks, lots: 0, first: undefined, last: undefined };
    this.byTicks.set(ticks, level);
    this.tree = this.tree.insert(ticks, level);
    if (!this.best || this.isBetter(ticks, this.best.ticks)) this.best = level;
    return level;
  }

  private unlink(order: Resting): void {
    const { level, previous, next } = order;
    if (previous) previous.next = next;
    else level.first = next;
    if (next) next.previous = previous;
    else level.last = previous;
    if (level.first) return;
    this.byTicks.delete(level.ticks);
    this.tree = this.tree.remove(level.ticks);
    if (this.best === level) this.best = (this.side === 'sell' ? this.tree.begin : this.tree.end).value;
  }

  private isBetter(a: number, b: number): boolean {
    return this.side === 'sell' ? a < b : a > b;
  }
}
