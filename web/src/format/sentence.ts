import type { FleetRow } from '../api/types';
import { bestOwn, ownSpreadBps } from '../live/own-quotes';
import { grouped, rounded } from './numbers';
import { effectiveState } from './states';

const balanced = 0.05;

/** What the strategy does now, in one sentence built from its state, quotes, inventory and strongest reason. */
export function sentenceOf(row: FleetRow): string {
  const state = effectiveState(row);
  if (state === 'quoting') return `${quotingBoth(row)}${leaning(row)}.`;
  if (state === 'partial') return `${quotingOne(row)}${because(row)}.`;
  if (state === 'blocked') return `Not quoting${because(row)}.`;
  if (state === 'running') return 'Running, no quote resting yet.';
  const wanted = row.desiredState.toLowerCase() === state ? '' : `, wanted ${row.desiredState}`;
  const why = row.stateReason ? `: ${row.stateReason}` : because(row);
  return `${capital(state.replace(/_/g, ' '))}${wanted}${why}.`;
}

function quotingBoth(row: FleetRow): string {
  const { bid, ask } = bestOwn(row.quotes);
  const spread = ownSpreadBps(row);
  const width = spread === undefined ? '' : `, ${rounded(spread, 1)} bps wide`;
  return `Quoting both sides${width}: buying at ${grouped(bid?.price ?? '')}, selling at ${grouped(ask?.price ?? '')}`;
}

function quotingOne(row: FleetRow): string {
  const { bid, ask } = bestOwn(row.quotes);
  return bid ? `Only buying, at ${grouped(bid.price)}` : `Only selling, at ${grouped(ask?.price ?? '')}`;
}

function leaning(row: FleetRow): string {
  const lean = Number(row.inventory.lean);
  if (!(Math.abs(lean) >= balanced)) return '; inventory at target';
  const share = rounded(Math.abs(lean) * 100, 0);
  return `; inventory ${share} % of its band ${lean > 0 ? 'over' : 'under'} target`;
}

function because(row: FleetRow): string {
  const reason = row.reasons[0];
  return reason ? `: ${reason.text.replace(/\.$/, '')}` : '';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
