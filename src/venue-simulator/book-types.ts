export type BookSide = 'buy' | 'sell';
export type BookTimeInForce = 'gtc' | 'ioc' | 'fok' | 'post-only';
export type SelfTradePrevention = 'NONE' | 'EXPIRE_TAKER' | 'EXPIRE_MAKER';

export interface BookOrder {
  readonly id: number;
  readonly owner: string;
  readonly side: BookSide;
  /** Limit in ticks; undefined takes at any price. */
  readonly ticks: number | undefined;
  readonly lots: number;
  readonly timeInForce: BookTimeInForce;
  readonly prevention: SelfTradePrevention;
}

export type BookEnd = 'canceled' | 'ioc' | 'fok' | 'prevention' | 'no-liquidity';

export type BookEvent =
  | { readonly type: 'accepted'; readonly id: number }
  | { readonly type: 'rejected'; readonly id: number; readonly reason: 'post-only' }
  | {
      readonly type: 'trade';
      readonly takerId: number;
      readonly makerId: number;
      readonly takerSide: BookSide;
      readonly ticks: number;
      readonly lots: number;
    }
  | { readonly type: 'ended'; readonly id: number; readonly remaining: number; readonly reason: BookEnd };

export interface Resting {
  readonly id: number;
  readonly owner: string;
  readonly side: BookSide;
  readonly ticks: number;
  lots: number;
  level: Level;
  previous: Resting | undefined;
  next: Resting | undefined;
}

export interface Level {
  readonly ticks: number;
  lots: number;
  first: Resting | undefined;
  last: Resting | undefined;
}
