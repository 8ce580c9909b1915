import type BigNumber from 'bignumber.js';
import type { BookSide, SelfTradePrevention } from './book-types';

export interface InstrumentSpec {
  /** Unified symbol, such as BTC/USDT. */
  readonly symbol: string;
  readonly tick: string;
  readonly step: string;
  readonly minNotional: string;
  /** Where the price starts. */
  readonly price: string;
}

export interface VenueInstrument extends InstrumentSpec {
  /** The venue's own name, such as BTCUSDT. */
  readonly id: string;
  readonly base: string;
  readonly quote: string;
}

export type OrderType = 'LIMIT' | 'LIMIT_MAKER' | 'MARKET';
export type VenueTimeInForce = 'GTC' | 'IOC' | 'FOK';
export type VenueStatus =
  'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH' | 'REJECTED';

export interface VenueOrder {
  readonly id: number;
  readonly symbol: string;
  readonly account: string;
  readonly clientId: string;
  readonly side: BookSide;
  readonly type: OrderType;
  readonly timeInForce: VenueTimeInForce;
  readonly prevention: SelfTradePrevention;
  readonly ticks: number | undefined;
  readonly lots: number;
  readonly executedLots: number;
  readonly quoteFilled: BigNumber;
  readonly locked: BigNumber;
  readonly status: VenueStatus;
  readonly time: number;
  readonly updateTime: number;
  readonly expiryReason: string | undefined;
  readonly preventedLots: number;
}

export interface VenueTrade {
  readonly id: number;
  readonly symbol: string;
  readonly ticks: number;
  readonly lots: number;
  readonly time: number;
  readonly takerSide: BookSide;
  readonly buyOrderId: number;
  readonly sellOrderId: number;
}

/** One account's half of a trade. */
export interface VenueFill {
  readonly tradeId: number;
  readonly orderId: number;
  readonly clientId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: BookSide;
  readonly ticks: number;
  readonly lots: number;
  readonly fee: BigNumber;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly time: number;
}

export type Execution = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'TRADE_PREVENTION' | 'REJECTED' | 'REPLACED';

export type CoreEvent =
  | {
      readonly type: 'order';
      readonly execution: Execution;
      readonly order: VenueOrder;
      readonly fill: VenueFill | undefined;
      /** The id of the cancel itself. */
      readonly cancelId: string | undefined;
    }
  | { readonly type: 'balances'; readonly account: string; readonly assets: readonly string[]; readonly at: number }
  | { readonly type: 'trade'; readonly trade: VenueTrade }
  | { readonly type: 'top'; readonly symbol: string };

export interface PlaceRequest {
  readonly account: string;
  readonly symbol: string;
  readonly clientId: string;
  readonly side: BookSide;
  readonly type: OrderType;
  readonly timeInForce: VenueTimeInForce;
  readonly ticks: number | undefined;
  readonly lots: number;
  readonly prevention: SelfTradePrevention;
}

export type PlaceResult =
  | { readonly ok: true; readonly order: VenueOrder; readonly fills: readonly VenueFill[] }
  | { readonly ok: false; readonly why: 'balance' | 'duplicate' | 'post-only' | 'symbol' };

export interface Fees {
  readonly maker: string;
  readonly taker: string;
}
