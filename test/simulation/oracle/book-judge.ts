import type { BookView } from '../../../src/domain/quote';
import type { DepthView, Market } from '../../../src/venue-simulator/venue-types';
import type { Findings } from './findings';

interface Frame {
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}
type Level = readonly [string, string];
type Levels = readonly (readonly [number, number])[];
interface Band {
  readonly low: number;
  readonly high: number;
}

interface Book {
  readonly tick: number;
  readonly lot: number;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  /** The last frames of this connection, so that a snapshot of any moment among them can be joined. */
  readonly recent: Frame[];
  /** Prices in ticks between which the last snapshot showed everything. */
  band: Band;
  /** Undefined until a snapshot meets the frames; frames that follow must join on. */
  lastId: number | undefined;
  heardAt: number;
  /** Since when a side has had nobody but us, or the sides have been too far apart to price anything by. */
  thinSince: number | undefined;
  /** Best prices from a moment on, oldest first. */
  readonly bests: { readonly at: number; readonly bid: number; readonly ask: number }[];
}

const ageLimitMs = 5_500;
const decisionMs = 700;
const framesKept = 400;
const farAhead = 50_000;
/** Further apart than the operator lets a price be from its reference, and no middle is a price. */
const widestRatio = 1.02;
const levelsCompared = 20;
const pageLevels = 1_000;
const everything: Band = { low: -Infinity, high: Infinity };

/** What the judge is told beside the frames. */
export interface BookWitness {
  /** Lots of ours that rest at the venue, by price. */
  own(symbol: string): ReadonlyMap<number, number>;
  /** The book the engine decides on; undefined when its units are not those the market was born with. */
  view(symbol: string): Pick<BookView, 'status' | 'sequence' | 'bids' | 'asks'> | undefined;
  /** The venue's own book at this sequence number, when it is known and frames said the truth. */
  top(symbol: string, lastId: number): DepthView | undefined;
}

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
    private readonly seen: BookWitness,
  ) {
    for (const { symbol, tickSize, lotSize } of markets) {
      const book = {
        tick: Number(tickSize),
        lot: Number(lotSize),
        bids: new Map<number, number>(),
        asks: new Map<number, number>(),
      };
      this.books.set(symbol, {
        ...book,
        ...{ recent: [], band: everything },
        lastId: undefined,
        heardAt: 0,
        thinSince: undefined,
        bests: [],
      });
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
    dropStray(book.recent, frame);
    book.recent.push(frame);
    if (book.recent.length > framesKept) book.recent.shift();
    if (book.lastId === undefined || frame.u <= book.lastId) return;
    if (frame.U > book.lastId + 1) return void (book.lastId = undefined);
    apply(book, frame);
    this.keepBest(frame.s, book);
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
    book.band = {
      low: book.bids.size < pageLevels ? -Infinity : Math.min(...book.bids.keys()),
      high: book.asks.size < pageLevels ? Infinity : Math.max(...book.asks.keys()),
    };
    for (const frame of later) {
      if (frame.u <= book.lastId) continue;
      if (frame.U > book.lastId + 1) return void (book.lastId = undefined);
      apply(book, frame);
    }
    this.keepBest(this.symbol, book);
  }

  private keepBest(symbol: string, book: Book): void {
    const at = this.now();
    if (!isThin(book, this.seen.own(symbol))) book.thinSince = undefined;
    else book.thinSince ??= at;
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
    const thinMs = this.now() - (book.thinSince ?? Infinity);
    const isMarket = !(thinMs > decisionMs);
    this.findings.check('I7', isMarket, () => `${id} left ${thinMs} ms after the market was gone`, id);
    this.judgeView(id, order.symbol, book);
    this.judgeTop(id, order.symbol, book);
    const age = this.now() - Math.max(book.heardAt, this.heardAt);
    this.findings.check('I8', age <= ageLimitMs, () => `${id} left ${age} ms after the last frame`, id);
  }

  /** At the same sequence number what was delivered is what the venue has, as far as a snapshot reached. */
  private judgeTop(id: string, symbol: string, book: Book): void {
    const real = this.seen.top(symbol, book.lastId!);
    if (!real) return;
    for (const side of ['bids', 'asks'] as const) {
      const wanted = inBand(real[side], book.band);
      const isBeyond = wanted.length === 0 && real[side].length > 0;
      const shown = JSON.parse(topOf(book, side)) as Levels;
      const isEqual =
        JSON.stringify(inBand(shown, book.band).slice(0, wanted.length)) === JSON.stringify(wanted);
      const says = (): string =>
        `${id}: at ${book.lastId} the venue has ${side} ${JSON.stringify(real[side].slice(0, 3))}, delivered ${JSON.stringify(shown.slice(0, 3))}`;
      this.findings.check('I7', isEqual && !isBeyond, says, id);
    }
  }

  /** At the same sequence number the engine's best levels are those of the frames. */
  private judgeView(id: string, symbol: string, book: Book): void {
    const view = this.seen.view(symbol);
    if (view?.status !== 'synced' || view.sequence !== book.lastId) return;
    for (const side of ['bids', 'asks'] as const) {
      const wanted = topOf(book, side);
      const shown = JSON.stringify(view[side].slice(0, levelsCompared));
      const says = (): string => `${id}: at ${view.sequence} the engine has ${side} ${shown}, not ${wanted}`;
      this.findings.check('I7', shown === wanted, says, id);
    }
  }
}

/** A frame far ahead of the stream, which goes on as if it had not been there, was another market's. */
function dropStray(recent: Frame[], next: Frame): void {
  const last = recent.at(-1);
  if (last && last.U - next.u > farAhead && recent.at(-2)?.u === next.U - 1) recent.pop();
}

/** Levels of the venue that a full page of the last snapshot could have shown. */
const inBand = (levels: Levels, { low, high }: Band): Levels =>
  levels.filter(([price]) => price >= low && price <= high);

function topOf(book: Book, side: 'bids' | 'asks'): string {
  const sign = side === 'bids' ? -1 : 1;
  const levels = [...book[side]].sort(([a], [b]) => sign * (a - b)).slice(0, levelsCompared);
  return JSON.stringify(levels.map(([price, size]) => [price, Math.round(size / book.lot)]));
}

/** Nobody but us on a side, or nothing that a price could be made from. */
function isThin(book: Book, own: ReadonlyMap<number, number>): boolean {
  const isOthers = ([price, size]: readonly [number, number]): boolean =>
    Math.round(size / book.lot) > (own.get(price) ?? 0);
  let [bid, ask] = [-Infinity, Infinity];
  for (const level of book.bids) if (level[0] > bid && isOthers(level)) [bid] = level;
  for (const level of book.asks) if (level[0] < ask && isOthers(level)) [ask] = level;
  return !(ask / bid <= widestRatio && bid > 0);
}

function forget(book: Book): void {
  book.lastId = undefined;
  book.recent.length = 0;
  book.thinSince = undefined;
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
