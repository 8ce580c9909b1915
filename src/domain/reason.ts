import type { QuoteSide } from './units';

export type ReasonEffect = 'block' | 'restrict' | 'hold' | 'info';

/** Why a quote is not resting where it should; one code, one text, one fix. Texts live in `reasons.ts`. */
export interface Reason {
  readonly code: ReasonCode;
  readonly effect: ReasonEffect;
  readonly side: QuoteSide | 'both';
  readonly slot?: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export type ReasonCode =
  | 'PAUSED_BY_USER'
  | 'PAUSED_BY_RISK'
  | 'KILL_SWITCH'
  | 'REDUCE_ONLY'
  | 'STOPPING'
  | 'QUARANTINED'
  | 'RECONCILING'
  | 'LEASE_NOT_HELD'
  | 'DRAINING'
  | 'VENUE_DISCONNECTED'
  | 'USER_STREAM_DOWN'
  | 'USER_STREAM_SILENT'
  | 'KEY_REJECTED'
  | 'CLOCK_SKEW'
  | 'DEAD_MAN_NOT_ARMED'
  | 'RATE_LIMITED'
  | 'CIRCUIT_OPEN'
  | 'INSTRUMENT_HALTED'
  | 'INSTRUMENT_CANCEL_ONLY'
  | 'INSTRUMENT_RULES_CHANGED'
  | 'INSTRUMENT_RULES_UNSURE'
  | 'BOOK_STALE'
  | 'BOOK_GAP_RESYNC'
  | 'BOOK_EMPTY'
  | 'BOOK_CROSSED'
  | 'BOOK_TOO_WIDE'
  | 'INSUFFICIENT_BASE'
  | 'INSUFFICIENT_QUOTE'
  | 'ACCOUNT_UNRECONCILED'
  | 'BELOW_MIN_NOTIONAL'
  | 'BELOW_MIN_QUANTITY'
  | 'ABOVE_MAX_QUANTITY'
  | 'PRICE_INVALID'
  | 'PRICE_COLLAR'
  | 'BELOW_MIN_SPREAD'
  | 'POST_ONLY_MARGIN'
  | 'INVENTORY_LIMIT'
  | 'ORDER_NOTIONAL_LIMIT'
  | 'ORDER_COUNT_LIMIT'
  | 'REFERENCES_DISAGREE'
  | 'ORDER_RATE_LIMIT'
  | 'LOSS_LIMIT'
  | 'DRAWDOWN_LIMIT'
  | 'TOXIC_FLOW'
  | 'ONE_SIDED_FILLS'
  | 'EXPOSURE_LIMIT'
  | 'ORDER_UNKNOWN'
  | 'ORDER_LOST'
  | 'CANCEL_PENDING'
  | 'FILL_UNBOOKED'
  | 'SELF_CROSS_GUARD'
  | 'POST_ONLY_REJECTED'
  | 'REJECT_BACKOFF'
  | 'MIN_LIFETIME'
  | 'LOOP_LAG'
  | 'DATABASE_DOWN';
