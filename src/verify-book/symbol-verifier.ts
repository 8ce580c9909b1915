import { LocalOrderBook } from '../modules/execution/trackers/local-order-book';
import type { DepthEvent } from '../modules/execution/trackers/local-order-book';
import { SideJudge } from './top-comparison';
import type { Best, Top, Verdict } from './top-comparison';

export interface SymbolReport {
  readonly compared: number;
  /** Points where the book could not know the venue's level yet. */
  readonly unseen: number;
  /** Update ids that both a depth frame and a bookTicker carried. */
  readonly joint: number;
  readonly mismatches: readonly string[];
  /** Breaks of the frame chain found in the file itself. */
  readonly fileGaps: number;
  /** Breaks the book reported. */
  readonly reportedGaps: number;
  readonly crossed: number;
  readonly offGrid: number;
  readonly synced: boolean;
  readonly depthFrames: number;
  readonly levelChanges: number;
}

const maxWaiting = 20_000;
const maxListed = 20;

/** Drives one book through a capture and compares its top wherever the venue published its own. */
export class SymbolVerifier {
  private readonly book = new LocalOrderBook();
  private readonly bid: SideJudge;
  private readonly ask: SideJudge;
  private readonly counts = {
    compared: 0,
    unseen: 0,
    joint: 0,
    wrong: 0,
    fileGaps: 0,
    reportedGaps: 0,
    crossed: 0,
    offGrid: 0,
    depthFrames: 0,
    levelChanges: 0,
  };
  private readonly mismatches: string[] = [];
  private readonly tickers = new Map<number, Top>();
  private atDepth: { readonly id: number; readonly top: Top; readonly wasSynced: boolean } | undefined;
  private beganAt = 0;
  private previous: DepthEvent | undefined;

  /** `snapshotsLeft`: how many the file holds. Once none is left, a book that is not in sync begins empty. */
  constructor(private snapshotsLeft: number) {
    this.bid = new SideJudge(1, snapshotsLeft > 0);
    this.ask = new SideJudge(-1, snapshotsLeft > 0);
  }

  depth(event: DepthEvent): void {
    if (event.snapshot) return this.snapshot(event);
    this.counts.depthFrames += 1;
    this.counts.levelChanges += event.bids.length + event.asks.length;
    this.checkChain(event);
    if (this.snapshotsLeft === 0 && !this.book.synced) this.beginEmpty(event);
    this.bid.depth(event.bids);
    this.ask.depth(event.asks);
    this.apply(event);
    this.compareDepth(event.lastId);
  }

  offGrid(): void {
    this.counts.offGrid += 1;
    this.book.invalidate('off grid');
  }

  /** The venue's own best prices at an update id, before or after the depth frame of that id. */
  ticker(id: number, top: Top): void {
    if (this.atDepth?.id === id) return this.compare(id, this.atDepth.top, top, this.atDepth.wasSynced);
    this.tickers.set(id, top);
    if (this.tickers.size > maxWaiting) this.tickers.delete(this.tickers.keys().next().value!);
  }

  report(): SymbolReport {
    const hidden = this.counts.wrong - this.mismatches.length;
    const mismatches = hidden > 0 ? [...this.mismatches, `and ${hidden} more`] : this.mismatches;
    return { ...this.counts, mismatches, synced: this.book.synced };
  }

  private snapshot(event: DepthEvent): void {
    this.snapshotsLeft -= 1;
    if (this.book.synced) return;
    this.apply(event);
    this.bid.begin(true);
    this.ask.begin(true);
  }

  private beginEmpty(event: DepthEvent): void {
    const nothing = { ticks: new Int32Array(0), lots: new Float64Array(0), length: 0 };
    const lastId = event.prevId ?? event.firstId - 1;
    this.book.invalidate('begins empty');
    this.book.apply({ snapshot: true, firstId: lastId, lastId, bids: nothing, asks: nothing });
    this.bid.begin(false);
    this.ask.begin(false);
    this.beganAt = lastId;
  }

  private apply(event: DepthEvent): void {
    if (this.book.apply(event) !== 'invalidated') return;
    if (this.book.problem.startsWith('gap')) this.counts.reportedGaps += 1;
    if (this.book.problem.startsWith('crossed')) this.counts.crossed += 1;
  }

  /** Reads the chain from the file alone, so a gap the book swallowed is seen. */
  private checkChain(event: DepthEvent): void {
    const before = this.previous;
    this.previous = event;
    if (!before || !this.book.synced) return;
    const repeated = event.lastId <= before.lastId;
    const follows =
      event.prevId === undefined ? event.firstId === before.lastId + 1 : event.prevId === before.lastId;
    if (!repeated && !follows) this.counts.fileGaps += 1;
  }

  private compareDepth(id: number): void {
    const top: Top = { bid: bestOf(this.book.bids), ask: bestOf(this.book.asks) };
    this.atDepth = { id, top, wasSynced: this.book.synced };
    const waiting: [number, Top][] = [];
    for (const entry of this.tickers) {
      if (entry[0] > id) break;
      waiting.push(entry);
    }
    for (const [tickerId, venue] of waiting) {
      this.tickers.delete(tickerId);
      if (tickerId === id) this.compare(id, top, venue, this.book.synced);
      else this.learn(tickerId, venue);
    }
  }

  private learn(id: number, venue: Top): void {
    if (id <= this.beganAt) return;
    if (venue.bid) this.bid.ticker(venue.bid);
    if (venue.ask) this.ask.ticker(venue.ask);
  }

  private compare(id: number, book: Top, venue: Top, synced: boolean): void {
    this.counts.joint += 1;
    this.learn(id, venue);
    if (!synced) return;
    const verdicts = [this.side('bid', id, book, venue), this.side('ask', id, book, venue)];
    if (verdicts.includes('mismatch')) this.counts.wrong += 1;
    if (verdicts.includes('unseen')) this.counts.unseen += 1;
    else this.counts.compared += 1;
  }

  private side(name: 'bid' | 'ask', id: number, book: Top, venue: Top): Verdict {
    const expected = venue[name];
    const verdict = expected ? this[name].judge(book[name], expected) : book[name] ? 'mismatch' : 'equal';
    if (verdict === 'mismatch' && this.mismatches.length < maxListed) {
      this.mismatches.push(`${name} at ${id}: book ${textOf(book[name])}, venue ${textOf(expected)}`);
    }
    return verdict;
  }
}

const textOf = (best: Best | undefined): string => (best ? `${best.ticks} × ${best.lots}` : 'empty');

function bestOf(side: LocalOrderBook['bids']): Best | undefined {
  const ticks = side.best();
  return ticks === undefined ? undefined : { ticks, lots: side.bestLots() };
}
