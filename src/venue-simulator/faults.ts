import type { Ms } from '../domain/units';

export const holdPoints = [
  'create-received',
  'create-executed',
  'cancel-received',
  'cancel-executed',
  'fill-reported',
] as const;
export type HoldPoint = (typeof holdPoints)[number];
export type Verdict = 'continue' | 'drop';
export type RequestKind = 'create' | 'cancel' | 'query';

export const batchSpoilings = ['reverse', 'shorten'] as const;
export type BatchSpoiling = (typeof batchSpoilings)[number];

export interface Held {
  readonly id: number;
  readonly point: HoldPoint;
  readonly clientOrderId: string;
}

/** What the doors of the venue register so that a fault can reach their sockets. */
export type SocketCutter = (which: 'public' | 'private') => void;

interface Failure {
  left: number;
  readonly status: number;
}

/** An answer of the venue's own that is set in advance. */
export interface SetRefusal {
  readonly code: string;
  readonly text: string;
  /** The request is carried out all the same. */
  readonly isExecuted: boolean;
}

/** Everything that can be made to go wrong between the core and its clients. Nothing goes wrong by itself. */
export class Faults {
  private readonly holds = new Map<HoldPoint, number>();
  private readonly waiting = new Map<number, Held & { readonly settle: (verdict: Verdict) => void }>();
  private readonly drops = new Map<'create' | 'cancel', number>();
  private readonly failures = new Map<RequestKind, Failure>();
  private readonly refusals = new Map<'create' | 'cancel', { left: number; readonly said: SetRefusal }>();
  private readonly skips = new Map<string, number>();
  private readonly repeats = new Map<string, number>();
  private readonly swaps = new Map<string, number>();
  private readonly batches = new Map<BatchSpoiling, number>();
  private readonly cutters: SocketCutter[] = [];
  private rateLimited = 0;
  private snapshotsAfterMs = 0;
  private delayMs = 0;
  private lastId = 0;

  cutSockets(which: 'public' | 'private'): void {
    for (const cut of this.cutters) cut(which);
  }

  /** The next depth frames of the symbol are lost, so that its ids show a gap. */
  skipDepthFrames(symbol: string, count: number): void {
    this.skips.set(symbol, count);
  }

  /** The next depth frames of the symbol are sent twice. */
  repeatDepthFrames(symbol: string, count: number): void {
    this.repeats.set(symbol, count);
  }

  /** The next depth frames of the symbol each leave behind the one that follows. */
  swapDepthFrames(symbol: string, count: number): void {
    this.swaps.set(symbol, count);
  }

  /** Depth snapshots are answered this much later, with the book of that moment. */
  delaySnapshots(ms: number): void {
    this.snapshotsAfterMs = ms;
  }

  /** The next requests are carried out and their connection cut instead of answered. */
  dropReply(kind: 'create' | 'cancel', count: number): void {
    this.drops.set(kind, count);
  }

  /** The next requests to reach the point wait there until released. */
  holdNext(point: HoldPoint, count: number): void {
    this.holds.set(point, count);
  }

  held(): readonly Held[] {
    return [...this.waiting.values()].map(({ id, point, clientOrderId }) => ({ id, point, clientOrderId }));
  }

  /** How many were released. */
  release(which: number | 'all', verdict: Verdict): number {
    const chosen = [...this.waiting.values()].filter(({ id }) => which === 'all' || id === which);
    for (const { id, settle } of chosen) {
      this.waiting.delete(id);
      settle(verdict);
    }
    return chosen.length;
  }

  /** Orders, trades and balances are answered as they stood this long ago. */
  delayQueries(ms: number): void {
    this.delayMs = ms;
  }

  /** The next requests of the kind are answered with the status and not carried out. */
  failNext(kind: RequestKind, count: number, status: number): void {
    this.failures.set(kind, { left: count, status });
  }

  /** The next orders of the kind, one by one, are refused with a code of the venue. */
  refuseNext(kind: 'create' | 'cancel', count: number, said: SetRefusal): void {
    this.refusals.set(kind, { left: count, said });
  }

  /** The next answers about several orders come in another order, or leave the first one out. */
  spoilBatches(how: BatchSpoiling, count: number): void {
    this.batches.set(how, count);
  }

  /** The rows of an answer about several orders as they leave. */
  batchReply<T>(rows: readonly T[]): readonly T[] {
    const kept = takeOne(this.batches, 'shorten') ? rows.slice(1) : rows;
    return takeOne(this.batches, 'reverse') ? kept.toReversed() : kept;
  }

  rateLimitNext(count: number): void {
    this.rateLimited = count;
  }

  /** Everything works again; what is held goes on. */
  clearAll(): void {
    const { holds, drops, failures, refusals, skips, repeats, swaps, batches } = this;
    for (const map of [holds, drops, failures, refusals, skips, repeats, swaps, batches]) map.clear();
    this.rateLimited = 0;
    this.snapshotsAfterMs = 0;
    this.delayMs = 0;
    this.release('all', 'continue');
  }

  onCut(cutter: SocketCutter): void {
    this.cutters.push(cutter);
  }

  /** Known at once unless a hold waits for the point. */
  pass(point: HoldPoint, clientOrderId: string): Verdict | Promise<Verdict> {
    if (!takeOne(this.holds, point)) return 'continue';
    return new Promise((resolve) => this.park(point, clientOrderId, resolve));
  }

  /** True when the caller must wait for `settle`. */
  park(point: HoldPoint, clientOrderId: string, settle: (verdict: Verdict) => void): void {
    this.lastId += 1;
    this.waiting.set(this.lastId, { id: this.lastId, point, clientOrderId, settle });
  }

  takeHold(point: HoldPoint): boolean {
    return takeOne(this.holds, point);
  }

  takeDrop(kind: 'create' | 'cancel'): boolean {
    return takeOne(this.drops, kind);
  }

  takeSkip(symbol: string): boolean {
    return takeOne(this.skips, symbol);
  }

  takeRepeat(symbol: string): boolean {
    return takeOne(this.repeats, symbol);
  }

  takeSwap(symbol: string): boolean {
    return takeOne(this.swaps, symbol);
  }

  get snapshotDelayMs(): Ms {
    return this.snapshotsAfterMs;
  }

  takeRateLimit(): boolean {
    if (this.rateLimited === 0) return false;
    this.rateLimited -= 1;
    return true;
  }

  /** The status to fail with, if any. */
  takeFailure(kind: RequestKind): number | undefined {
    const failure = this.failures.get(kind);
    if (!failure || failure.left === 0) return undefined;
    failure.left -= 1;
    return failure.status;
  }

  takeRefusal(kind: 'create' | 'cancel'): SetRefusal | undefined {
    const set = this.refusals.get(kind);
    if (!set || set.left === 0) return undefined;
    set.left -= 1;
    return set.said;
  }

  /** The moment as of which queries are answered; undefined for now. */
  queriedAsOf(now: Ms): Ms | undefined {
    return this.delayMs === 0 ? undefined : now - this.delayMs;
  }
}

function takeOne<K>(counts: Map<K, number>, key: K): boolean {
  const left = counts.get(key) ?? 0;
  if (left === 0) return false;
  counts.set(key, left - 1);
  return true;
}
