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

/** One side: its levels in one list, the best one last. Most levels come and go near the best, so that few move. */
class BookSide {
  private readonly levels: Level[] = [];

  /** Bids rise towards their best price and asks fall. */
  constructor(private readonly sign: 1 | -1) {}

  get best(): Level | undefined {
    return this.levels[this.levels.length - 1];
  }

  add(order: Resting): Level {
    const at = this.indexOf(order.price);
    let level = this.levels[at];
    if (level?.price !== order.price) {
      level = { price: order.price, lots: 0, orders: [] };
      if (at === this.levels.length) this.levels.push(level);
      else this.levels.splice(at, 0, level);
    }
    level.orders.push(order);
    level.lots += order.lots;
    return level;
  }

  /** Takes lots off an order; the order and its level go when nothing is left. Returns what the level still shows. */
  reduce(order: Resting, lots: Lots): Lots {
    const at = this.indexOf(order.price);
    const level = this.levels[at]!;
    order.lots -= lots;
    level.lots -= lots;
    if (order.lots === 0) leave(level.orders, order);
    if (level.orders.length > 0) return level.lots;
    if (at === this.levels.length - 1) this.levels.pop();
    else this.levels.splice(at, 1);
    return 0;
  }

  /** The best of the first levels where an account has an order. */
  bestOf(account: string, depth: number): Ticks | undefined {
    const end = Math.max(0, this.levels.length - depth);
    for (let i = this.levels.length - 1; i >= end; i -= 1)
      if (hasOrderOf(this.levels[i]!, account)) return this.levels[i]!.price;
    return undefined;
  }

  top(count: number): readonly (readonly [Ticks, Lots])[] {
    const rows: (readonly [Ticks, Lots])[] = [];
    const end = Math.max(0, this.levels.length - count);
    for (let i = this.levels.length - 1; i >= end; i -= 1)
      rows.push([this.levels[i]!.price, this.levels[i]!.lots]);
    return rows;
  }

  /** Where the level of a price stands, or would stand. */
  private indexOf(price: Ticks): number {
    const { levels, sign } = this;
    let [low, high] = [0, levels.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sign * levels[middle]!.price < sign * price) low = middle + 1;
      else high = middle;
    }
    return low;
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
  private readonly sides = { buy: new BookSide(1), sell: new BookSide(-1) };
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
