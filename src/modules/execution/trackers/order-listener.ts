import type { Fill } from '../../../domain/fill';
import type { ClientOrder, Effect } from '../../../domain/order';
import type { Severity } from '../common/notices';
import type { Balance } from '../store/types';

/** Who asks the venue of one account. */
export interface VenueAsker {
  /** Ask about this order and what it has traded, soon. */
  doubt(order: ClientOrder): void;
  /** This fill is in the books and its fee is not: learn it. */
  feePending(fill: Fill): void;
}

/** What the tracker tells the rest of the engine. Notices, never questions. */
export interface OrderListener {
  /** `news`: what this process has not counted yet, whoever has booked it; undefined when it adds nothing. */
  fillBooked(fill: Fill, news: Fill | undefined, balances: readonly Balance[]): void;
  halt(strategyId: string, code: string, detail: string): void;
  storeAnswered(ok: boolean, detail: string): void;
}

/** What people are told of an effect. */
export const effectNotices: Readonly<Partial<Record<Effect, readonly [Severity, string]>>> = {
  PAGE_RESURRECTED: ['page', 'the venue shows an order we had proved never lived'],
  LATE_FILL: ['info', 'filled after its end was reported'],
  ALERT_REFUSED_AFTER_FILL: ['warn', 'the venue refused an order it had shown filled'],
  ALERT_REFUSED_AFTER_ACK: ['warn', 'the venue refused an order it had shown'],
};
