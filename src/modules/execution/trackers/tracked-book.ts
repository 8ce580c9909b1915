import type { ClientOrder } from '../../../domain/order';
import type { BookView, Touch } from '../../../domain/quote';
import type { Lots, Mono, Ticks } from '../../../domain/units';
import { bookAgeMaxMs } from '../common/constants';
import type { LocalOrderBook } from './local-order-book';

/** An own order as far as the book cares: what of it may be part of a level. */
export type RestingOrder = Pick<ClientOrder, 'side' | 'price' | 'quantity' | 'maxFilled'>;

type Levels = readonly (readonly [Ticks, Lots])[];
/** The copy of a book that one tick's decisions share. Own size is still in it. */
export interface PublishedBook {
  readonly version: number;
  readonly sequence: number;
  readonly bids: Levels;
  readonly asks: Levels;
  readonly touch: Touch | undefined;
}

const viewLevels = 50;

/** Copies the best levels; frozen, because every session on the book reads the same copy. */
export function publish(book: LocalOrderBook): PublishedBook {
  const bids = Object.freeze(book.bids.top(viewLevels));
  const asks = Object.freeze(book.asks.top(viewLevels));
  const bid = bids[0]?.[0];
  const ask = asks[0]?.[0];
  const touch = bid === undefined || ask === undefined ? undefined : Object.freeze({ bid, ask });
  return Object.freeze({ version: book.version, sequence: book.lastId, bids, asks, touch });
}

export interface BookAges {
  readonly aliveAt: Mono | undefined;
  readonly changedAt: Mono | undefined;
  readonly staleAfterMs: number;
  readonly now: Mono;
}

/** Ages of a book of which nothing has been heard. */
export const neverAlive = { aliveAt: undefined, changedAt: undefined, staleAfterMs: bookAgeMaxMs };

/** The levels of a published copy less what of them is ours. */
export interface NetLevels {
  readonly of: PublishedBook;
  readonly own: readonly RestingOrder[];
  readonly bids: Levels;
  readonly asks: Levels;
}

/** `known` when it was made of the same: the sessions of a market ask with the same list until an order changes. */
export function netOf(
  of: PublishedBook,
  own: readonly RestingOrder[],
  known: NetLevels | undefined,
): NetLevels {
  if (known?.of === of && known.own === own) return known;
  return { of, own, bids: without(of.bids, own, 'buy'), asks: without(of.asks, own, 'sell') };
}

/** A published copy as a strategy sees it: own resting size removed, ages at this moment. */
export function viewOf({ of: published, bids, asks }: NetLevels, ages: BookAges): BookView {
  const isEmpty = published.bids.length === 0 && published.asks.length === 0;
  return Object.freeze({
    status: isEmpty ? 'empty' : 'synced',
    problem: isEmpty ? 'the book holds no levels' : '',
    sequence: published.sequence,
    ...agesOf(ages),
    bids,
    asks,
    publicTouch: published.touch,
  });
}

export function invalidView(problem: string, sequence: number, ages: BookAges): BookView {
  const nothing: Levels = Object.freeze([]);
  const empty = { bids: nothing, asks: nothing, publicTouch: undefined };
  return Object.freeze({ status: 'invalid', problem, sequence, ...agesOf(ages), ...empty });
}

const agesOf = ({ aliveAt, changedAt, staleAfterMs, now }: BookAges) => ({
  staleAfterMs,
  livenessAgeMs: aliveAt === undefined ? Infinity : now - aliveAt,
  changeAgeMs: changedAt === undefined ? Infinity : now - changedAt,
});

/** Levels less what of them is ours; a level that is ours alone disappears. */
function without(levels: Levels, own: readonly RestingOrder[], side: RestingOrder['side']): Levels {
  const mine = own.filter((order) => order.side === side);
  let left: (readonly [Ticks, Lots])[] | undefined; // Made at the first level that holds something of ours.
  for (let i = 0; mine.length > 0 && i < levels.length; i += 1) {
    const level = levels[i]!;
    const ours = restAt(mine, level[0]);
    if (ours === 0) left?.push(level);
    else {
      left ??= levels.slice(0, i);
      if (level[1] > ours) left.push([level[0], level[1] - ours]);
    }
  }
  return left ? Object.freeze(left) : levels;
}

/** A dozen orders at most: looking through them costs less than an index for every tick. */
function restAt(orders: readonly RestingOrder[], ticks: Ticks): Lots {
  let rest = 0;
  for (const order of orders)
    if (order.price === ticks) rest += Math.max(0, order.quantity - order.maxFilled);
  return rest;
}
