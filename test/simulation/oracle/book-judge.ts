import type { Market } from '../../../src/venue-simulator/venue-types';
import type { Findings } from './findings';

interface Frame {
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}
type Level = readonly [string, string];

interface Book {
  readonly tick: number;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  /** The last frames of this connection, so that a snapshot of any moment among them can be joined. */
  readonly recent: Frame[];
  /** Undefined until a snapshot meets the frames; frames that follow must join on. */
  lastId: number | undefined;
  heardAt: number;
  /** Best prices from a moment on, oldest first. */
  readonly bests: { readonly at: number; readonly bid: number; readonly ask: number }[];
}

const ageLimitMs = 5_500;
const decisionMs = 700;
const framesKept = 400;

/** I7 and I8: a book of its own, made from what was delivered to one engine, asked when a create leaves. */
export class BookJudge {
  private readonly books = new Map<string, Book>();
  private isOpen = false;
  private heardAt = 0;
  private symbol = '';

  constructor(
    private readonly findings: Findings,
    markets: readonly Market[],
    private readonly now: () => number,
  ) {
    for (const { symbol, tickSize } of markets) {
      const book = {
        tick: Number(tickSize),
        bids: new Map<number, number>(),
        asks: new Map<number, number>(),
      };
      this.books.set(symbol, { recent: [], lastId: undefined, heardAt: 0, bests: [], ...book });
    }
  }

  about(symbol: string): void {
    this.symbol = symbol;
  }

  connected(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.heardAt = this.now();
    for (const book of this.books.values()) forget(book);
  }

  frame(text: string): void {
    this.heardAt = this.now();
    if (!text.includes('"depthUpdate"')) return;
    const json = parse(text);
    const frame = (json?.['data'] ?? json) as (Frame & { readonly s: string }) | undefined;
    const book = frame && this.books.get(frame.s);
    if (!book) return;
    book.heardAt = this.now();
    book.recent.push(frame);
    if (book.recent.length > framesKept) book.recent.shift();
    if (book.lastId === undefined || frame.u <= book.lastId) return;
    if (frame.U > book.lastId + 1) return void (book.lastId = undefined);
    apply(book, frame);
    this.keepBest(book);
  }

  /** The other side of the connection answered. */
  alive(): void {
    this.heardAt = this.now();
  }

  /** The answer to a request for a snapshot. */
  snapshot(row: Readonly<Record<string, unknown>>): void {
    const book = this.books.get(this.symbol);
    const lastId = row['lastUpdateId'];
    if (!book || typeof lastId !== 'number') return;
    const later = book.recent.filter((frame) => frame.u > lastId);
    if (later[0] && later[0].U > lastId + 1) return; // Older than what was heard: asked for again.
    book.lastId = lastId;
    book.bids.clear();
    book.asks.clear();
    fill(book.bids, row['bids'] as readonly Level[], book.tick);
    fill(book.asks, row['asks'] as readonly Level[], book.tick);
    for (const frame of later) {
      if (frame.u <= book.lastId) continue;
      if (frame.U > book.lastId + 1) return void (book.lastId = undefined);
      apply(book, frame);
    }
    this.keepBest(book);
  }

  private keepBest(book: Book): void {
    const at = this.now();
    book.bests.push({ at, ...bestOf(book) });
    while (book.bests.length > 1 && book.bests[1]!.at < at - decisionMs) book.bests.shift();
  }

  judge(
    id: string,
    order: { readonly symbol: string; readonly side: 'buy' | 'sell'; readonly ticks: number },
  ): void {
    const book = this.books.get(order.symbol)!;
    const isWhole = this.isOpen && book.lastId !== undefined;
    this.findings.check(
      'I7',
      isWhole,
      () => `${id} left with ${this.isOpen ? 'a gap in' : 'no'} delivered book`,
      id,
    );
    if (!isWhole) return;
    const { bid, ask } = bestOf(book);
    const isCrossed = book.bests.every((best) => best.bid >= best.ask);
    this.findings.check('I7', !isCrossed, () => `${id} left over a crossed book ${bid} ${ask}`, id);
    // Decided on a book of this tick; what arrived while it was committed may have moved the price.
    const isMaker = book.bests.some(({ bid: b, ask: a }) =>
      order.side === 'buy' ? order.ticks < a : order.ticks > b,
    );
    this.findings.check('I7', isMaker, () => `${id} ${order.side} at ${order.ticks} over ${bid}/${ask}`, id);
    const age = this.now() - Math.max(book.heardAt, this.heardAt);
    this.findings.check('I8', age <= ageLimitMs, () => `${id} left ${age} ms after the last frame`, id);
  }
}

function forget(book: Book): void {
  book.lastId = undefined;
  book.recent.length = 0;
  book.bests.length = 0;
}

function bestOf({ bids, asks }: Book): { readonly bid: number; readonly ask: number } {
  let [bid, ask] = [-Infinity, Infinity];
  for (const price of bids.keys()) if (price > bid) bid = price;
  for (const price of asks.keys()) if (price < ask) ask = price;
  return { bid, ask };
}

function apply(book: Book, frame: Frame): void {
  fill(book.bids, frame.b, book.tick);
  fill(book.asks, frame.a, book.tick);
  book.lastId = frame.u;
}

function fill(side: Map<number, number>, levels: readonly Level[], tick: number): void {
  for (const [price, size] of levels) {
    const ticks = Math.round(Number(price) / tick);
    const quantity = Number(size);
    if (quantity === 0) side.delete(ticks);
    else side.set(ticks, quantity);
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
