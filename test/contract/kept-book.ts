/** An amount of `0` takes the level away. */
export type Level = readonly [price: string, amount: string];
/** What a book channel of Gate tells. */
export interface BookResult {
  readonly full?: boolean;
  readonly U?: number;
  readonly u: number;
  readonly b?: readonly Level[];
  readonly a?: readonly Level[];
}

/** A book as a client keeps it: sizes by price, nothing else known of the venue. */
export class KeptBook {
  lastId = 0;
  /** Where ids did not follow. */
  readonly gaps: number[] = [];
  private bids = new Map<string, string>();
  private asks = new Map<string, string>();

  apply({ full, U: first, u: last, b = [], a = [] }: BookResult): void {
    if (full) [this.bids, this.asks] = [new Map(), new Map()];
    else if (first !== this.lastId + 1) this.gaps.push(first ?? -1);
    this.lastId = last;
    change(this.bids, b);
    change(this.asks, a);
  }

  /** Best first. */
  get sides(): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    const sorted = (levels: Map<string, string>, sign: number): Level[] =>
      [...levels].sort(([a], [b]) => sign * (Number(a) - Number(b)));
    return { bids: sorted(this.bids, -1), asks: sorted(this.asks, 1) };
  }
}

function change(levels: Map<string, string>, rows: readonly Level[]): void {
  for (const [price, size] of rows) {
    if (size === '0') levels.delete(price);
    else levels.set(price, size);
  }
}
