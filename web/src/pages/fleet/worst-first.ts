import type { FleetRow } from '../../api/types';
import { effectiveState, lookOf } from '../../format/states';

const unresolved: ReadonlySet<string> = new Set([
  'ORDER_UNKNOWN',
  'ORDER_LOST',
  'QUARANTINED',
  'FILL_UNBOOKED',
]);

/** Smaller is worse: an order in doubt, danger, not quoting though wanted, restricted, quoting, idle as wanted. */
export function severity(row: FleetRow): number {
  if (row.reasons.some((reason) => unresolved.has(reason.code))) return 0;
  const { tone } = lookOf(effectiveState(row));
  if (tone === 'danger') return 1;
  const wantsToRun = row.desiredState.toLowerCase() === 'running';
  if (tone === 'idle' && !wantsToRun) return 6;
  if (tone === 'warn' || tone === 'idle') return 2;
  if (tone === 'busy') return 3;
  return row.reasons.length > 0 ? 4 : 5;
}

/** Worst first, then the larger loss, then by name so that equals keep their place. */
export function worstFirst(rows: readonly FleetRow[]): readonly FleetRow[] {
  return [...rows].sort(
    (a, b) =>
      severity(a) - severity(b) || Number(a.pnl.netQuote ?? 0) - Number(b.pnl.netQuote ?? 0) || byName(a, b),
  );
}

const byName = (a: FleetRow, b: FleetRow): number => (a.name < b.name ? -1 : Number(a.name > b.name));
