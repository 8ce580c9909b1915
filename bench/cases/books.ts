import ccxt from 'ccxt';
import createTree from 'functional-red-black-tree';
import type { Tree } from 'functional-red-black-tree';
import { BookSide } from '../../src/modules/execution/trackers/book-side';
import type { DepthStream, Level } from '../streams/depth';

/** What the stream does to a book; `side` 1 is bid, -1 is ask. `top` reads `limit` levels, best first. */
export interface Book {
  load(stream: DepthStream): void;
  set(side: number, ticks: number, lots: number): void;
  top(side: number, limit: number, visit: (ticks: number, lots: number) => void): void;
  /** A copy that later changes do not touch: its best 50 levels are read. */
  copy(visit: (ticks: number, lots: number) => void): void;
}

const depth = 50;

export function flatBook(): Book {
  const bids = new BookSide(1);
  const asks = new BookSide(-1);
  const of = (side: number): BookSide => (side === 1 ? bids : asks);
  const copied = (side: BookSide, visit: (ticks: number, lots: number) => void): void => {
    for (const level of side.top(depth)) visit(level[0], level[1]);
  };
  return {
    load(stream) {
      bids.clear();
      asks.clear();
      for (let i = stream.bids.length - 1; i >= 0; i -= 1) bids.set(...stream.bids[i]!);
      for (let i = stream.asks.length - 1; i >= 0; i -= 1) asks.set(...stream.asks[i]!);
    },
    set: (side, ticks, lots) => of(side).set(ticks, lots),
    top: (side, limit, visit) => of(side).forEach(limit, visit),
    copy(visit) {
      copied(bids, visit);
      copied(asks, visit);
    },
  };
}

interface PeerSide extends ReadonlyArray<Level> {
  store(price: number, size: number): void;
}
interface PeerBook {
  readonly bids: PeerSide;
  readonly asks: PeerSide;
  reset(snapshot: { bids: readonly Level[]; asks: readonly Level[] }): void;
  copy(): PeerBook;
}

/** The book that ccxt.pro keeps itself, loaded by its own batch call. */
export function ccxtBook(): Book {
  const venue = new ccxt.pro.binance();
  const book = (venue as unknown as { orderBook(): PeerBook }).orderBook();
  const read = (side: PeerSide, limit: number, visit: (ticks: number, lots: number) => void): void => {
    for (let i = 0; i < limit && i < side.length; i += 1) visit(side[i]![0], side[i]![1]);
  };
  return {
    // It keeps the rows it is given and writes into them.
    load: ({ bids, asks }) => book.reset({ bids: rowsOf(bids), asks: rowsOf(asks) }),
    set: (side, ticks, lots) => (side === 1 ? book.bids : book.asks).store(ticks, lots),
    top: (side, limit, visit) => read(side === 1 ? book.bids : book.asks, limit, visit),
    copy(visit) {
      const copy = book.copy();
      read(copy.bids, depth, visit);
      read(copy.asks, depth, visit);
    },
  };
}

const rowsOf = (levels: readonly Level[]): Level[] => levels.map(([ticks, lots]) => [ticks, lots]);

/** Persistent trees: a copy is the old root. */
export function treeBook(): Book {
  const byKey = (a: number, b: number): number => a - b;
  let trees = { bids: createTree<number, number>(byKey), asks: createTree<number, number>(byKey) };
  const nameOf = (side: number): 'bids' | 'asks' => (side === 1 ? 'bids' : 'asks');
  const keyOf = (side: number, ticks: number): number => -side * ticks;
  const put = (tree: Tree<number, number>, key: number, lots: number): Tree<number, number> => {
    const at = tree.find(key);
    if (at.valid) return lots > 0 ? at.update(lots) : at.remove();
    return lots > 0 ? tree.insert(key, lots) : tree;
  };
  const read = (side: number, limit: number, visit: (ticks: number, lots: number) => void): void => {
    let left = limit;
    trees[nameOf(side)].forEach((key, lots) => {
      visit(Math.abs(key), lots);
      left -= 1;
      return left === 0;
    });
  };
  return {
    load(stream) {
      trees = { bids: createTree<number, number>(byKey), asks: createTree<number, number>(byKey) };
      for (const [ticks, lots] of stream.bids) trees.bids = trees.bids.insert(keyOf(1, ticks), lots);
      for (const [ticks, lots] of stream.asks) trees.asks = trees.asks.insert(keyOf(-1, ticks), lots);
    },
    set(side, ticks, lots) {
      const name = nameOf(side);
      trees[name] = put(trees[name], keyOf(side, ticks), lots);
    },
    top: read,
    copy(visit) {
      read(1, depth, visit);
      read(-1, depth, visit);
    },
  };
}
