import type { CoreEvent } from '../venue-types';
import type { MarketFormat } from './market-format';

/** A `depthUpdate` as it goes over the wire. */
export type DepthFrame = {
  readonly e: 'depthUpdate';
  readonly E: number;
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
};

type DepthEvent = Extract<CoreEvent, { type: 'depth' }>;

/** Collects the changes of one book between two frames: the last size of each price, and the range of ids covered. */
export class DepthFrames {
  private readonly bids = new Map<number, number>();
  private readonly asks = new Map<number, number>();
  private upTo: number;

  constructor(
    private readonly format: MarketFormat,
    private sentUpTo: number,
  ) {
    this.upTo = sentUpTo;
  }

  add(event: DepthEvent): void {
    (event.side === 'buy' ? this.bids : this.asks).set(event.price, event.quantity);
    this.upTo = Math.max(this.upTo, event.updateId);
  }

  /** As `add` and `drop` at once, while nobody would get a frame. */
  pass(event: DepthEvent): void {
    this.upTo = Math.max(this.upTo, event.updateId);
    this.drop();
  }

  /** Nobody would get the frame. */
  drop(): void {
    this.sentUpTo = this.upTo;
    if (this.bids.size > 0) this.bids.clear();
    if (this.asks.size > 0) this.asks.clear();
  }

  /** The frame since the last one; undefined when nothing changed. */
  take(now: number): DepthFrame | undefined {
    if (this.bids.size === 0 && this.asks.size === 0) return undefined;
    const frame: DepthFrame = {
      e: 'depthUpdate',
      E: now,
      s: this.format.market.symbol,
      U: this.sentUpTo + 1,
      u: this.upTo,
      b: this.rows(this.bids),
      a: this.rows(this.asks),
    };
    this.drop();
    return frame;
  }

  private rows(levels: ReadonlyMap<number, number>): readonly (readonly [string, string])[] {
    return [...levels].map(([price, quantity]) => [this.format.price(price), this.format.quantity(quantity)]);
  }
}
