/** Price, size, a field of the past, and how many orders; a size of `0` takes the level away. */
export type OkxLevel = readonly [price: string, size: string, past: string, orders: string];

/** A frame of the `books` channel, or a book of REST. */
export interface OkxBook {
  readonly bids: readonly OkxLevel[];
  readonly asks: readonly OkxLevel[];
  readonly seqId: number;
  readonly prevSeqId?: number;
}

/** A book as a client keeps it from the channel, by the rules of the public documents. */
export class OkxKeptBook {
  seqId: number | undefined;
  /** Where a frame did not name the one before it. */
  gaps = 0;
  resets = 0;
  quiet = 0;
  private readonly bids = new Map<string, OkxLevel>();
  private readonly asks = new Map<string, OkxLevel>();

  apply({ bids, asks, seqId, prevSeqId }: OkxBook, action: unknown): void {
    if (action === 'snapshot') for (const side of [this.bids, this.asks]) side.clear();
    else if (prevSeqId !== this.seqId) this.gaps += 1;
    else if (seqId === prevSeqId) this.quiet += 1;
    else if (seqId < Number(prevSeqId)) this.resets += 1;
    this.seqId = seqId;
    change(this.bids, bids);
    change(this.asks, asks);
  }

  /** Best first. */
  get sides(): Pick<OkxBook, 'bids' | 'asks'> {
    const sorted = (levels: Map<string, OkxLevel>, sign: number): OkxLevel[] =>
      [...levels.values()].sort(([a], [b]) => sign * (Number(a) - Number(b)));
    return { bids: sorted(this.bids, -1), asks: sorted(this.asks, 1) };
  }
}

function change(side: Map<string, OkxLevel>, levels: readonly OkxLevel[]): void {
  for (const level of levels) {
    if (level[1] === '0') side.delete(level[0]);
    else side.set(level[0], level);
  }
}
