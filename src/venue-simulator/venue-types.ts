import type { Dec, Lots, Ms, Side, Ticks } from '../domain/units';

/** One market of the simulated venue. */
export interface Market {
  /** The venue's own id, `BTCUSDT`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tickSize: Dec;
  readonly lotSize: Dec;
  readonly minQuantity: Dec;
  readonly maxQuantity: Dec;
  readonly minNotional: Dec;
  readonly startPrice: Dec;
  readonly maxOpenOrders: number;
  /** Trading without one. */
  readonly status?: MarketStatus;
}

/** `DELISTED` is no word of a venue: such a market is not shown. */
export type MarketStatus = 'TRADING' | 'HALT' | 'BREAK' | 'CANCEL_ONLY' | 'DELISTED';
/** What a venue may change of a market while it runs; resting orders stay. */
export type MarketTerms = Pick<Market, 'minQuantity' | 'minNotional' | 'status'>;

export type VenueOrderStatus =
  'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH' | 'REJECTED';
export type VenueTif = 'GTC' | 'IOC' | 'FOK' | 'POST_ONLY';
export type StpMode = 'NONE' | 'EXPIRE_TAKER' | 'EXPIRE_MAKER' | 'EXPIRE_BOTH';

export interface PlaceRequest {
  readonly account: string;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly timeInForce: VenueTif;
  /** Ignored for market orders. */
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly stp: StpMode;
  /** A post-only order that would take is refused; with `EXPIRE` it is accepted and ends at once. */
  readonly crossing?: 'EXPIRE' | undefined;
  /** What a dialect must remember to show the order again: kept with it, never read by the core. */
  readonly memo?: Memo | undefined;
}

export type Memo = Readonly<Record<string, string>>;

/** What changes of an order; what is absent stays. `quantity` is the total, with what has been filled. */
export type OrderChange = Partial<Pick<PlaceRequest, 'price' | 'quantity' | 'memo' | 'clientOrderId'>>;

/** A trade of an account with itself that did not happen. Quantities are what was left of both orders. */
export interface PreventedMatch {
  readonly id: number;
  readonly counterOrderId: number;
  readonly price: Ticks;
  readonly taker: Lots;
  readonly maker: Lots;
}

/** The venue's own record of an order. Values are copied out of the core, never shared. */
export interface VenueOrder extends PlaceRequest {
  readonly orderId: number;
  /** One of a kind among all orders and own trades of the venue, rising with time; 0 for the rest of the market. */
  readonly stamp: number;
  readonly filled: Lots;
  /** Σ price × quantity of its trades, in ticks × lots. */
  readonly filledTickLots: number;
  readonly status: VenueOrderStatus;
  readonly createdAt: Ms;
  readonly updatedAt: Ms;
  /** What ended it as `EXPIRED_IN_MATCH`. */
  readonly prevented?: PreventedMatch | undefined;
}

/** One side of one trade, as its owner sees it. A trade has one id for both sides. */
export interface OwnTrade {
  readonly tradeId: number;
  /** As that of an order; the two sides of a trade have different ones. */
  readonly stamp: number;
  readonly symbol: string;
  readonly account: string;
  readonly orderId: number;
  readonly orderStamp: number;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly fee: Dec;
  readonly feeAsset: string;
  readonly isMaker: boolean;
  readonly at: Ms;
}

export interface VenueBalance {
  readonly asset: string;
  readonly free: Dec;
  readonly locked: Dec;
}

/** Money that came to an account or left it, or that something outside the market locked or set free again. */
export interface Movement {
  readonly kind: 'transfer' | 'lock';
  readonly asset: string;
  /** Less than zero for what left, or was set free. */
  readonly quantity: Dec;
}

/** What a maker of the rest of the market stands with. */
export type CrowdQuote = Pick<PlaceRequest, 'symbol' | 'side' | 'price' | 'quantity'>;

export type PlaceAnswer =
  | { readonly ok: true; readonly order: VenueOrder; readonly trades: readonly OwnTrade[] }
  | { readonly ok: false; readonly reason: PlaceRefusal };
