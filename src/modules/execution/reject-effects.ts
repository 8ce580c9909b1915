import type { ApprovedOrder } from '../../domain/approved-order';
import type { ClientOrder } from '../../domain/order';
import type { RejectCode, Sent } from '../../domain/sent';
import type { Mono } from '../../domain/units';
import { rejectsPerMinute } from './common/circuit-breaker.service';
import type { Engine, OpenAccount } from './engine';
import { engineActor } from './gates';
import type { Session } from './session';
import { placeOf } from './traded-instruments';

type Rejected = Extract<Sent, { kind: 'rejected' }>;

/** What a definitive answer to an order says beyond that order. */
export function orderAnswered(
  engine: Engine,
  account: OpenAccount,
  session: Session,
  { order, sent }: { readonly order: ApprovedOrder; readonly sent: Exclude<Sent, { kind: 'unknown' }> },
): void {
  if (sent.kind === 'accepted') session.accepted(order, sentAtOf(engine, order));
  else orderRejected(engine, account, session, { order, sent });
}

/** The side of a refused order waits, and what the refusal names is looked at. */
function orderRejected(
  engine: Engine,
  account: OpenAccount,
  session: Session,
  { order, sent }: { readonly order: ApprovedOrder; readonly sent: Rejected },
): void {
  session.rejected(order, sent, engine.runtime.monotonic());
  haltWhatIsRefused(engine, order, sent);
  watchRejectRate(engine, account, { order, sent });
  if (sent.code === 'BALANCE') account.reconciler.hurryBalances();
  if (sent.code === 'LIMIT') lowerBudget(engine, order);
  const place = placeOf(account, order.rules);
  if (sent.code === 'MARKET_CLOSED') engine.rules.marketClosed(place);
  if (sent.code !== 'FILTER') return;
  const sentAt = sentAtOf(engine, order);
  engine.rules.filterRefused(account.config.id, place, { sentAt, text: sent.text });
}

/** What may rest beside the refused order is what the venue allows; those on their way lower it if refused as well. */
function lowerBudget({ orders, risk, runtime }: Engine, order: ApprovedOrder): void {
  const isBeside = ({ clientOrderId, accountId, ended }: ClientOrder): boolean =>
    accountId === order.accountId && clientOrderId !== order.clientOrderId && !ended;
  const beside = orders.unendedOn(order.rules).filter(isBeside).length;
  risk.memory.countRefused(order, beside, runtime.monotonic());
}

/** What a refusal condemns as a whole: the next order would be refused for the same, whatever its price. */
const condemned: Partial<Record<RejectCode, (order: ApprovedOrder) => string>> = {
  AUTH: ({ accountId }) => `account:${accountId}`,
  RESTRICTED: ({ accountId }) => `account:${accountId}`,
  SYMBOL: ({ accountId, instrument }) => `instrument:${accountId}/${instrument}`,
  BAD_REQUEST: ({ strategyId }) => `strategy:${strategyId}`,
};

/** Nothing but a person can mend it: a key, a permission, a symbol, or a request that we have put wrongly. */
function haltWhatIsRefused(engine: Engine, order: ApprovedOrder, sent: Rejected): void {
  const scopeKey = condemned[sent.code]?.(order);
  if (scopeKey === undefined || engine.halts.all().some((halt) => halt.scopeKey === scopeKey)) return;
  const reason = `${sent.code}: the venue refused an order for good: ${sent.venueCode} ${sent.text}`.trim();
  void engine.halts.raise({ scopeKey, level: 'HALTED', reason, actor: engineActor });
}

/** A pair whose orders are refused again and again is left to a person; its orders may still be cancelled. */
function watchRejectRate(
  engine: Engine,
  { config }: OpenAccount,
  { order, sent }: { readonly order: ApprovedOrder; readonly sent: Rejected },
): void {
  if (!engine.breaker.rejected(config.id, order.instrument)) return;
  const scopeKey = `instrument:${config.id}/${order.instrument}`;
  const last = `${sent.code} ${sent.venueCode} ${sent.text}`.trim();
  const reason = `REJECT_RATE: over ${rejectsPerMinute} orders refused within a minute, the last: ${last}`;
  void engine.halts.raise({ scopeKey, level: 'CANCEL_ONLY', reason, actor: engineActor });
}

const sentAtOf = ({ orders }: Engine, { clientOrderId }: ApprovedOrder): Mono =>
  orders.get(clientOrderId)?.sentAt ?? -Infinity;
