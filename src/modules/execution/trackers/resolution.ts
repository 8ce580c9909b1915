import type { ClientOrder, End, Report } from '../../../domain/order';
import { classOf, resolvedCode } from '../../../domain/order';
import type { Lots, Mono, Ms } from '../../../domain/units';
import { unprovenPageMs } from '../common/constants';

/** What a person has found out at the venue about an order nobody else can account for. */
export type Outcome = 'filled' | 'canceled' | 'never_existed';

export interface Verdict {
  readonly outcome: Outcome;
  /** Of the whole order. */
  readonly filled: Lots;
  /** Of the trades that are not in the books yet. */
  readonly tradeLots: Lots;
  readonly venueOrderId?: string | undefined;
}

/** Lost, or unproven for so long that a person has been paged: only then is there something for a person to say. */
export const isResolvable = (order: ClientOrder, databaseNow: Ms): boolean =>
  classOf(order) === 'unproven' &&
  (order.acknowledged || (order.deadlineAt > 0 && databaseNow > order.deadlineAt + unprovenPageMs));

/** What in a verdict contradicts what is proved already, or itself; undefined when nothing does. */
export function objectionTo(
  order: ClientOrder,
  { outcome, filled, tradeLots }: Verdict,
): { readonly pointer: string; readonly detail: string } | undefined {
  const wrong = (detail: string) => ({ pointer: '/filledQuantity', detail });
  if (filled < order.maxFilled) return wrong('is less than what the venue has shown filled');
  if (filled > order.quantity) return wrong('is more than the order');
  if (outcome === 'filled' && filled < order.quantity)
    return wrong('must be the whole order when it is filled');
  if (outcome === 'never_existed' && filled > 0) return wrong('must be 0 for an order that never existed');
  if (tradeLots === filled - order.bookedFilled) return undefined;
  const detail = 'must add up to what of filledQuantity is not in the books yet';
  return { pointer: '/trades', detail };
}

/** The verdict as what it proves to the order. */
export function reportOfVerdict(
  { outcome, filled, venueOrderId }: Verdict,
  at: { readonly at: Mono; readonly atMs: Ms },
): Report {
  const why: End['why'] = outcome === 'never_existed' ? 'absent' : outcome;
  const end: End = { why, code: resolvedCode, at: at.atMs };
  const known = venueOrderId === undefined ? {} : { venueOrderId };
  return { kind: 'resolved', ...at, filled, end, ...known, source: 'human' };
}
