import type { Lots, Ms, Ticks } from '../../domain/units';
import type { CoreEvent } from '../venue-types';
import type { MarketFormat } from './market-format';

type DepthEvent = Extract<CoreEvent, { type: 'depth' }>;
/** The last size of each price, in the order in which they first changed. */
type Levels = ReadonlyMap<Ticks, Lots>;
type Row = readonly [price: string, quantity: string];

/** A `depthUpdate`: what it covers, and the text that goes over the wire, written once for all who get it. */
export class DepthFrame {
  readonly text: string;

  constructor(
    private readonly format: MarketFormat,
    at: Ms,
    readonly range: { readonly first: number; readonly last: number },
    private readonly levels: { readonly bids: Levels; readonly asks: Levels },
  ) {
    const { first, last } = range;
    // Byte for byte what JSON.stringify makes of it, at a third of its cost: no part needs an escape.
    this.text =
      `{"e":"depthUpdate","E":${at},"s":"${format.market.symbol}","U":${first},"u":${last},` +
      `"b":[${textOf(levels.bids, format)}],"a":[${textOf(levels.asks, format)}]}`;
  }

  get symbol(): string {
    return this.format.market.symbol;
  }

  get bids(): readonly Row[] {
    return this.rows(this.levels.bids);
  }

  get asks(): readonly Row[] {
    return this.rows(this.levels.asks);
  }

  private rows(levels: Levels): readonly Row[] {
    return [...levels].map(([price, quantity]) => [this.format.price(price), this.format.quantity(quantity)]);
  }
}

function textOf(levels: Levels, format: MarketFormat): string {
  let text = '';
  levels.forEach((quantity, price) => {
    text += `${text === '' ? '' : ','}["${format.price(price)}","${format.quantity(quantity)}"]`;
  });
  return text;
}

/** Collects the changes of one book between two frames: the last size of each price, and the range of ids covered. */
export class DepthFrames {
  private bids = new Map<Ticks, Lots>();
  private asks = new Map<Ticks, Lots>();
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
    if (this.bids.size > 0) this.bids = new Map();
    if (this.asks.size > 0) this.asks = new Map();
  }

  /** The frame since the last one; undefined when nothing changed. */
  take(now: Ms): DepthFrame | undefined {
    const { bids, asks, upTo } = this;
    if (bids.size === 0 && asks.size === 0) return undefined;
    const range = { first: this.sentUpTo + 1, last: upTo };
    this.drop();
    return new DepthFrame(this.format, now, range, { bids, asks });
  }
}
