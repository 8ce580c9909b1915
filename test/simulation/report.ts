import { unreachableRows } from './faults/unreachable';
import type { Count, SeedResult } from './run-seed';

/** The floors below which an hour of simulation counts for nothing. */
const floors = {
  calm: { twoSided: 0.95, quiet: 0.95, fillsPerHour: 600 },
  faulty: { quiet: 0.9, medianTwoSided: 0.6, p10TwoSided: 0.25, meanFillsPerHour: 400 },
  eventsPerHour: 50_000,
} as const;

const effectiveHits = 5;

export interface Summary {
  readonly seeds: number;
  readonly violations: number;
  readonly simHours: number;
  readonly countedHours: number;
  readonly simHoursPerCpuMinute: number;
  readonly rowsBelow: readonly string[];
  readonly isPassed: boolean;
}

/** Many seeds as one set of figures. `isWhole` asks for every row and floor, which a handful of seeds cannot show. */
export function summaryOf(
  results: readonly SeedResult[],
  rows: readonly string[],
  isWhole: boolean,
): Summary & Readonly<Record<string, unknown>> {
  const hits = merged(results.map((one) => one.hits));
  const violated = results.filter((one) => one.violations.length > 0);
  const counted = results.filter((one) => one.violations.length === 0 && meetsFloors(one));
  const hours = hoursOf(results);
  const countedHours = hoursOf(counted);
  const cpuMinutes = results.reduce((sum, one) => sum + one.cpuMs, 0) / 60_000;
  const rowsBelow = rows.filter((id) => (hits[id] ?? 0) < effectiveHits);
  const liveness = livenessOf(results);
  const isPassed = violated.length === 0 && (!isWhole || (rowsBelow.length === 0 && liveness.isMet));
  return {
    seeds: results.length,
    minutes: results[0]?.minutes ?? 0,
    violations: violated.length,
    violatedInvariants: merged(violated.map((one) => one.violations.map((v): Count => [v.invariant, 1]))),
    simHours: rounded(hours),
    countedHours: rounded(countedHours),
    simHoursPerCpuMinute: rounded(countedHours / cpuMinutes),
    liveness,
    faultHits: hits,
    rowsBelow,
    unreachable: Object.keys(unreachableRows),
    transitions: merged(results.map((one) => one.cells)),
    outcomes: merged(results.map((one) => one.outcomes)),
    evaluations: merged(results.map((one) => one.evaluations)),
    totals: totalsOf(results),
    isPassed,
  };
}

function livenessOf(results: readonly SeedResult[]) {
  const faulty = results.filter((one) => one.mode !== 'calm');
  const shares = faulty
    .map((one) => one.sides.twoSided / Math.max(1, one.sides.samples))
    .sort((a, b) => a - b);
  const at = (share: number): number => shares[Math.floor(share * (shares.length - 1))] ?? 1;
  const hours = Math.max(1e-9, hoursOf(faulty));
  const fills = faulty.reduce((sum, one) => sum + one.counts.fills, 0) / hours;
  const events = results.reduce((sum, one) => sum + eventsOf(one), 0) / Math.max(1e-9, hoursOf(results));
  const { medianTwoSided, p10TwoSided, meanFillsPerHour } = floors.faulty;
  const isMet =
    at(0.5) >= medianTwoSided &&
    at(0.1) >= p10TwoSided &&
    fills >= meanFillsPerHour &&
    events >= floors.eventsPerHour;
  return {
    ...{ minTwoSided: rounded(at(0)), p10TwoSided: rounded(at(0.1)), medianTwoSided: rounded(at(0.5)) },
    ...{ fillsPerHour: Math.round(fills), venueEventsPerHour: Math.round(events) },
    seedsBelowFloor: results.filter((one) => !meetsFloors(one)).length,
    haltsExcused: results.filter((one) => one.excuse !== undefined).length,
    seedsJudgedByLedger: results.filter((one) => one.counts.fills >= 50).length,
    isMet,
  };
}

function meetsFloors({ mode, sides, counts, minutes, excuse }: SeedResult): boolean {
  if (excuse !== undefined) return false;
  // Without samples every market was closed by the venue.
  const quiet = sides.quietSamples === 0 ? 1 : sides.quietTwoSided / sides.quietSamples;
  if (mode !== 'calm') return quiet >= floors.faulty.quiet;
  const { twoSided, fillsPerHour } = floors.calm;
  const fills = (counts.fills / minutes) * 60;
  return (
    sides.twoSided / Math.max(1, sides.samples) >= twoSided &&
    quiet >= floors.calm.quiet &&
    fills >= fillsPerHour
  );
}

function totalsOf(results: readonly SeedResult[]): Readonly<Record<string, number>> {
  const sum = (of: (one: SeedResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  return {
    creates: sum((one) => one.counts.creates),
    cancels: sum((one) => one.counts.cancels),
    fills: sum((one) => one.counts.fills),
    venueEvents: sum(eventsOf),
    boots: sum((one) => one.stats.boots),
    kills: sum((one) => one.stats.kills),
    boardLifts: sum((one) => one.stats.lifted),
    cpuSeconds: Math.round(sum((one) => one.cpuMs) / 1e3),
  };
}

const eventsOf = ({ counts }: SeedResult): number => counts.frames + counts.requests + counts.replies;
const hoursOf = (results: readonly SeedResult[]): number =>
  results.reduce((sum, { minutes }) => sum + minutes / 60, 0);
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

function merged(lists: readonly (readonly Count[])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [key, count] of lists.flat()) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
