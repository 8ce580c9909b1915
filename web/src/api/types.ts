/** What the service sends. Prices, quantities and money are decimal strings; times are milliseconds since the epoch. */
export type QuoteSide = 'bid' | 'ask';
export type Side = 'buy' | 'sell';
export type Dec = string;

export interface OwnQuote {
  readonly side: QuoteSide;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly status: string;
}

export interface ReasonRow {
  readonly code: string;
  readonly side: QuoteSide | 'both';
  readonly text: string;
  readonly fix: string;
  readonly sinceMs: number;
}

export interface FleetRow {
  readonly id: string;
  readonly name: string;
  readonly symbol: string;
  readonly venue: string;
  readonly environment: string;
  readonly state: string;
  readonly desiredState: string;
  readonly stateReason: string | null;
  readonly bid: Dec | null;
  readonly mid: Dec | null;
  readonly ask: Dec | null;
  readonly quotes: readonly OwnQuote[];
  /** `lean`: −1 (all quote) … 0 (at target) … 1 (all base). */
  readonly inventory: { readonly base: Dec; readonly quote: Dec; readonly lean: number };
  readonly fillsCount: number;
  readonly pnl: { readonly equityQuote: Dec | null; readonly netQuote: Dec | null };
  readonly reasons: readonly ReasonRow[];
  readonly allowed: readonly string[];
}

export interface VenueRow {
  readonly venue: string;
  readonly publicLive: boolean;
  readonly privateLive: boolean;
}

export interface FleetFrame {
  readonly rows: readonly FleetRow[];
  readonly venues: readonly VenueRow[];
  readonly atMs: number;
}

export interface SeriesPoint {
  readonly t: number;
  readonly mid: Dec | number | null;
  /** Best own bid and ask resting at that time. */
  readonly bid: Dec | number | null;
  readonly ask: Dec | number | null;
}

export interface SeriesFill {
  readonly t: number;
  readonly side: Side;
  readonly price: Dec | number;
  readonly quantity: Dec | number;
}

export interface Series {
  readonly points: readonly SeriesPoint[];
  readonly fills: readonly SeriesFill[];
}

export interface OrderRow {
  readonly clientOrderId: string;
  readonly side: Side | QuoteSide;
  readonly slotKey: string;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly bookedFilled: Dec;
  readonly status: string;
  readonly command: string;
  readonly evidence: { readonly source: string; readonly ageMs: number } | null;
}

/** One line of an order's history. `status` is the state word after it. */
export interface OrderEventRow {
  readonly at: string;
  readonly kind: string;
  readonly status: string;
  readonly source: string;
  readonly worker: string | null;
  readonly detail: string;
}

export interface FillRow {
  readonly tradeId: string;
  readonly side: Side;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly fee: Dec | null;
  readonly feeAsset: string | null;
  readonly liquidity: string | null;
  readonly at: string | number;
}
