import type { LevelBatch, VenueEvent } from '../../../domain/venue-event';
import { BookSide } from './book-side';

export type DepthEvent = Extract<VenueEvent, { type: 'depth' }>;
/** The part of a depth event that the book reads. */
export type DepthChange = Pick<DepthEvent, 'snapshot' | 'firstId' | 'lastId' | 'prevId' | 'bids' | 'asks'>;

export type ApplyResult =
  | 'applied'
  /** Waits for a snapshot. */
  | 'buffered'
  /** Older than the book. */
  | 'ignored'
  /** A snapshot from before the buffered changes: useless, ask again. */
  | 'too_old'
  /** The book was in sync and is not any more. */
  | 'invalidated';

const maxBuffered = 2_000;

/**
 * A book that is either in sync or says that it is not. Sequence is checked before anything is applied. Without a
 * snapshot it keeps the changes that arrive; a snapshot that joins them puts it in sync.
 */
export class LocalOrderBook {
  readonly bids = new BookSide(1);
  readonly asks = new BookSide(-1);
  private inSync = false;
  private joined = false;
  private last = 0;
  private why = 'no snapshot yet';
  private changes = 0;
  private buffer: DepthChange[] = [];
  /** The last change from before everything buffered. */
  private aside: DepthChange | undefined;
  private readonly band = { low: -Infinity, high: Infinity };

  /** `snapshotDepth`: levels a full snapshot page holds; what lies beyond its last level is not known. */
  constructor(
    private readonly snapshotDepth = Infinity,
    private readonly sequence: typeof follows = follows,
  ) {}

  get synced(): boolean {
    return this.inSync;
  }

  /** Why it is not in sync; empty when it is. */
  get problem(): string {
    return this.inSync ? '' : this.why;
  }

  get lastId(): number {
    return this.last;
  }

  /** Grows with every change, also of the state: equal versions mean equal books. */
  get version(): number {
    return this.changes;
  }

  apply(change: DepthChange): ApplyResult {
    if (change.snapshot) return this.applySnapshot(change);
    if (!this.inSync) return this.keep(change);
    return this.applyDiff(change);
  }

  /** Drops the book, and what is known of a stream that has ended: another one may number anew. */
  renew(problem: string): void {
    this.last = 0;
    this.invalidate(problem);
  }

  /** Drops the book and everything buffered. */
  invalidate(problem: string): void {
    this.inSync = false;
    this.why = problem;
    this.buffer = [];
    this.aside = undefined;
    this.bids.clear();
    this.asks.clear();
    this.changes += 1;
  }

  stateHash(): number {
    return this.asks.hash(this.bids.hash(0x811c9dc5));
  }

  private applySnapshot(change: DepthChange): ApplyResult {
    if (this.inSync) return 'ignored';
    const later = this.buffer.filter((diff) => diff.lastId > change.lastId);
    if (later[0] && !this.sequence(later[0], change.lastId, false)) return 'too_old';
    // Nothing came since the book was dropped, and that book was newer already.
    if (this.buffer.length === 0 && change.lastId < this.last) return 'too_old';
    this.buffer = [];
    this.load(change);
    for (const diff of later) {
      if (this.applyDiff(diff) === 'invalidated') return 'invalidated';
    }
    return this.settle();
  }

  private load(change: DepthChange): void {
    this.bids.clear();
    this.asks.clear();
    this.bids.setAll(change.bids);
    this.asks.setAll(change.asks);
    this.band.low = change.bids.length < this.snapshotDepth ? -Infinity : farthest(change.bids, Math.min);
    this.band.high = change.asks.length < this.snapshotDepth ? Infinity : farthest(change.asks, Math.max);
    this.last = change.lastId;
    this.inSync = true;
    this.joined = false;
    this.changes += 1;
  }

  private applyDiff(change: DepthChange): ApplyResult {
    if (change.lastId <= this.last) return 'ignored';
    if (!this.sequence(change, this.last, this.joined)) return this.restartAt(change);
    this.bids.setAll(change.bids);
    this.asks.setAll(change.asks);
    this.last = change.lastId;
    this.joined = true;
    this.changes += 1;
    return this.settle();
  }

  /** After a gap the change that revealed it is the first one the next snapshot has to join. */
  private restartAt(change: DepthChange): ApplyResult {
    this.invalidate(`gap: ${change.prevId ?? change.firstId} does not follow ${this.last}`);
    this.keep(change);
    return 'invalidated';
  }

  private settle(): ApplyResult {
    const bid = this.bids.best() ?? -Infinity;
    const ask = this.asks.best() ?? Infinity;
    if (bid >= ask) return this.fail(`crossed: bid ${bid} is not below ask ${ask}`);
    if (bid > -Infinity && bid < this.band.low) return this.fail('the best bid left the snapshot band');
    if (ask < Infinity && ask > this.band.high) return this.fail('the best ask left the snapshot band');
    return 'applied';
  }

  private fail(problem: string): ApplyResult {
    this.invalidate(problem);
    return 'invalidated';
  }

  private keep(change: DepthChange): ApplyResult {
    const previous = this.buffer.at(-1);
    if (previous && change.lastId <= previous.lastId) return this.keepAside(change);
    if (previous && !this.sequence(change, previous.lastId, true)) this.buffer = [];
    if (this.buffer.length === maxBuffered) this.buffer.shift();
    this.buffer.push(keptOf(change));
    return 'buffered';
  }

  /** Two that join each other from before everything buffered are the stream; what is buffered strayed into it. */
  private keepAside(change: DepthChange): ApplyResult {
    if (change.lastId >= this.buffer[0]!.firstId) return 'ignored';
    const { aside } = this;
    this.aside = keptOf(change);
    if (!aside || !this.sequence(change, aside.lastId, true)) return 'ignored';
    this.buffer = [aside, this.aside];
    this.aside = undefined;
    return 'buffered';
  }
}

/** Spot numbers every update, so ranges touch; futures name the previous frame, because their numbers skip. */
export function follows(change: DepthChange, last: number, joined: boolean): boolean {
  if (change.prevId !== undefined) return joined ? change.prevId === last : change.prevId <= last;
  return joined ? change.firstId === last + 1 : change.firstId <= last + 1;
}

const keptOf = (change: DepthChange): DepthChange => ({
  ...change,
  bids: copyOf(change.bids),
  asks: copyOf(change.asks),
});

function copyOf(batch: LevelBatch): LevelBatch {
  const { length } = batch;
  return { ticks: batch.ticks.slice(0, length), lots: batch.lots.slice(0, length), length };
}

function farthest(batch: LevelBatch, pick: (a: number, b: number) => number): number {
  return batch.ticks.subarray(0, batch.length).reduce((a, b) => pick(a, b));
}
