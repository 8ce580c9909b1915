import type { Ms } from '../../domain/units';
import { BookView } from '../gate/gate-book-view';
import type { DepthView } from '../venue-types';

const stride = 49;
const justBegun = 10_000;

/**
 * The sequence ids of the books: they rise by 1 to 97 with every change, the same for REST and sockets, and begin
 * again when they are reset.
 */
export class BookSequences {
  private readonly bases = new Map<string, number>();

  of(symbol: string, updateId: number): number {
    return spread(updateId) - (this.bases.get(symbol) ?? 0);
  }

  /** One that has only just begun stays, because its ids would come a second time. */
  reset(symbol: string, updateId: number): void {
    if (this.of(symbol, updateId) > justBegun) this.bases.set(symbol, spread(updateId) - 1);
  }
}

function spread(updateId: number): number {
  let mixed = Math.imul(updateId % 2 ** 32, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return updateId * stride + (((mixed ^ (mixed >>> 13)) >>> 0) % stride);
}

export interface BookUpdate {
  readonly bids: DepthView['bids'];
  readonly asks: DepthView['asks'];
  readonly prevSeqId: number;
  readonly seqId: number;
}

/** The first levels of one book as a chain: each update names the one before it. */
export class BookFeed {
  private readonly view: BookView;
  private lastSeqId: number;

  constructor(
    depth: DepthView,
    private readonly sequenceOf: (updateId: number) => number,
    private saidAt: Ms,
  ) {
    this.view = new BookView(depth);
    this.lastSeqId = sequenceOf(depth.updateId);
  }

  get seen(): DepthView {
    return this.view.whole;
  }

  /** The book as everybody who hears the chain knows it. */
  get snapshot(): BookUpdate {
    const { bids, asks } = this.seen;
    return { bids, asks, prevSeqId: -1, seqId: this.lastSeqId };
  }

  /** What to say now: what changed, or after a long silence that nothing did; undefined for nothing. */
  take(depth: DepthView, now: Ms, quietMs: number): BookUpdate | undefined {
    const { bids = [], asks = [] } = this.view.take(depth) ?? {};
    const prevSeqId = this.lastSeqId;
    const isChanged = bids.length > 0 || asks.length > 0;
    if (!isChanged && now - this.saidAt < quietMs) return undefined;
    this.saidAt = now;
    if (isChanged) this.lastSeqId = this.sequenceOf(depth.updateId);
    return { bids, asks, prevSeqId, seqId: this.lastSeqId };
  }
}
