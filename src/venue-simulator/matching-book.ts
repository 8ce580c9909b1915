import createTree from 'functional-red-black-tree';
import type { Lots, Side, Ticks } from '../domain/units';

/** An order resting in the book. `lots` is what is left of it. */
export interface Resting {
  readonly orderId: number;
  readonly account: string;
  readonly side: Side;
  readonly price: Ticks;
  lots: Lots;
}

interface Level {
  readonly price: Ticks;
  lots: Lots;
  /** In order of arrival. Few stand at one price, so a list is cheaper than a map for each level. */
  readonly orders: Resting[];
}

/** One side: levels in a persistent red-black tree, touched only when a level appears or goes; the best one cached. */
class BookSide {
  private tree: createTree.Tree<number, Level>;
  private readonly levels = new Map<Ticks, Level>();
  best: Level | undefined;

  constructor(private readonly side: Side) {
    this.tree = createTree(
      side === 'buy' ? (a: number, b: number) => b - a : (a: number, b: number) => a - b,
    );
  }

  add(order: Resting): Level {
    let level = this.levels.get(order.price);
    if (!level) {
      level = { price: order.price, lots: 0, orders: [] };
      this.levels.set(order.price, level);
      this.tree = this.tree.insert(order.price, level);
      if (!this.best || this.isBetter(order.price, this.best.price)) this.best = level;
    }
    level.orders.push(order);
    level.lots += order.lots;
    return level;
  }

  /** Takes lots off an order; the order and its level go when nothing is left. Returns what the level still shows. */
  reduce(order: Resting, lots: Lots): Lots {
    const level = this.levels.get(order.price)!;
    order.lots -= lots;
    level.lots -= lots;
    if (order.lots === 0) leave(level.orders, order);
    if (level.orders.length > 0) return level.lots;
    this.levels.delete(level.price);
    this.tree = this.tree.remove(level.price);
    if (level === this.best) this.best = this.tree.length > 0 ? this.tree.begin.value : undefined;
    return 0;
  }

  /** The best of the first levels where an account has an order. */
  bestOf(account: string, depth: number): Ticks | undefined {
    // Nearly always the best level of all has one.
    if (!this.best || hasOrderOf(this.best, account)) return this.best?.price;
    const it = this.tree.begin;
    for (let seen = 0; it.valid && seen < depth; seen += 1) {
      if (hasOrderOf(it.value!, account)) return it.key!;
      it.next();
    }
    return undefined;
  }

  private isBetter(price: Ticks, than: Ticks): boolean {
    return this.side === 'buy' ? price > than : price < than;
  }

  top(count: number): readonly (readonly [Ticks, Lots])[] {
    if (count === 1) return this.best ? [[this.best.price, this.best.lots]] : [];
    const rows: (readonly [Ticks, Lots])[] = [];
    for (const it = this.tree.begin; it.valid && rows.length < count; it.next()) {
      rows.push([it.key!, it.value!.lots]);
    }
    return rows;
  }
}

function hasOrderOf({ orders }: Level, account: string): boolean {
  for (const order of orders) if (order.account === account) return true;
  return false;
}

/** Trades take the first; a cancel takes any. */
function leave(orders: Resting[], order: Resting): void {
  if (orders[0] === order) orders.shift();
  else orders.splice(orders.indexOf(order), 1);
}

export interface Match {
  readonly maker: Resting;
  readonly lots: Lots;
  readonly price: Ticks;
}

/** Price-time priority on integer ticks and lots. Knows no balances and no ids but those it is given. */
export class MatchingBook {
  private readonly sides = { buy: new BookSide('buy'), sell: new BookSide('sell') };
  private readonly resting = new Map<number, Resting>();

  bestOf(side: Side): Ticks | undefined {
    return this.sides[side].best?.price;
  }

  /** The best price at which this account rests, among the first levels of the side. */
  bestOfAccount(side: Side, account: string, depth: number): Ticks | undefined {
    return this.sides[side].bestOf(account, depth);
  }

  /** Whether a taker of this side and limit would meet anybody. */
  isMet(taker: Side, limit: Ticks | undefined): boolean {
    const level = this.sides[taker === 'buy' ? 'sell' : 'buy'].best;
    return level !== undefined && reaches(taker, limit, level.price);
  }

  /** The order a taker of this side and limit would meet first. */
  firstMatch(taker: Side, limit: Ticks | undefined): Resting | undefined {
    if (!this.isMet(taker, limit)) return undefined;
    return this.sides[taker === 'buy' ? 'sell' : 'buy'].best!.orders[0];
  }

  /** Lots a taker could get down to its limit, orders of its own account left out. */
  available(taker: Side, limit: Ticks | undefined, account: string): Lots {
    let sum = 0;
    for (const order of this.resting.values()) {
      const isOpposite = order.side !== taker && order.account !== account;
      if (isOpposite && reaches(taker, limit, order.price)) sum += order.lots;
    }
    return sum;
  }

  add(order: Resting): Lots {
    this.resting.set(order.orderId, order);
    return this.sides[order.side].add(order).lots;
  }

  reduce(order: Resting, lots: Lots): Lots {
    if (order.lots === lots) this.resting.delete(order.orderId);
    return this.sides[order.side].reduce(order, lots);
  }

  get(orderId: number): Resting | undefined {
    return this.resting.get(orderId);
  }

  depth(count: number): {
    readonly bids: readonly (readonly [Ticks, Lots])[];
    readonly asks: readonly (readonly [Ticks, Lots])[];
  } {
    return { bids: this.sides.buy.top(count), asks: this.sides.sell.top(count) };
  }
}

const reaches = (taker: Side, limit: Ticks | undefined, price: Ticks): boolean =>
  limit === undefined || (taker === 'buy' ? price <= limit : price >= limit);
