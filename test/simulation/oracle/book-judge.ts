import type { Market } from '../../../src/venue-simulator/venue-types';
import type { BookWord } from '../l2/dialect-reader';
import type { BookTruth } from './book-truth';
import type { Findings } from './findings';

interface Frame {
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}
type Level = readonly [string, string];
interface Best {
  readonly bid: number;
  readonly ask: number;
}
type HeardFrame = Frame & { readonly isVenues: boolean };

interface Book {
  readonly tick: number;
  readonly lot: number;
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  /** Of the levels above; undefined where the best level is gone and nobody has looked for the next one. */
  bestBid: number | undefined;
  bestAsk: number | undefined;
  /** The highest update id among the last frames, so that most of them need not be looked through. */
  heardUpTo: number;
  /** The last frames of this connection, so that a snapshot of any moment among them can be joined. */
  readonly recent: HeardFrame[];
  /** Undefined until a snapshot meets the frames; frames that follow must join on. */
  lastId: number | undefined;
  heardAt: number;
  /** Since when no snapshot joins the frames. */
  lostAt: number;
  /** It has crossed since the last snapshot: something in it is wrong, whatever it shows now. */
  wasCrossed: boolean;
  /** All of it is the venue's own word. */
  isVenues: boolean;
  /** Since when a side has had nobody but us, or the sides have been too far apart to price anything by. */
  thinSince: number | undefined;
  /** Best prices from a moment on, oldest first. */
  readonly bests: { readonly at: number; readonly bid: number; readonly ask: number }[];
}

const ageLimitMs = 5_500;
const decisionMs = 700;
const framesKept = 400;
/** Sides further apart than this make no price. */
const widestRatio = 1.041;
/** A frame so far ahead of the stream, which goes on as if it had not been there, was another market's. */
const farAhead = 50_000;

/** What is known beside the frames delivered to one engine. */
export interface BookWitness {
  readonly host: string;
  readonly truth: BookTruth;
  /** Lots of ours that rest at the venue at a price in ticks. */
  readonly own: (symbol: string, ticks: number) => number;
}

/** I7 and I8: a book of its own, made from what was delivered to one engine, asked when a create leaves. */
export class BookJudge {
  private readonly books = new Map<string, Book>();
  private isOpen = false;
  /** Two connections speak: a frame may come twice, and one before the other. */
  private isOverlapping = false;
  private closedAt = 0;
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
        lostAt: 0,
        wasCrossed: false,
        isVenues: false,
        thinSince: undefined,
        bestBid: undefined,
        bestAsk: undefined,
        heardUpTo: 0,
        bids: new Map<number, number>(),
        asks: new Map<number, number>(),
      };
      this.books.set(symbol, { recent: [], lastId: undefined, heardAt: 0, bests: [], ...book });
    }
  }

  about(symbol: string): void {
    this.symbol = symbol;
  }

  /** A connection opened beside another, or left beside one, loses nothing: what the two tell is one sequence. */
  connected(isOpen: boolean, others: number): void {
    this.isOverlapping = isOpen ? others > 0 : others > 1;
    if (others > 0) return;
    this.isOpen = isOpen;
    if (!isOpen) this.closedAt = this.now();
    for (const book of this.books.values()) forget(book, this.now());
  }

  frame(heard: BookWord, isVenues: boolean): void {
    const book = this.books.get(heard.s);
    if (!book) return;
    book.heardAt = this.now();
    // The other connection tells it as it is, and the engine may have taken either.
    if (this.isOverlapping && !isVenues) return;
    if (heard.isWhole) return this.whole(book, heard, isVenues);
    const frame = { s: heard.s, U: heard.U, u: heard.u, b: heard.b, a: heard.a, isVenues };
    book.recent.push(frame);
    book.heardUpTo = Math.max(book.heardUpTo, frame.u);
    if (book.recent.length > framesKept) book.recent.shift();
    if (book.lastId === undefined || frame.u <= book.lastId) return;
    if (frame.U > book.lastId + 1) return this.isOverlapping ? undefined : lose(book, this.now());
    apply(book, frame);
    joinOn(book);
    this.keepBest(frame.s, book);
  }

  /** A book that comes by the stream replaces whatever was told before. */
  private whole(book: Book, { s, u, b, a }: BookWord, isVenues: boolean): void {
    begin(book, isVenues);
    book.lastId = u;
    fill(book, b, a);
    this.keepBest(s, book);
  }

  /** The venue's newest update id, asked for apart from the stream: equal to the book's, nothing was missed. */
  newest(row: Readonly<Record<string, unknown>>): void {
    const book = this.books.get(this.symbol);
    if (book && row['lastUpdateId'] === book.lastId) book.heardAt = this.now();
  }

  /** The answer to a request for a snapshot. */
  snapshot(row: Readonly<Record<string, unknown>>, isVenues: boolean): void {
    const book = this.books.get(this.symbol);
    const lastId = row['lastUpdateId'];
    if (!book || typeof lastId !== 'number') return;
    const later = book.recent.filter(({ U, u }) => u > lastId && U - lastId <= farAhead);
    if (later[0] && later[0].U > lastId + 1) return; // Older than what was heard: asked for again.
    begin(book, isVenues);
    book.lastId = lastId;
    book.heardAt = this.now();
    fill(book, row['bids'] as readonly Level[], row['asks'] as readonly Level[]);
    for (const frame of later) {
      if (frame.u <= book.lastId) continue;
      if (frame.U > book.lastId + 1) return lose(book, this.now());
      apply(book, frame);
    }
    this.keepBest(this.symbol, book);
  }

  /** Since when the frames delivered so far give no book to quote on; undefined while they do. */
  unfitSince(symbol: string): number | undefined {
    const book = this.books.get(symbol)!;
    if (!this.isOpen || book.lastId === undefined) return Math.max(book.lostAt, this.closedAt);
    const staleAt = book.heardAt + ageLimitMs;
    return this.now() > staleAt ? staleAt : undefined;
  }

  private keepBest(symbol: string, book: Book): void {
    const at = this.now();
    const best = bestOf(book);
    if (!isThin(book, best, symbol, this.seen)) book.thinSince = undefined;
    else book.thinSince ??= at;
    if (best.bid >= best.ask) book.wasCrossed = true;
    book.bests.push({ at, ...best });
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
    const wasCrossed = book.bests.every((best) => best.bid >= best.ask);
    this.findings.check('I7', !wasCrossed, () => `${id} left over a crossed book ${bid} ${ask}`, id);
    // Decided on a book of this tick; what arrived while it was committed may have moved the price.
    const isMaker = book.bests.some(({ bid: b, ask: a }) =>
      order.side === 'buy' ? order.ticks < a : order.ticks > b,
    );
    this.findings.check('I7', isMaker, () => `${id} ${order.side} at ${order.ticks} over ${bid}/${ask}`, id);
    const age = this.now() - book.heardAt;
    this.findings.check('I8', age <= ageLimitMs, () => `${id} left ${age} ms after its book`, id);
    const { symbol } = order;
    const thinMs = this.now() - (book.thinSince ?? Infinity);
    const isMarket = !(thinMs > decisionMs);
    this.findings.check('I7', isMarket, () => `${id} left ${thinMs} ms after the market was gone`, id);
    this.seen.truth.judge(id, this.seen.host, { symbol, lastId: book.lastId!, ...pick(book) });
  }
}