export type PlaceRefusal =
  'INSUFFICIENT_BALANCE' | 'WOULD_MATCH' | 'DUPLICATE_ID' | 'TOO_MANY_ORDERS' | 'UNKNOWN_SYMBOL';
export type AmendAnswer =
  | Extract<PlaceAnswer, { ok: true }>
  | { readonly ok: false; readonly reason: 'NOT_OPEN' | 'WOULD_MATCH' | 'INSUFFICIENT_BALANCE' };
export type CancelAnswer = { readonly ok: true; readonly order: VenueOrder } | { readonly ok: false };
export interface OrderKey {
  readonly account: string;
  readonly symbol: string;
  readonly orderId?: number | undefined;
  readonly clientOrderId?: string | undefined;
}

/** What happened at the venue, in order. `depth` carries absolute sizes, one level an event. */
export type CoreEvent = { readonly at: Ms } & (
  | {
      readonly type: 'order';
      readonly execution: 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'REJECTED' | 'REPLACED';
      readonly order: VenueOrder;
      readonly trade?: OwnTrade;
    }
  | {
      readonly type: 'balance';
      readonly account: string;
      readonly balances: readonly VenueBalance[];
      /** What changed them, when it was no order. */
      readonly moved?: Movement;
    }
  | {
      readonly type: 'trade';
      readonly symbol: string;
      readonly tradeId: number;
      readonly price: Ticks;
      readonly quantity: Lots;
      readonly taker: Side;
    }
  | {
      readonly type: 'depth';
      readonly symbol: string;
      readonly updateId: number;
      readonly side: Side;
      readonly price: Ticks;
      readonly quantity: Lots;
    }
);

export interface DepthView {
  readonly updateId: number;
  readonly bids: readonly (readonly [Ticks, Lots])[];
  readonly asks: readonly (readonly [Ticks, Lots])[];
}

/** The venue behind its doors: orders, trades, balances and books, driven by a clock that is passed in. */
export interface VenueCore {
  readonly markets: readonly Market[];
  /** Assets that the account already has, from before a restart, stay as they are. */
  addAccount(account: string, balances: Readonly<Record<string, Dec>>): void;
  /** Whatever the account has: nothing is refused. */
  move(account: string, movement: Movement): void;
  place(request: PlaceRequest): PlaceAnswer;
  /** `memo` is added to what is remembered of the order, such as why it was canceled. */
  cancel(key: OrderKey, memo?: Memo): CancelAnswer;
  /**
   * Less at the same price keeps its place; everything else goes to the end of its level and may take. No more than
   * what has been filled cancels the rest.
   */
  amend(key: OrderKey, change: OrderChange): AmendAnswer;
  /**
   * A post-only order of the rest of the market: nearly every command of a venue is one. Returns its id, and undefined
   * when it would take.
   */
  quoteCrowd(quote: CrowdQuote): number | undefined;
  /** Takes away a resting order of the rest of the market; nothing happens when it has traded away. */
  cancelCrowd(symbol: string, orderId: number): void;
  order(key: OrderKey): VenueOrder | undefined;
  openOrders(account: string, symbol?: string): readonly VenueOrder[];
  /** Open orders and the latest 10,000 ended ones, oldest first. */
  allOrders(account: string): readonly VenueOrder[];
  /** The latest 10,000 own trades, ascending by id. */
  trades(account: string, symbol: string): readonly OwnTrade[];
  balances(account: string): readonly VenueBalance[];
  /** Best first. */
  depth(symbol: string, levels: number): DepthView;
  /** Where the rest of the market stands best, among the first levels of a side; undefined when nowhere. */
  crowdBest(symbol: string, side: Side, levels: number): Ticks | undefined;
  /** Last 1000 public trades, oldest first; the list goes on, so what is kept of it is copied. */
  publicTrades(symbol: string): readonly Extract<CoreEvent, { type: 'trade' }>[];
  /**
   * Synchronous, in order, once the command that caused them is done and kept; of every kind unless some are named.
   * Returns the unsubscribe.
   */
  onEvent(listener: (event: CoreEvent) => void, kinds?: readonly CoreEvent['type'][]): () => void;
}
