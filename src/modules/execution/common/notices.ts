import type { ClientOrder } from '../../../domain/order';

export type Severity = 'info' | 'warn' | 'page';

/** Something a person should know. Never decides anything. */
export interface Notice {
  readonly code: string;
  readonly severity: Severity;
  readonly detail: string;
  readonly strategyId?: string;
  readonly accountId?: string;
}

export type Notify = (notice: Notice) => void;

export const aboutOrder = (order: ClientOrder, code: string, severity: Severity, detail: string): Notice => ({
  code,
  severity,
  detail: `${order.clientOrderId} ${detail}`,
  strategyId: order.strategyId,
  accountId: order.accountId,
});
