import type { AccountId, InstrumentId, VenueId } from './instrument';
import type { Dec, Mono, Ms, Side } from './units';

/** Levels of one side, absolute sizes; `ticks[i]` belongs to `lots[i]`, only the first `length` count. Reused by its producer. */
export interface LevelBatch {
  readonly ticks: Int32Array;
  readonly lots: Float64Array;
  readonly length: number;
}

export type OrderReportStatus =
  'open' | 'partiallyFilled' | 'filled' | 'canceled' | 'expired' | 'rejected' | 'unrecognised';
export type EvidenceSource =
  'reply' | 'ws-order' | 'ws-trade' | 'rest-order' | 'rest-list' | 'rest-trades' | 'local' | 'human';

/** What a venue said about one order. `cumFilled` is a detector; only fills move money. */
export interface OrderReport {
  readonly instrument: InstrumentId;
  readonly clientOrderId?: string;
  readonly venueOrderId: string;
  readonly side: Side;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly cumFilled: Dec;
  readonly status: OrderReportStatus;
  readonly endReason?: string;
  readonly venueTime?: Ms;
  readonly source: EvidenceSource;
}

/** One trade of ours as the venue reports it. A fee is positive when paid; absent means not known yet, never zero. */
export interface FillReport {
  readonly instrument: InstrumentId;
  readonly tradeId: string;
  readonly venueOrderId: string;
  readonly clientOrderId?: string;
  readonly side: Side;
  readonly price: Dec;
  readonly quantity: Dec;
  readonly fee?: Dec;
  readonly feeAsset?: string;
  readonly liquidity: 'maker' | 'taker' | 'unknown';
  readonly venueTime: Ms;
  readonly source: EvidenceSource;
}

export interface AssetBalance {
  readonly asset: string;
  readonly free: Dec;
  readonly locked: Dec;
}

export type StreamState = 'connecting' | 'live' | 'down' | 'blocked';

/** What a venue said, parsed, stamped with the generation of the stream it came by. Order within a stream is kept. */
export type VenueEvent = {
  readonly venue: VenueId;
  readonly receivedAt: Mono;
  readonly generation: number;
} & (
  | {
      readonly type: 'depth';
      readonly instrument: InstrumentId;
      readonly snapshot: boolean;
      readonly firstId: number;
      readonly lastId: number;
      readonly prevId?: number | undefined;
      readonly venueTime?: Ms | undefined;
      readonly bids: LevelBatch;
      readonly asks: LevelBatch;
    }
  | { readonly type: 'offGrid'; readonly instrument: InstrumentId; readonly detail: string }
  | {
      readonly type: 'publicTrade';
      readonly instrument: InstrumentId;
      readonly tradeId: string;
      readonly price: Dec;
      readonly quantity: Dec;
      readonly taker: Side;
      readonly venueTime: Ms;
    }
  | { readonly type: 'order'; readonly accountId: AccountId; readonly report: OrderReport }
  | { readonly type: 'fill'; readonly accountId: AccountId; readonly fill: FillReport }
  | {
      readonly type: 'balance';
      readonly accountId: AccountId;
      readonly assets: readonly AssetBalance[];
      readonly venueTime?: Ms;
    }
  /** One balance changed and no order did it: money came or went, or was locked from outside. */
  | {
      readonly type: 'moved';
      readonly accountId: AccountId;
      readonly asset: string;
      /** Less than zero for what left. */
      readonly delta: Dec;
    }
  | {
      readonly type: 'connection';
      readonly stream: 'public' | 'private';
      readonly accountId?: AccountId;
      readonly state: StreamState;
      readonly reason?: string;
      /** The new generation was live before the old one ended: nothing was missed between them. */
      readonly isOverlap?: boolean;
    }
  | {
      readonly type: 'quarantine';
      readonly stream: 'public' | 'private';
      readonly raw: string;
      readonly error: string;
    }
);
