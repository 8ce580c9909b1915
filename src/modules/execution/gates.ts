import type { Instrument } from '../../domain/instrument';
import type { Reason, ReasonCode, ReasonEffect } from '../../domain/reason';
import type { Mono } from '../../domain/units';
import { databaseDownPullMs, loopLagMs } from './common/constants';
import type { ConnectorHealth } from './connectors/types';

const privateStreamPullMs = 5_000;

/** What the world around a strategy looks like at this tick, as values. */
export interface GateInputs {
  readonly mono: Mono;
  readonly mode: 'running' | 'closing' | 'halted' | 'quarantined';
  readonly haltCode: string | undefined;
  readonly holdsLease: boolean;
  readonly isReconciled: boolean;
  readonly disagreement: string | undefined;
  readonly feed: ConnectorHealth;
  readonly connector: ConnectorHealth;
  readonly canCreate: boolean;
  readonly rules: Instrument;
  readonly loopLagMs: number;
  readonly databaseDownSince: Mono | undefined;
}

/** What keeps a strategy from quoting. A block pulls its quotes; a hold only stops new ones. */
export function gateReasons(inputs: GateInputs): readonly Reason[] {
  return [...desiredReasons(inputs), ...venueReasons(inputs), ...processReasons(inputs)];
}

function desiredReasons(inputs: GateInputs): readonly Reason[] {
  const reasons: Reason[] = [];
  if (inputs.mode === 'closing') reasons.push(reason('STOPPING', 'block'));
  if (inputs.mode === 'quarantined') reasons.push(reason('QUARANTINED', 'block'));
  if (inputs.mode === 'halted')
    reasons.push(reason('PAUSED_BY_RISK', 'block', { cause: inputs.haltCode ?? '' }));
  if (!inputs.holdsLease) reasons.push(reason('LEASE_NOT_HELD', 'block'));
  if (!inputs.isReconciled) reasons.push(reason('RECONCILING', 'hold'));
  if (inputs.disagreement !== undefined) {
    reasons.push(reason('ACCOUNT_UNRECONCILED', 'info', { difference: inputs.disagreement }));
  }
  return reasons;
}

function venueReasons(inputs: GateInputs): readonly Reason[] {
  const reasons: Reason[] = [];
  const { feed, connector, rules } = inputs;
  if (connector.blockedReason !== undefined)
    reasons.push(reason('KEY_REJECTED', 'block', { why: connector.blockedReason }));
  if (!feed.publicLive) reasons.push(reason('VENUE_DISCONNECTED', 'block'));
  if (!connector.privateLive) {
    const isLong = inputs.mono - connector.privateSince > privateStreamPullMs;
    reasons.push(reason('USER_STREAM_DOWN', isLong ? 'block' : 'hold'));
  }
  if (!inputs.canCreate) reasons.push(reason('CIRCUIT_OPEN', 'hold'));
  if (rules.rules.status === 'halted') reasons.push(reason('INSTRUMENT_HALTED', 'block'));
  if (rules.rules.status === 'cancel_only') reasons.push(reason('INSTRUMENT_CANCEL_ONLY', 'block'));
  return reasons;
}

function processReasons(inputs: GateInputs): readonly Reason[] {
  const reasons: Reason[] = [];
  if (inputs.loopLagMs > loopLagMs)
    reasons.push(reason('LOOP_LAG', 'hold', { lagMs: Math.round(inputs.loopLagMs) }));
  if (inputs.databaseDownSince !== undefined) {
    const isLong = inputs.mono - inputs.databaseDownSince > databaseDownPullMs;
    reasons.push(reason('DATABASE_DOWN', isLong ? 'block' : 'hold'));
  }
  return reasons;
}

const reason = (code: ReasonCode, effect: ReasonEffect, params: Reason['params'] = {}): Reason => ({
  code,
  effect,
  side: 'both',
  params,
});
