import type { Instrument } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import { statusOf } from '../../domain/order';
import type { Mono } from '../../domain/units';
import type { Engine } from './engine';
import type { Session } from './session';
import { bookOf } from './traded-instruments';
import type { OrderView, SessionView } from './types';

export function sessionViewOf(engine: Engine, session: Session): SessionView {
  const { id, rules, account } = session.strategy;
  const now = engine.runtime.monotonic();
  const open = engine.accounts.get(account.id);
  const book = open ? bookOf(engine, open, rules) : engine.books.view(account.venue, rules.id);
  const touch = book.publicTouch;
  const mid = touch && (touch.bid + touch.ask) / 2;
  return {
    strategyId: id,
    state: session.state,
    detail: session.haltCode ?? session.mode,
    bestBid: touch && rules.price(touch.bid),
    bestAsk: touch && rules.price(touch.ask),
    mid: mid === undefined ? undefined : rules.price(mid),
    bookAgeMs: Number.isFinite(book.livenessAgeMs) ? book.livenessAgeMs : undefined,
    orders: engine.orders.unended(id).map((order) => orderViewOf(order, rules, now)),
    reasons: session.reasons(),
    balances: engine.holdings.of(`strategy:${id}`),
    lean: session.lean,
  };
}

export const orderViewOf = (order: ClientOrder, rules: Instrument, now: Mono): OrderView => ({
  clientOrderId: order.clientOrderId,
  venueOrderId: order.venueOrderId,
  strategyId: order.strategyId,
  accountId: order.accountId,
  venue: order.venue,
  symbol: order.instrument,
  slotKey: order.slotKey,
  side: order.side,
  price: rules.price(order.price),
  quantity: rules.quantity(order.quantity),
  maxFilled: rules.quantity(order.maxFilled),
  bookedFilled: rules.quantity(order.bookedFilled),
  status: statusOf(order),
  command: order.command,
  evidence: { source: order.evidence.source, ageMs: Math.max(0, Math.round(now - order.evidence.at)) },
});
