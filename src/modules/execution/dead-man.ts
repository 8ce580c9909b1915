import type { ClientOrder } from '../../domain/order';
import type { Mono } from '../../domain/units';
import type { EvidenceSource } from '../../domain/venue-event';
import {
  ackTimeoutMs,
  deadManApartMs,
  deadManLateMs,
  deadManPageMs,
  deadManProgressMs,
  deadManRenewMs,
  deadManTimeoutMs,
} from './common/constants';
import type { Capabilities } from './connectors/types';

/** What a switch that cancels the whole account is kept under, where others are kept by pair. */
export const wholeAccount = '*';
/** The code of an end by the switch, where the venue names it. */
export const deadManCode = 'DEAD_MAN';

/** What is known of one account when it is looked at. Places are pairs, or the whole account. */
export interface SwitchFacts {
  readonly kind: Capabilities['cancelAllAfter'];
  /** A person has declared that nobody else has orders on the account. */
  readonly isDedicated: boolean;
  /** Another live engine leases a strategy of it. */
  readonly isShared: boolean;
  /** The engine that the switch was last renewed by is such another one. */
  readonly isOwnerElsewhere: boolean;
  /** A strategy of it is left to whoever takes it next: its orders rest and are in nobody's memory. */
  readonly isOffered: boolean;
  /** This engine stops or hands over: it takes nothing on any more, and what it has given away is in other hands. */
  readonly isLeaving: boolean;
  /** This engine holds the lease of a strategy here. */
  readonly traded: readonly string[];
  /** Own orders here are not known to have ended. */
  readonly resting: readonly string[];
  /** When the database last answered. */
  readonly databaseAt: Mono;
  /** By how much the tick that is due is late. */
  readonly tickLateMs: number;
  /** Where the venue may have been told to cancel. */
  readonly armed: readonly string[];
  /** Nobody told it since we did. */
  readonly isOurs: boolean;
  /** When it may fire at the earliest. */
  readonly dueAt: Mono;
  /** When the venue was last asked to renew it, asked anything about it, and did not agree. */
  readonly renewedAt: Mono;
  readonly askedAt: Mono;
  readonly refusedAt: Mono;
}

/** Why a switch is as it is; the words are in `dead-man-words.ts`. */
export type SwitchWhy =
  | 'NOT_OFFERED'
  | 'NOT_DEDICATED'
  | 'SHARED'
  | 'NOT_TRADING'
  | 'ORDERS_LEFT'
  | 'DATABASE_SILENT'
  | 'TICK_LATE'
  | 'ARMED';

export type SwitchStep =
  | { readonly act: 'arm' | 'renew' | 'disarm'; readonly places: readonly string[]; readonly why: SwitchWhy }
  | { readonly act: 'none'; readonly why: SwitchWhy };

const none = (why: SwitchWhy): SwitchStep => ({ act: 'none', why });

/**
 * What to tell the venue about the dead-man's switch of one account. A renewal follows from progress alone: a lease, a
 * database that answers and ticks in time. Without them nothing is said, and the venue cancels. It is disarmed when
 * nothing of ours is left, and where it would be wrong: it also cancels what others have placed.
 */
export function switchStep(facts: SwitchFacts, now: Mono): SwitchStep {
  if (facts.kind === 'none') return none('NOT_OFFERED');
  const isTrading = facts.traded.length > 0;
  if (!facts.isDedicated) return release(facts, now, 'NOT_DEDICATED');
  if (speaksForHeirs(facts)) return hold(facts, now);
  if (!isTrading) return release(facts, now, 'NOT_TRADING');
  if (!facts.isShared) return hold(facts, now);
  return isOwners(facts, now) ? none('SHARED') : release(facts, now, 'SHARED');
}

/**
 * An engine that leaves renews what it has armed while it has a lease, which the Store sees to, also for those who have
 * taken over from it: until it is gone they cannot.
 */
const speaksForHeirs = ({ isShared, isLeaving, isOurs, armed }: SwitchFacts): boolean =>
  isShared && isLeaving && isOurs && armed.length > 0;

/** Whoever armed it and trades here renews it or ends it; what he does neither with is ended before it fires. */
const isOwners = ({ isOurs, isOwnerElsewhere, dueAt }: SwitchFacts, now: Mono): boolean =>
  !isOurs && isOwnerElsewhere && dueAt - now > ackTimeoutMs;

/** Whether a renewal may leave in this moment. */
export const mayRenew = (facts: SwitchFacts, now: Mono): boolean =>
  facts.isDedicated &&
  (speaksForHeirs(facts) || (facts.traded.length > 0 && !facts.isShared)) &&
  stillness(facts, now) === undefined;

