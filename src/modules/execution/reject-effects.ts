import type { ApprovedOrder } from '../../domain/approved-order';
import type { RejectCode, Sent } from '../../domain/sent';
import { rejectsPerMinute } from './common/circuit-breaker.service';
import type { Engine, OpenAccount } from './engine';
import { engineActor } from './gates';
import { haltStrategy } from './halt-effects';
import type { Session } from './session';
import { placeOf } from './traded-instruments';

type Rejected = Extract<Sent, { kind: 'rejected' }>;

/** What a refusal says would be said to every later order too, so what it names waits for a person. */
const halted: Readonly<Partial<Record<RejectCode, 'account' | 'instrument' | 'strategy'>>> = {
  AUTH: 'account',
  RESTRICTED: 'account',
  SYMBOL: 'instrument',
  BAD_REQUEST: 'strategy',
};

/** What a definitive refusal of an order says beyond that order: its side waits, and what it names is looked at. */
export function orderRejected(
  engine: Engine,
  account: OpenAccount,
  session: Session,
  { order, sent }: { readonly order: ApprovedOrder; readonly sent: Rejected },
): void {
  session.rejected(order, sent, engine.runtime.monotonic());
  watchRejectRate(engine, account, { order, sent });
  haltNamed(engine, account, { order, sent });
  if (sent.code === 'BALANCE') account.reconciler.hurryBalances();
  const place = placeOf(account, order.rules);
  if (sent.code === 'MARKET_CLOSED') engine.rules.marketClosed(place);
  if (sent.code !== 'FILTER') return;
  const sentAt = engine.orders.get(order.clientOrderId)?.sentAt ?? -Infinity;
  engine.rules.filterRefused(account.config.id, place, { sentAt, text: sent.text });
}

/** The order itself is at fault, its instrument, or the whole account is. */
function haltNamed(
  engine: Engine,
  { config }: OpenAccount,
  { order, sent }: { readonly order: ApprovedOrder; readonly sent: Rejected },
): void {
  const named = halted[sent.code];
  if (named === undefined) return;
  const detail = `${sent.venueCode} ${sent.text}`.trim();
  if (named === 'strategy') return haltStrategy(engine, order.strategyId, sent.code, detail);
  const scopeKey =
    named === 'account' ? `account:${config.id}` : `instrument:${config.id}/${order.instrument}`;
  const reason = `${sent.code}: ${detail}`;
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
