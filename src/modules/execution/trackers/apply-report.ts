import type { ClientOrder, Command, Effect, End, Report } from '../../../domain/order';
import { classOf, resolvedCode } from '../../../domain/order';
import type { Mono, Ms, Writable } from '../../../domain/units';
import type { EvidenceSource } from '../../../domain/venue-event';

/** The order as it is now, and what the news asks of others. */
export interface Joined {
  readonly order: ClientOrder;
  readonly effects: readonly Effect[];
}

type Of<Kind extends Report['kind']> = Extract<Report, { readonly kind: Kind }>;

/**
 * Adds what a report proves to what we know. Pure and total: every report has an answer. The only place that assigns
 * a fact. Quantity decides first, then rank; neither the venue's clock nor the order of receipt ever does.
 */
export function applyReport(order: ClientOrder, report: Report): Joined {
  const joined = join(order, report);
  if (joined.order === order) return joined;
  // Made by `join` for this report alone, and seen by nobody yet.
  (joined.order as Writable<ClientOrder>).lastLocalChangeAt = report.at;
  return joined;
}

function join(order: ClientOrder, report: Report): Joined {
  switch (report.kind) {
    case 'sent':
      return quiet({ ...order, sentAt: report.at });
    case 'seen': // An acknowledgement, an order report, a query that found it.
      return seen(order, report);
    case 'booked': // Never refused, whatever we believed.
      return booked(order, report);
    case 'refused': // The answer to this very create.
      return refused(order, report.end);
    case 'denied': // No byte left.
    case 'absent': // The proof is complete.
      return quiet(neverWas(order, report.end));
    case 'resolved':
      return quiet(resolved(order, report));
    case 'ambiguous':
      return quiet(ambiguous(order, report.at));
    case 'vanished':
      return quiet(vanished(order, report.at));
  }
}

function seen(order: ClientOrder, report: Of<'seen'>): Joined {
  // A smaller figure is stale, whatever word comes with it.
  if (report.filled < order.maxFilled) return { order, effects: report.end ? ['ASK_ORDER'] : [] };
  const effects: Effect[] = report.filled > order.maxFilled ? ['ASK_TRADES'] : [];
  // Copied, then set: each field that a literal sets over a spread is a slow define.
  const known: Writable<ClientOrder> = { ...order };
  known.maxFilled = report.filled;
  known.venueOrderId = order.venueOrderId ?? report.venueOrderId;
  if (order.ended && !neverLived(order.ended) && !isWrongWord(order.ended, report)) {
    return { order: effects.length > 0 ? known : order, effects };
  }
  if (order.ended) effects.push('PAGE_RESURRECTED'); // A proof was wrong. Follow the venue.
  return { order: exists(known, report.end, report), effects };
}

function booked(order: ClientOrder, report: Of<'booked'>): Joined {
  const bookedFilled = order.bookedFilled + report.quantity;
  const effects: Effect[] = bookedFilled > order.quantity ? ['HALT_OVERFILL'] : [];
  if (order.ended && neverLived(order.ended)) effects.push('PAGE_RESURRECTED');
  else if (order.ended && bookedFilled > order.maxFilled) effects.push('LATE_FILL');
  const end = order.ended && !neverLived(order.ended) ? order.ended : undefined; // Reopens nothing.
  const known: Writable<ClientOrder> = { ...order };
  known.bookedFilled = bookedFilled;
  known.maxFilled = Math.max(order.maxFilled, bookedFilled);
  known.venueOrderId = order.venueOrderId ?? report.venueOrderId;
  return { order: exists(known, end, report), effects };
}

function refused(order: ClientOrder, end: End): Joined {
  if (order.ended || (order.acknowledged && order.doubtSince !== undefined)) return quiet(order);
  if (order.maxFilled > 0) return { order, effects: ['ALERT_REFUSED_AFTER_FILL'] };
  return { order: ended(order, end), effects: order.acknowledged ? ['ALERT_REFUSED_AFTER_ACK'] : [] };
}

/** Ends it as a person has found; what the venue has shown filled stays the least there is. */
function resolved(order: ClientOrder, { filled, end, venueOrderId, ...by }: Of<'resolved'>): ClientOrder {
  if (order.ended || filled < order.maxFilled) return order;
  const known = { ...order, maxFilled: filled, venueOrderId: order.venueOrderId ?? venueOrderId };
  return ended({ ...known, evidence: { source: by.source, at: by.at } }, end);
}

/** A person said that it is over, and the venue shows it live. */
const isWrongWord = (end: End, report: Of<'seen'>): boolean =>
  end.code === resolvedCode && report.end === undefined;

/** Positive evidence: it exists, all doubt is gone, and enough fills end it. Sets them on the copy it is given. */
function exists(
  known: Writable<ClientOrder>,
  end: End | undefined,
  by: { readonly at: Mono; readonly atMs: Ms; readonly source: EvidenceSource },
): ClientOrder {
  known.acknowledged = true;
  known.doubtSince = undefined;
  known.ended = undefined;
  known.evidence = { source: by.source, at: by.at };
  const filled: End | undefined =
    known.maxFilled >= known.quantity ? { why: 'filled', at: by.atMs } : undefined;
  const why = end ?? filled;
  return why ? over(known, why) : known;
}

const neverWas = (order: ClientOrder, end: End): ClientOrder => (isFresh(order) ? ended(order, end) : order);
const ambiguous = (order: ClientOrder, at: Mono): ClientOrder =>
  isFresh(order) ? doubted(order, at) : order;
const vanished = (order: ClientOrder, at: Mono): ClientOrder =>
  classOf(order) === 'live' ? doubted(order, at) : order;

const isFresh = (order: ClientOrder): boolean => !order.acknowledged && !order.ended;

const neverLived = (end: End): boolean =>
  end.why === 'rejected' || end.why === 'denied' || end.why === 'absent';

const doubted = (order: ClientOrder, at: Mono): ClientOrder =>
  order.doubtSince === undefined ? { ...order, doubtSince: at } : order;

const ended = (order: ClientOrder, end: End): ClientOrder => over({ ...order }, end);

const over = (known: Writable<ClientOrder>, end: End): ClientOrder => {
  known.ended = end;
  known.doubtSince = undefined;
  known.command = 'NONE';
  return known;
};

const quiet = (order: ClientOrder): Joined => ({ order, effects: [] });

/** Records what we asked of the venue and have not yet seen in effect. Changes no fact. */
export const withCommand = (order: ClientOrder, command: Command, at: Mono): ClientOrder =>
  order.ended
    ? order
    : {
        ...order,
        command,
        commandSentAt: command === 'NONE' ? undefined : (order.commandSentAt ?? at),
      };

/**
 * A cancel left. Its repetition moves the fence of the command, not of the order: a cancel never makes an order
 * harder to find, so absence stays provable while an unwanted order is cancelled again and again.
 */
export const commandRepeated = (order: ClientOrder, at: Mono): ClientOrder => {
  if (order.ended) return order;
  const lastLocalChangeAt = order.command === 'NONE' ? at : order.lastLocalChangeAt;
  return { ...order, command: 'CANCEL_SENT', commandSentAt: at, lastLocalChangeAt };
};

/** The commit answered: the intent is durable and has its deadline on the database's clock. */
export const withCommit = (order: ClientOrder, committedAt: Ms, deadlineAt: Ms): ClientOrder => ({
  ...order,
  committedAt,
  deadlineAt,
});
