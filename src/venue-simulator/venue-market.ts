import BigNumber from 'bignumber.js';
import type { BookEvent, BookSide } from './book-types';
import { MatchingBook } from './matching-book';
import type { InstrumentSpec, VenueInstrument } from './venue-types';

const recentTrades = 1000;

export interface PublicTrade {
  readonly id: number;
  readonly ticks: number;
  readonly lots: number;
  readonly time: number;
  readonly takerSide: BookSide;
}

/** One instrument: its book, the number of its last book change and its recent trades. */
export class VenueMarket {
  readonly instrument: VenueInstrument;
  readonly book: MatchingBook;
  readonly tick: BigNumber;
  readonly step: BigNumber;
  /** Grows with every level change; snapshot and stream count with it. */
  updateId = 1_000;
  /** First change not yet taken by a depth frame. */
  private firstPending = 1_001;
  private readonly pending = { buy: new Set<number>(), sell: new Set<number>() };
  lastTicks: number;
  lastTradeId = 0;
  readonly trades: PublicTrade[] = [];

  constructor(spec: InstrumentSpec, emit: (event: BookEvent) => void) {
    const [base = '', quote = ''] = spec.symbol.split('/');
    this.instrument = { ...spec, base, quote, id: `${base}${quote}` };
    this.tick = new BigNumber(spec.tick);
    this.step = new BigNumber(spec.step);
    this.lastTicks = this.ticksOf(spec.price);
    this.book = new MatchingBook(emit);
  }

  price(ticks: number): string {
    return this.tick.times(ticks).toFixed(Math.max(2, this.tick.decimalPlaces() ?? 0));
  }

  quantity(lots: number): string {
    return this.step.times(lots).toFixed(Math.max(2, this.step.decimalPlaces() ?? 0));
  }

  cost(ticks: number, lots: number): BigNumber {
    return this.tick.times(ticks).times(this.step.times(lots));
  }

  /** Nearest tick; callers check the grid first. */
  ticksOf(price: BigNumber.Value): number {
    return new BigNumber(price).div(this.tick).integerValue().toNumber();
  }

  lotsOf(quantity: BigNumber.Value): number {
    return new BigNumber(quantity).div(this.step).integerValue().toNumber();
  }

  addTrade(trade: PublicTrade): void {
    this.lastTicks = trade.ticks;
    this.trades.push(trade);
    if (this.trades.length > 2 * recentTrades) this.trades.splice(0, recentTrades);
  }

  /** Counts the level changes since the last call. True when there were any. */
  countChanges(): boolean {
    let changes = 0;
    for (const side of ['buy', 'sell'] as const) {
      for (const ticks of this.book.side(side).takeChanged()) {
        this.pending[side].add(ticks);
        changes += 1;
      }
    }
    this.updateId += changes;
    return changes > 0;
  }

  /** Changes since the last frame, with absolute quantities; undefined when there were none. */
  takeDepth(): { first: number; last: number; bids: string[][]; asks: string[][] } | undefined {
    this.countChanges();
    if (this.firstPending > this.updateId) return undefined;
    const frame = { first: this.firstPending, last: this.updateId, bids: this.rows('buy'), asks: this.rows('sell') };
    this.firstPending = this.updateId + 1;
    return frame;
  }

  private rows(side: BookSide): string[][] {
    const rows = [...this.pending[side]].map((ticks) => [
      this.price(ticks),
      this.quantity(this.book.side(side).lotsAt(ticks)),
    ]);
    this.pending[side].clear();
    return rows;
  }
}