/** Nobody but us on a side, or nothing that a price could be made from. */
function isThin(book: Book, best: Best, symbol: string, { own }: BookWitness): boolean {
  // The best level of a side is nearly always somebody else's: only where it is ours the others are looked through.
  const isOthers = (side: ReadonlyMap<number, number>, price: number): boolean =>
    (side.get(price) ?? 0) > own(symbol, price);
  let { bid, ask } = best;
  if (!isOthers(book.bids, bid)) {
    bid = -Infinity;
    for (const price of book.bids.keys()) if (price > bid && isOthers(book.bids, price)) bid = price;
  }
  if (!isOthers(book.asks, ask)) {
    ask = Infinity;
    for (const price of book.asks.keys()) if (price < ask && isOthers(book.asks, price)) ask = price;
  }
  return !(ask / bid <= widestRatio && bid > 0);
}

function forget(book: Book, now: number): void {
  lose(book, now);
  book.recent.length = 0;
  book.heardUpTo = 0;
  book.thinSince = undefined;
  book.bests.length = 0;
}

function bestOf(book: Book): Best {
  book.bestBid ??= highestOf(book.bids);
  book.bestAsk ??= lowestOf(book.asks);
  return { bid: book.bestBid, ask: book.bestAsk };
}

function highestOf(side: ReadonlyMap<number, number>): number {
  let best = -Infinity;
  for (const price of side.keys()) if (price > best) best = price;
  return best;
}

function lowestOf(side: ReadonlyMap<number, number>): number {
  let best = Infinity;
  for (const price of side.keys()) if (price < best) best = price;
  return best;
}

const pick = ({ bids, asks, isVenues }: Book): Pick<Book, 'bids' | 'asks' | 'isVenues'> => ({
  bids,
  asks,
  isVenues,
});

function begin(book: Book, isVenues: boolean): void {
  book.isVenues = isVenues;
  book.wasCrossed = false;
  book.bids.clear();
  book.asks.clear();
  book.bestBid = book.bestAsk = undefined;
}

function lose(book: Book, now: number): void {
  if (book.lastId !== undefined) book.lostAt = now;
  book.lastId = undefined;
}

/** Frames that another connection had told before their turn. */
function joinOn(book: Book): void {
  if (book.heardUpTo <= book.lastId!) return;
  const isNext = ({ U, u }: Frame): boolean => u > book.lastId! && U <= book.lastId! + 1;
  for (let next = book.recent.find(isNext); next; next = book.recent.find(isNext)) apply(book, next);
}

function apply(book: Book, frame: HeardFrame): void {
  fill(book, frame.b, frame.a);
  book.lastId = frame.u;
  if (!frame.isVenues) book.isVenues = false;
}

function fill(book: Book, bids: readonly Level[], asks: readonly Level[]): void {
  const { tick, lot } = book;
  for (const [price, size] of bids) {
    const ticks = Math.round(Number(price) / tick);
    put(book.bids, ticks, Math.round(Number(size) / lot));
    if (book.bestBid !== undefined && ticks >= book.bestBid)
      book.bestBid = book.bids.has(ticks) ? ticks : ticks === book.bestBid ? undefined : book.bestBid;
  }
  for (const [price, size] of asks) {
    const ticks = Math.round(Number(price) / tick);
    put(book.asks, ticks, Math.round(Number(size) / lot));
    if (book.bestAsk !== undefined && ticks <= book.bestAsk)
      book.bestAsk = book.asks.has(ticks) ? ticks : ticks === book.bestAsk ? undefined : book.bestAsk;
  }
}

function put(side: Map<number, number>, ticks: number, lots: number): void {
  if (lots === 0) side.delete(ticks);
  else side.set(ticks, lots);
}
