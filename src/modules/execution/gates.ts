import type { Instrument } from '../../domain/instrument';
import type { Reason, ReasonCode, ReasonEffect } from '../../domain/reason';
import type { Mono, QuoteSide } from '../../domain/units';
import { databaseDownPullMs, loopLagMs, maxClockSkewMs, sendDeadlineMs } from './common/constants';
import type { ConnectorHealth } from './connectors/types';
import { instrumentProblem } from './controllers/book-gate';
import type { NewHalt } from './store/types';

const privateStreamPullMs = 5_000;

/** Who set a halt that no person did. */
export const engineActor = 'engine';

/** What the world around a strategy looks like at this tick, as values. */
export interface GateInputs {
  readonly mono: Mono;
  readonly mode: 'running' | 'closing' | 'halted' | 'quarantined';
  readonly haltCode: string | undefined;
  /** The strictest standing halt over the strategy. */
  readonly halt: NewHalt | undefined;
  /** Position against its target, −1 to 1. */
  readonly lean: number;
  /** `stale`: too old to create under it, and perhaps still ours. */
  readonly lease: 'held' | 'stale' | 'lost';
  readonly drainLeftMs: number;
  readonly isReconciled: boolean;
  readonly isStreamSilent: boolean;
  /** What the books and the venue were found to disagree about. */
  readonly disagreement: string | undefined;
  /** An asset of the pair that could not be compared for too long. */
  readonly uncompared: string | undefined;
  readonly connector: ConnectorHealth;
  readonly canCreate: boolean;
  readonly rules: Instrument;
  readonly loopLagMs: number;
  readonly databaseDownSince: Mono | undefined;
}

/** What keeps a strategy from quoting. A block pulls its quotes; a hold only stops new ones. */
export function gateReasons(inputs: GateInputs): readonly Reason[] {
  const reasons: Reason[] = [];
  addDesired(reasons, inputs);
  addLease(reasons, inputs);
  addAccount(reasons, inputs);
  addVenue(reasons, inputs);
  addMarket(reasons, inputs);
  addProcess(reasons, inputs);
  return reasons;
}

function addDesired(reasons: Reason[], { mode, halt, haltCode, lean }: GateInputs): void {
  if (mode === 'closing') reasons.push(reason('STOPPING', 'block'));
  if (mode === 'quarantined') reasons.push(reason('QUARANTINED', 'block'));
  if (mode === 'halted' && !halt) reasons.push(reason('PAUSED_BY_RISK', 'block', { cause: haltCode ?? '' }));
  if (halt) reasons.push(...haltReasons(halt, lean));
}

/** What is said of a halt where no position is looked at. */
export const haltReasonsOf = (halt: NewHalt): readonly Reason[] => haltReasons(halt, 0).slice(0, 1);

/** What can be wrong between us and an account at its venue, whatever is traded there. */
export type ConnectionInputs = Pick<
  GateInputs,
  'mono' | 'isReconciled' | 'disagreement' | 'uncompared' | 'connector' | 'isStreamSilent' | 'canCreate'
>;

export function connectionReasons(inputs: ConnectionInputs): readonly Reason[] {
  const reasons: Reason[] = [];
  addAccount(reasons, inputs);
  addVenue(reasons, inputs);
  return reasons;
}

function addLease(reasons: Reason[], { lease, drainLeftMs }: GateInputs): void {
  if (lease !== 'held') reasons.push(reason('LEASE_NOT_HELD', lease === 'lost' ? 'block' : 'hold'));
  if (drainLeftMs > 0) reasons.push(reason('DRAINING', 'hold', { waitMs: Math.ceil(drainLeftMs) }));
}

function addAccount(reasons: Reason[], inputs: ConnectionInputs): void {
  if (!inputs.isReconciled) reasons.push(reason('RECONCILING', 'hold'));
  // The halt of what is missing stands by itself; this says of what it is, and of what is too much.
  if (inputs.disagreement !== undefined)
    reasons.push(reason('ACCOUNT_UNRECONCILED', 'info', { detail: inputs.disagreement }));
  if (inputs.uncompared !== undefined) {
    const detail = `${inputs.uncompared} could not be compared for too long; new orders wait until it is`;
    reasons.push(reason('ACCOUNT_UNRECONCILED', 'hold', { detail }));
  }
}

/** A person's halt is the kill switch; one the engine set itself, or a milder one, is risk control. */
function haltReasons(halt: NewHalt, lean: number): readonly Reason[] {
  const params = { scope: halt.scopeKey, actor: halt.actor, cause: halt.reason };
  if (halt.level !== 'REDUCE_ONLY') {
    const isKill = halt.level === 'HALTED' && halt.actor !== engineActor;
    return [reason(isKill ? 'KILL_SWITCH' : 'PAUSED_BY_RISK', 'block', params)];
  }
  return addingSides(lean).map((side) => ({ code: 'REDUCE_ONLY', effect: 'block', side, params }));
}

/** The sides that would move the position away from its target; at the target both do. */
const addingSides = (lean: number): readonly QuoteSide[] =>
  lean > 0 ? ['bid'] : lean < 0 ? ['ask'] : ['bid', 'ask'];

function addVenue(reasons: Reason[], inputs: ConnectionInputs): void {
  const { connector } = inputs;
  if (connector.blockedReason !== undefined)
    reasons.push(reason('KEY_REJECTED', 'block', { why: connector.blockedReason }));
  if (!connector.publicLive) reasons.push(reason('VENUE_DISCONNECTED', 'block'));
  if (!connector.privateLive) {
    const isLong = inputs.mono - connector.privateSince > privateStreamPullMs;
    reasons.push(reason('USER_STREAM_DOWN', isLong ? 'block' : 'hold'));
  }
  // Connected, and it does not speak of our orders: a fill would be found late.
  else if (inputs.isStreamSilent) reasons.push(reason('USER_STREAM_SILENT', 'block'));
  if (!inputs.canCreate) reasons.push(reason('CIRCUIT_OPEN', 'hold'));
  addRequests(reasons, connector);
}

function addMarket(reasons: Reason[], { rules }: GateInputs): void {
  const closed = instrumentProblem(rules.rules.status);
  if (closed) reasons.push(closed);
}

/** What would keep a create from being taken, known before its id is burnt. A shorter wait than its deadline does not. */
function addRequests(reasons: Reason[], connector: ConnectorHealth): void {
  const { createWaitMs, isClockDoubted, clockOffsetMs } = connector;
  if (createWaitMs > sendDeadlineMs)
    reasons.push(reason('RATE_LIMITED', 'hold', { waitMs: Math.ceil(createWaitMs) }));
  // A clock far off is corrected for, but will soon be wrong by more.
  if (isClockDoubted || Math.abs(clockOffsetMs) > maxClockSkewMs)
    reasons.push(reason('CLOCK_SKEW', isClockDoubted ? 'hold' : 'info', { offsetMs: clockOffsetMs }));
}

function addProcess(reasons: Reason[], inputs: GateInputs): void {
  if (inputs.loopLagMs > loopLagMs)
    reasons.push(reason('LOOP_LAG', 'hold', { lagMs: Math.round(inputs.loopLagMs) }));
  if (inputs.databaseDownSince === undefined) return;
  const isLong = inputs.mono - inputs.databaseDownSince > databaseDownPullMs;
  reasons.push(reason('DATABASE_DOWN', isLong ? 'block' : 'hold'));
}

const reason = (code: ReasonCode, effect: ReasonEffect, params: Reason['params'] = {}): Reason => ({
  code,
  effect,
  side: 'both',
  params,
});
