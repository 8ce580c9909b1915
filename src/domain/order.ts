import type { AccountId, InstrumentId, VenueId } from './instrument';
import type { Lots, Mono, Ms, Side, Ticks } from './units';
import type { EvidenceSource } from './venue-event';

export type OrderType = 'limit' | 'market';
export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'postOnly';
export type EndWhy = 'filled' | 'canceled' | 'expired' | 'rejected' | 'denied' | 'absent';
export interface End {
  readonly why: EndWhy;
  readonly code?: string;
  readonly at: Ms;
}
/** The code of an end that rests on a person's word. */
export const resolvedCode = 'RESOLVED';
export type Command = 'NONE' | 'CANCEL_SENT' | 'CANCEL_UNKNOWN';

/** What was decided once and committed with the intent. */
export interface OrderIntent {
  readonly clientOrderId: string;
  readonly strategyId: string;
  readonly accountId: AccountId;
  readonly venue: VenueId;
  readonly instrument: InstrumentId;
  readonly slotKey: string;
  readonly side: Side;
  readonly price: Ticks;
  readonly quantity: Lots;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly epoch: number;
}

/** All we can prove about one order we may have sent. Facts only grow; `applyReport` alone assigns them. */
export interface ClientOrder extends OrderIntent {
  /** Database clock; 0 until the commit answered. */
  readonly committedAt: Ms;
  /** Database clock; after it no copy of the create can still be accepted. 0 until the commit answered. */
  readonly deadlineAt: Ms;
  /** Handed to the socket by this process. */
  readonly sentAt: Mono | undefined;
  /** The venue has shown that it exists: an ack, a report or a fill. */
  readonly acknowledged: boolean;
  readonly venueOrderId: string | undefined;
  /** Largest cumulative figure that reports or booked fills have shown. */
  readonly maxFilled: Lots;
  /** Sum of the fills in the books. */
  readonly bookedFilled: Lots;
  /** Outcome ambiguous, or acknowledged and now not found. */
  readonly doubtSince: Mono | undefined;
  readonly ended: End | undefined;
  /** What we have asked for and not yet seen in effect. Never changes a fact. */
  readonly command: Command;
  readonly commandSentAt: Mono | undefined;
  readonly lastLocalChangeAt: Mono;
  readonly evidence: { readonly source: EvidenceSource; readonly at: Mono };
}

export type OrderClass = 'unproven' | 'live' | 'ended';

/** The three classes logic may branch on. */
export const classOf = (order: ClientOrder): OrderClass =>
  order.ended ? 'ended' : order.acknowledged && order.doubtSince === undefined ? 'live' : 'unproven';

/** What the venue's book may show of it: sent, or found on record, and not over. An intent has not left us. */
export const mayRest = ({ ended, acknowledged, sentAt, doubtSince }: ClientOrder): boolean =>
  !ended && (acknowledged || sentAt !== undefined || doubtSince !== undefined);

export const unbookedOf = (order: ClientOrder): Lots => Math.max(0, order.maxFilled - order.bookedFilled);
export const remainingOf = (order: ClientOrder): Lots =>
  order.ended ? 0 : Math.max(0, order.quantity - order.maxFilled);
/** Over, and its last fill is in the books: only then is its slot free and its end committed. */
export const isSettled = (order: ClientOrder): boolean =>
  order.ended !== undefined && unbookedOf(order) === 0;

export type OrderStatus =
  | 'INTENT'
  | 'PENDING_CREATE'
  | 'UNKNOWN'
  | 'OPEN'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED'
  | 'DENIED'
  | 'ABSENT'
  | 'LOST';

const endWords: Readonly<Record<EndWhy, OrderStatus>> = {
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
  rejected: 'REJECTED',
  denied: 'DENIED',
  absent: 'ABSENT',
};

/** The word people see. Nothing branches on it. */
export function statusOf(order: ClientOrder): OrderStatus {
  if (order.maxFilled >= order.quantity) return 'FILLED'; // Also when the venue called it canceled first.
  if (order.ended) return endWords[order.ended.why];
  if (order.doubtSince !== undefined) return order.acknowledged ? 'LOST' : 'UNKNOWN';
  if (order.acknowledged) return order.maxFilled > 0 ? 'PARTIALLY_FILLED' : 'OPEN';
  return order.sentAt === undefined ? 'INTENT' : 'PENDING_CREATE';
}

/** What a message, a query or our own step proves about one order. Quantities in lots. */
export type Report = { readonly at: Mono; readonly atMs: Ms } & (
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'seen';
      readonly filled: Lots;
      readonly venueOrderId?: string;
      readonly end?: End;
      readonly source: EvidenceSource;
    }
  | {
      readonly kind: 'booked';
      readonly quantity: Lots;
      readonly venueOrderId?: string;
      readonly source: EvidenceSource;
    }
  | { readonly kind: 'refused'; readonly end: End }
  | { readonly kind: 'denied'; readonly end: End }
  | { readonly kind: 'absent'; readonly end: End }
  /** A person's word about an order that is lost or overdue. */
  | {
      readonly kind: 'resolved';
      readonly filled: Lots;
      readonly venueOrderId?: string;
      readonly end: End;
      readonly source: EvidenceSource;
    }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'vanished' }
);

export type Effect =
  | 'ASK_ORDER'
  | 'ASK_TRADES'
  | 'PAGE_RESURRECTED'
  | 'HALT_OVERFILL'
  | 'LATE_FILL'
  | 'ALERT_REFUSED_AFTER_FILL'
  | 'ALERT_REFUSED_AFTER_ACK';
