export type DeliveredLevels = readonly (readonly [price: string, quantity: string])[];

/** Levels as they were written to a client; a quantity of zero takes the level away. */
export interface DeliveredSides {
  readonly bids: DeliveredLevels;
  readonly asks: DeliveredLevels;
}

interface DeliveredFrame extends DeliveredSides {
  readonly first: number;
  readonly last: number;
}

const mostKept = 1_000;

/**
 * What a faithful client can know of one book from the frames of one stream and the snapshots answered since it began:
 * valid while the frames are gap-free from a snapshot and the sides do not cross. Shares no code with the product's
 * book, because it judges it. Memory is bounded by the venue's own book and 1,000 frames.
 */
export class DeliveredBook {
  private readonly bids = new Map<number, string>();
  private readonly asks = new Map<number, string>();
  private kept: DeliveredFrame[] = [];
  private upTo: number | undefined;
  private why: string | undefined = 'no snapshot delivered';

  /** Why no order may be decided on it; undefined while it is valid. */
  get problem(): string | undefined {
    return this.why;
  }

  frame(first: number, last: number, sides: DeliveredSides): void {
    if (this.upTo !== undefined && last <= this.upTo) return;
    if (this.why !== undefined) return this.keep({ first, last, ...sides });
    if (first > this.upTo! + 1) {
      this.lose(`gap: ${first} after ${this.upTo}`);
      return this.keep({ first, last, ...sides });
    }
    this.write(last, sides);
  }

  /** A valid book only goes forward. */
  snapshot(last: number, sides: DeliveredSides): void {
    if (this.upTo !== undefined && last <= this.upTo) return;
    const later = this.kept.filter((frame) => frame.last > last);
    const [next] = later;
    if (next && next.first > last + 1) return void (this.why = `snapshot ${last} ends before ${next.first}`);
    this.forget();
    this.why = undefined;
    this.write(last, sides);
    for (const frame of later) this.frame(frame.first, frame.last, frame);
  }

  /** Frames that wait for a snapshot are without a gap among themselves: an earlier run is of no use. */
  private keep(frame: DeliveredFrame): void {
    const previous = this.kept.at(-1);
    if (previous && frame.first !== previous.last + 1) this.kept = [];
    if (this.kept.length === mostKept) this.kept.shift();
    this.kept.push(frame);
  }

  private write(last: number, { bids, asks }: DeliveredSides): void {
    this.upTo = last;
    set(this.bids, bids);
    set(this.asks, asks);
    const [bid, ask] = [Math.max(...this.bids.keys()), Math.min(...this.asks.keys())];
    if (bid >= ask) this.lose(`crossed: bid ${bid}, ask ${ask}`);
  }

  private lose(why: string): void {
    this.forget();
    this.why = why;
  }

  private forget(): void {
    this.upTo = undefined;
    this.kept = [];
    this.bids.clear();
    this.asks.clear();
  }
}

function set(side: Map<number, string>, levels: DeliveredLevels): void {
  for (const [price, quantity] of levels) {
    if (Number(quantity) === 0) side.delete(Number(price));
    else side.set(Number(price), quantity);
  }
}
