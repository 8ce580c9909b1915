import { merged, quantile, rounded } from './counts';
import { unreachableRows } from './faults/unreachable';
import { coverageOf, effectiveHits } from './report-coverage';
import { eventsOf, hoursOf, livenessOf, meetsFloors } from './report-liveness';
import type { SeedResult } from './run-seed';

/** Parts of a run that a handful of seeds cannot show. */
export interface Wanted {
  readonly rows: readonly string[];
  /** Every row must have been effective, and the floors of the run met. */
  readonly isWhole: boolean;
  /** Every cell, outcome, reason and edge must have been reached. */
  readonly isCovering: boolean;
}

export interface Summary {
  readonly seeds: number;
  readonly violations: number;
  readonly simHours: number;
  readonly countedHours: number;
  readonly simHoursPerCpuMinute: number;
  readonly rowsBelow: readonly string[];
  readonly isPassed: boolean;
}

/** Many seeds as one set of figures. */
export function summaryOf(
  results: readonly SeedResult[],
  { rows, isWhole, isCovering }: Wanted,
): Summary & Readonly<Record<string, unknown>> {
  const hits = merged(results.map((one) => one.hits));
  const violated = results.filter((one) => one.violations.length > 0);
  const liveness = livenessOf(results);
  const counted = results.filter((one) => one.violations.length === 0 && meetsFloors(one));
  const isCounting = !isWhole || liveness.isMet; // An hour of a run below its floors is worth nothing.
  const countedHours = isCounting ? hoursOf(counted) : 0;
  const cpuMinutes = results.reduce((sum, one) => sum + one.cpuMs, 0) / 60_000;
  const rowsBelow = rows.filter((id) => (hits[id] ?? 0) < effectiveHits);
  const coverage = coverageOf(results);
  const isPassed =
    violated.length === 0 &&
    (!isWhole || (rowsBelow.length === 0 && liveness.isMet)) &&
    (!isCovering || coverage.below.length === 0);
  return {
    seeds: results.length,
    minutes: results[0]?.minutes ?? 0,
    violations: violated.length,
    simHours: rounded(hoursOf(results)),
    countedHours: rounded(countedHours),
    simHoursPerCpuMinute: rounded(countedHours / cpuMinutes),
    liveness,
    invariants: invariantsOf(results),
    faultHits: hits,
    heldStates: merged(results.map((one) => one.endings)),
    rowsBelow,
    coverage,
    unreachable: Object.keys(unreachableRows),
    transitions: merged(results.map((one) => one.cells)),
    outcomes: merged(results.map((one) => one.outcomes)),
    timings: timingsOf(results),
    totals: totalsOf(results),
    node: process.version,
    isPassed,
  };
}

/** Per invariant how often it was asked, and in how many seeds it was broken. */
function invariantsOf(
  results: readonly SeedResult[],
): Readonly<Record<string, { readonly evaluations: number; readonly violations: number }>> {
  const evaluations = merged(results.map((one) => one.evaluations));
  const violations = merged(results.map((one) => one.violations.map(({ invariant }) => [invariant, 1])));
  return Object.fromEntries(
    Object.entries(evaluations).map(([id, count]) => [
      id,
      { evaluations: count, violations: violations[id] ?? 0 },
    ]),
  );
}

function timingsOf(results: readonly SeedResult[]) {
  const converged = results.flatMap(({ convergedMs }) => convergedMs ?? []);
  const doubts = results.flatMap((one) => one.doubts);
  return {
    convergenceMs: {
      ...{ p50: quantile(converged, 0.5), p99: quantile(converged, 0.99), max: quantile(converged, 1) },
      neverSeeds: results.filter((one) => one.convergedMs === undefined).map(({ seed }) => seed),
    },
    doubtMs: { count: doubts.length, p50: quantile(doubts, 0.5), p99: quantile(doubts, 0.99) },
  };
}

function totalsOf(results: readonly SeedResult[]): Readonly<Record<string, number>> {
  const sum = (of: (one: SeedResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  return {
    creates: sum((one) => one.counts.creates),
    cancels: sum((one) => one.counts.cancels),
    fills: sum((one) => one.counts.fills),
    venueEvents: sum(eventsOf),
    boots: sum((one) => one.stats.boots),
    restarts: sum((one) => one.stats.boots - one.stats.engines),
    twoEngineSeeds: results.filter((one) => one.stats.engines > 1).length,
    takeovers: sum((one) => (one.stats.engines > 1 ? one.stats.takeovers : 0)),
    kills: sum((one) => one.stats.kills),
    switchesFired: sum((one) => one.stats.fired),
    boardLifts: sum((one) => one.stats.lifted),
    duplicates: sum((one) => one.counts.duplicates),
    orphans: sum((one) => one.left.orphans),
    plantedLost: sum((one) => one.left.plantedLost),
    peakMb: Math.max(0, ...results.map((one) => one.peakMb)),
    cpuSeconds: Math.round(sum((one) => one.cpuMs) / 1e3),
  };
}
