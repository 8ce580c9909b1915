import { reasonTexts } from '../../../src/domain/reasons';

const gates = [
  ...['STOPPING', 'PAUSED_BY_RISK', 'KILL_SWITCH', 'LEASE_NOT_HELD', 'DRAINING', 'RECONCILING'],
  ...['KEY_REJECTED', 'VENUE_DISCONNECTED', 'USER_STREAM_DOWN', 'USER_STREAM_SILENT', 'CIRCUIT_OPEN'],
  ...['RATE_LIMITED', 'CLOCK_SKEW'],
  ...['INSTRUMENT_HALTED', 'INSTRUMENT_CANCEL_ONLY', 'LOOP_LAG', 'DATABASE_DOWN', 'QUARANTINED'],
  ...['BOOK_STALE', 'BOOK_GAP_RESYNC', 'BOOK_EMPTY', 'BOOK_CROSSED'],
];
const slotHolds = ['ORDER_UNKNOWN', 'ORDER_LOST', 'CANCEL_PENDING', 'FILL_UNBOOKED', 'MIN_LIFETIME'];
const levels = ['REDUCE_ONLY', 'CANCEL_ONLY', 'HALTED'];
const breakerEdges = ['closed>open', 'open>halfOpen', 'halfOpen>closed', 'halfOpen>open'];

/** Reasons, gates, slot holds and edges of states and breakers that a whole run must have met. */
export const expectedReach: readonly string[] = [
  ...Object.keys(reasonTexts).map((code) => `reason ${code}`),
  ...gates.map((code) => `gate ${code}`),
  ...slotHolds.map((code) => `slot ${code}`),
  ...levels.flatMap((level) => [`state ACTIVE>${level}`, `state ${level}>ACTIVE`]),
  ...breakerEdges.map((edge) => `breaker ${edge}`),
];