function hold(facts: SwitchFacts, now: Mono): SwitchStep {
  const { traded, resting, armed, renewedAt } = facts;
  const kept =
    facts.isOffered || speaksForHeirs(facts) ? armed : armed.filter((place) => resting.includes(place));
  const wanted = [...new Set([...traded, ...kept])];
  const isDue = now - renewedAt >= deadManRenewMs || traded.some((place) => !armed.includes(place));
  const why = stillness(facts, now);
  if (why) return none(why);
  if (!isApart(facts, now)) return none('ARMED');
  if (isDue) return { act: armed.length > 0 ? 'renew' : 'arm', places: wanted, why: 'ARMED' };
  const gone = armed.filter((place) => !wanted.includes(place));
  return gone.length > 0 && mayAskAgain(facts, now)
    ? { act: 'disarm', places: gone, why: 'ARMED' }
    : none('ARMED');
}

/** Ends it where it protects nothing or must not be; what protects orders that may live stays until it fires. */
function release(facts: SwitchFacts, now: Mono, why: SwitchWhy): SwitchStep {
  const { armed, isOurs, isShared, traded, resting } = facts;
  if (armed.length === 0) return none(why);
  if (why === 'NOT_TRADING') {
    if (!isOurs || isShared) return none(why); // Whoever trades there now renews it, or is dead.
    if (resting.length > 0) return none('ORDERS_LEFT');
  } else if (!isOurs && traded.length === 0) return none(why);
  if (now - facts.databaseAt >= deadManProgressMs) return none('DATABASE_SILENT');
  return mayAskAgain(facts, now) ? { act: 'disarm', places: armed, why } : none(why);
}

/** Why this engine may not say that it works; undefined while it does. */
export function stillness(
  { databaseAt, tickLateMs }: Pick<SwitchFacts, 'databaseAt' | 'tickLateMs'>,
  now: Mono,
): 'DATABASE_SILENT' | 'TICK_LATE' | undefined {
  if (now - databaseAt >= deadManProgressMs) return 'DATABASE_SILENT';
  return tickLateMs >= deadManLateMs ? 'TICK_LATE' : undefined;
}

const isApart = ({ askedAt }: SwitchFacts, now: Mono): boolean => now - askedAt >= deadManApartMs;

const mayAskAgain = (facts: SwitchFacts, now: Mono): boolean =>
  isApart(facts, now) && now - facts.refusedAt >= deadManRenewMs;

/** When the venue may fire at the earliest after it was asked for the whole time; a due moment that is over stays. */
export function dueAfter(
  before: Mono | undefined,
  { askedAt, isAgreed }: { readonly askedAt: Mono; readonly isAgreed: boolean },
): Mono {
  const isRunning = before !== undefined && before > askedAt;
  return isRunning && !isAgreed ? before : askedAt + deadManTimeoutMs;
}

/**
 * What to write down before a venue is asked: when it may fire at the earliest after this. If it refuses, that is when
 * what it agreed to last is over; a renewal later, so that one which is agreed to need not be written down again.
 */
export function recordedFor(due: Iterable<Mono>, now: Mono): number {
  const running = [...due].filter((at) => at > now);
  const least = running.length === 0 ? Infinity : Math.min(...running) - now + deadManRenewMs;
  return Math.min(deadManTimeoutMs, least);
}

/** Not agreed to for half its time: it will fire unless somebody looks. */
export const isOverdue = (agreedAt: Mono, now: Mono): boolean => now - agreedAt >= deadManPageMs;

/** What an order was armed by, and who told of its end. */
export interface EndFacts {
  readonly kind: Capabilities['cancelAllAfter'];
  readonly dueAt: Mono | undefined;
  readonly source: EvidenceSource;
}

/**
 * Whether the end of an order tells that the switch has fired. Where the venue names what canceled it, that decides.
 * Elsewhere it must have rested when the time of the switch was over, and nobody here had asked for its cancel by then; the
 * answer to a cancel of ours says that the venue ended it for us.
 */
export function tellsFired(
  { ended, sentAt, commandSentAt }: Pick<ClientOrder, 'ended' | 'sentAt' | 'commandSentAt'>,
  { kind, dueAt, source }: EndFacts,
  now: Mono,
): boolean {
  if (ended?.why !== 'canceled') return false;
  if (kind === 'account') return ended.code === deadManCode;
  if (source === 'reply' || dueAt === undefined || now < dueAt) return false;
  return (sentAt ?? -Infinity) < dueAt && (commandSentAt ?? Infinity) >= dueAt;
}
