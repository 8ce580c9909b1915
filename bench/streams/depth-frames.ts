import { depthStream } from './depth';
import type { DepthStream, Level } from './depth';

/** Absolute sizes of one frame, best price first; 0 lots removes. Each price once, as venues send them. */
export interface DepthChanges {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export interface FrameLoop {
  readonly start: DepthChanges;
  readonly end: DepthChanges;
  /** From the start away. */
  readonly there: readonly DepthChanges[];
  /** The same way back: what each frame changed is set to what it was. */
  readonly back: readonly DepthChanges[];
}

export interface FrameOptions {
  readonly frames: number;
  /** Levels that one frame changes, both sides together. */
  readonly levelsPerFrame: number;
  readonly seed: number;
}

const bookLevels = 1_000;
/** Raw changes that one level of a frame is made of; several may name one price. */
const rawPerLevel = 3;

/** Frames of a venue that lead away from a book and back to it, so that they can be sent for as long as one likes. */
export function frameLoop({ frames, levelsPerFrame, seed }: FrameOptions): FrameLoop {
  const changes = frames * levelsPerFrame * rawPerLevel;
  const stream = depthStream({ levels: bookLevels, changes, seed, ranks: 'recorded' });
  const books = { bids: new Map(stream.bids), asks: new Map(stream.asks) };
  const there: DepthChanges[] = [];
  const back: DepthChanges[] = [];
  let at = 0;
  for (let i = 0; i < frames; i += 1) {
    const frame = new OneFrame(books);
    for (; frame.size < levelsPerFrame; at += 1) frame.take(stream, at);
    there.push(frame.changes());
    back.push(frame.inverse());
    frame.commit();
  }
  const end = { bids: sorted(books.bids, 1), asks: sorted(books.asks, -1) };
  return { start: { bids: stream.bids, asks: stream.asks }, end, there, back: back.reverse() };
}

interface Books {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
}

class OneFrame {
  private readonly bids = new Map<number, number>();
  private readonly asks = new Map<number, number>();

  constructor(private readonly books: Books) {}

  get size(): number {
    return this.bids.size + this.asks.size;
  }

  take({ side, ticks, lots }: DepthStream, at: number): void {
    if (at >= side.length) throw new Error('the stream is too short for its frames');
    (side[at] === 1 ? this.bids : this.asks).set(ticks[at]!, lots[at]!);
  }

  changes(): DepthChanges {
    return { bids: sorted(this.bids, 1), asks: sorted(this.asks, -1) };
  }

  inverse(): DepthChanges {
    const before = (now: Map<number, number>, book: Map<number, number>): Map<number, number> =>
      new Map([...now.keys()].map((ticks) => [ticks, book.get(ticks) ?? 0]));
    const { bids, asks } = this.books;
    return { bids: sorted(before(this.bids, bids), 1), asks: sorted(before(this.asks, asks), -1) };
  }

  commit(): void {
    for (const [ticks, lots] of this.bids) put(this.books.bids, ticks, lots);
    for (const [ticks, lots] of this.asks) put(this.books.asks, ticks, lots);
  }
}

function put(book: Map<number, number>, ticks: number, lots: number): void {
  if (lots === 0) book.delete(ticks);
  else book.set(ticks, lots);
}

const sorted = (levels: ReadonlyMap<number, number>, sign: 1 | -1): readonly Level[] =>
  [...levels].sort(([a], [b]) => sign * (b - a));
