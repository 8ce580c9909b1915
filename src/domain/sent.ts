import type { Mono, Ms } from './units';
import type { FillReport, OrderReport } from './venue-event';

export type RejectCode =
  | 'BALANCE'
  | 'POST_ONLY'
  | 'FILTER'
  | 'LIMIT'
  | 'MARKET_CLOSED'
  | 'SYMBOL'
  | 'RATE'
  | 'CLOCK'
  | 'AUTH'
  | 'RESTRICTED'
  | 'BAD_REQUEST'
  | 'NOT_SENT';

/** Why the outcome of a request that may have reached the venue is not known. `archived`: it shows old orders no more. */
export type UnknownReason =
  | 'deadline'
  | 'transport'
  | 'unparsable'
  | 'malformed'
  | 'server_error'
  | 'duplicate_id'
  | 'archived'
  | 'unmapped';

/** What became of a create. Unknown is not rejected: the order may be live. */
export type Sent =
  | {
      readonly kind: 'accepted';
      readonly venueOrderId: string;
      readonly report?: OrderReport;
      readonly fills?: readonly FillReport[];
    }
  | {
      readonly kind: 'rejected';
      readonly code: RejectCode;
      readonly venueCode: string;
      readonly text: string;
      readonly retryAfterMs?: number;
      /** It was taken under this id and ended at once, as Gate does with a post-only order that would take. */
      readonly venueOrderId?: string;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly venueCode?: string };

/** What became of a cancel. Never "cancelled" from silence or from not-found. */
export type Cancelled =
  | { readonly kind: 'accepted'; readonly final: boolean; readonly report?: OrderReport }
  | {
      readonly kind: 'rejected';
      readonly code: 'not_found' | 'already_done' | RejectCode;
      readonly venueCode: string;
      readonly text: string;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

/** The answer to a query of one order. `requestedAt` is from before the bytes left: the fence of reconciliation. */
export type Queried =
  | { readonly kind: 'found'; readonly report: OrderReport; readonly requestedAt: Mono }
  | { readonly kind: 'not_found'; readonly requestedAt: Mono; readonly requestedAtMs: Ms }
  | { readonly kind: 'failed'; readonly reason: string };
