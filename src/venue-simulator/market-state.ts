import BigNumber from 'bignumber.js';
import type { Lots, Ticks } from '../domain/units';
import { MatchingBook } from './matching-book';
import type { KeptMarket } from './venue-state';
import type { CoreEvent, Market } from './venue-types';

export type PublicTrade = Extract<CoreEvent, { type: 'trade' }>;

const publicTradesKept = 1_000;
/** Written down together, so that a restart never gives out an id a second time. */
const idsReserved = 1_000;

/** One market: its book, its public trades and its sequences. */
export class MarketState {
  readonly book = new MatchingBook();
  readonly trades: PublicTrade[] = [];
  updateId: number;
  tradeId: number;
  orderId: number;
  preventionId: number;
  private readonly lot: BigNumber;
  private readonly tickLot: BigNumber;
  private reserved: number;
  private lastMid: Ticks | undefined;

  /** Sequences begin behind `firstId` and behind everything that was reserved before. */
  constructor(
    readonly market: Market,
    firstId: number,
    kept: KeptMarket | undefined,
  ) {
    this.lot = new BigNumber(market.lotSize);
    this.tickLot = this.lot.times(market.tickSize);
    this.reserved = Math.max(firstId, kept?.reserved ?? 0);
    this.lastMid = kept?.mid;
    this.updateId = this.tradeId = this.orderId = this.preventionId = this.reserved;
  }

  base = (lots: Lots): BigNumber => this.lot.times(lots);
  value = (price: Ticks, lots: Lots): BigNumber => {
    const tickLots = price * lots;
    // Past what a number holds exactly, factor by factor.
    return Number.isSafeInteger(tickLots)
      ? this.tickLot.times(tickLots)
      : this.tickLot.times(price).times(lots);
  };

  keepTrade(trade: PublicTrade): void {
    this.trades.push(trade);
    if (this.trades.length > publicTradesKept) this.trades.shift();
  }

  /** Whether ids have been given out that no mark covers. */
  get needsMark(): boolean {
    return this.highestId > this.reserved;
  }

  /** What to keep of the market now; reserves more ids when they have run out. */
  mark(): KeptMarket {
    if (this.needsMark) this.reserved = this.highestId + idsReserved;
    const [bid, ask] = [this.book.bestOf('buy'), this.book.bestOf('sell')];
    if (bid !== undefined && ask !== undefined) this.lastMid = (bid + ask) / 2;
    return { symbol: this.market.symbol, reserved: this.reserved, mid: this.lastMid };
  }

  private get highestId(): number {
    return Math.max(this.updateId, this.tradeId, this.orderId, this.preventionId);
  }
}
