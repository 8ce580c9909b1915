import BigNumber from 'bignumber.js';
import { Instrument } from '../../../domain/instrument';
import type { ClientOrder, End, OrderIntent, Report } from '../../../domain/order';
import { statusOf, unbookedOf } from '../../../domain/order';
import type { Sent } from '../../../domain/sent';
import type { Lots, Mono, Ms } from '../../../domain/units';
import type { OrderReport } from '../../../domain/venue-event';
import type { OrderLogLine, OrderRow } from '../store/types';

/**
 * Lots of a filled figure. One off the lot grid rounds down, so that what is left is never understated: an order whose
 * last part trades in older, finer steps is live until all of it has.
 */
export function lotsOf(rules: Instrument, quantity: string): Lots {
  const lots = rules.toFractionalLots(quantity);
  if (Number.isInteger(lots)) return lots;
  return new BigNumber(quantity).div(rules.rules.lotSize).integerValue(BigNumber.ROUND_FLOOR).toNumber();
}

export function endOf(report: OrderReport, at: Ms): End | undefined {
  switch (report.status) {
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'rejected':
      return { why: report.status, at, ...(report.endReason ? { code: report.endReason } : {}) };
    case 'open':
    case 'partiallyFilled':
    case 'unrecognised':
      return undefined;
  }
}

/** What the venue's refusal of a create proves: that it never lived, or that it was taken and has ended. */
export function refusalOf(
  { code, venueOrderId }: Extract<Sent, { kind: 'rejected' }>,
  stamp: { readonly at: Mono; readonly atMs: Ms },
): Report {
  const at = stamp.atMs;
  if (venueOrderId === undefined) return { kind: 'refused', ...stamp, end: { why: 'rejected', code, at } };
  const end: End = { why: 'expired', code, at };
  return { kind: 'seen', ...stamp, filled: 0, venueOrderId, source: 'reply', end };
}

/** A line of the order's history: what has just happened to it, and how it stands. */
export function logLineOf(
  order: ClientOrder,
  what: Pick<OrderLogLine, 'kind' | 'source' | 'at'>,
  worker: string,
): OrderLogLine {
  const unbooked = unbookedOf(order);
  const detail = unbooked > 0 ? `unbooked ${unbooked} lots` : (order.ended?.code ?? '');
  return { clientOrderId: order.clientOrderId, ...what, status: statusOf(order), detail, worker };
}

/** Nothing is known of it but that we wanted it. */
export function newOrder(intent: OrderIntent, at: Mono): ClientOrder {
  const { clientOrderId, strategyId, accountId, venue, instrument, slotKey, side, price, quantity } = intent;
  const { type, timeInForce, epoch } = intent;
  return {
    clientOrderId,
    strategyId,
    accountId,
    venue,
    instrument,
    slotKey,
    side,
    price,
    quantity,
    type,
    timeInForce,
    epoch,
    committedAt: 0,
    deadlineAt: 0,
    sentAt: undefined,
    acknowledged: false,
    venueOrderId: undefined,
    maxFilled: 0,
    bookedFilled: 0,
    doubtSince: undefined,
    ended: undefined,
    command: 'NONE',
    commandSentAt: undefined,
    lastLocalChangeAt: at,
    evidence: { source: 'local', at },
  };
}

type Figures = Pick<OrderRow, 'type' | 'price' | 'quantity' | 'bookedFilled'>;

/** The rules in steps that the figures of an order are multiples of: it may be older than those of now. */
export function rulesFor({ type, price, quantity, bookedFilled }: Figures, rules: Instrument): Instrument {
  const { tickSize, lotSize } = rules.rules;
  const tick = type === 'market' ? tickSize : stepOf(tickSize, price);
  const lot = stepOf(stepOf(lotSize, quantity), bookedFilled);
  if (tick === tickSize && lot === lotSize) return rules;
  return new Instrument({ ...rules.rules, tickSize: tick, lotSize: lot });
}

/** The step, or the decimal unit of a figure that is no multiple of it; both have this unit then. */
function stepOf(step: string, figure: string): string {
  if (new BigNumber(figure).mod(step).isZero()) return step;
  const decimals = Math.max(new BigNumber(figure).dp() ?? 0, new BigNumber(step).dp() ?? 0);
  return new BigNumber(1).shiftedBy(-decimals).toFixed();
}

/** An order as the Store knows it after a restart: live if its venue id or a fill is on record, else in doubt. */
export function orderFromRow(row: OrderRow, rules: Instrument, now: Mono, databaseNow: Ms): ClientOrder {
  const bookedFilled = rules.toLots(row.bookedFilled);
  const proven = row.venueOrderId !== undefined || bookedFilled > 0;
  const price = row.type === 'market' ? 0 : rules.toTicks(row.price);
  return {
    ...newOrder({ ...row, price, quantity: rules.toLots(row.quantity) }, now),
    committedAt: row.committedAt,
    deadlineAt: row.deadlineAt,
    acknowledged: proven,
    venueOrderId: row.venueOrderId,
    maxFilled: bookedFilled,
    bookedFilled,
    doubtSince: proven || row.ended ? undefined : now,
    ended: row.ended,
    lastLocalChangeAt: now - Math.max(0, databaseNow - row.committedAt),
  };
}
