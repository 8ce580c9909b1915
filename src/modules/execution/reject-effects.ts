import type { ApprovedOrder } from '../../domain/approved-order';
import type { Sent } from '../../domain/sent';
import type { Engine, OpenAccount } from './engine';
import type { Session } from './session';
import { placeOf } from './traded-instruments';

type Rejected = Extract<Sent, { kind: 'rejected' }>;

/** What a definitive refusal of an order says beyond that order: its side waits, and what it names is looked at. */
export function orderRejected(
  engine: Engine,
  account: OpenAccount,
  session: Session,
  { order, sent }: { readonly order: ApprovedOrder; readonly sent: Rejected },
): void {
  session.rejected(order, sent, engine.runtime.monotonic());
  engine.breaker.rejected(account.config.id);
  if (sent.code === 'BALANCE') account.reconciler.hurryBalances();
  const place = placeOf(account, order.rules);
  if (sent.code === 'MARKET_CLOSED') engine.rules.marketClosed(place);
  if (sent.code !== 'FILTER') return;
  const sentAt = engine.orders.get(order.clientOrderId)?.sentAt ?? -Infinity;
  engine.rules.filterRefused(account.config.id, place, { sentAt, text: sent.text });
}
