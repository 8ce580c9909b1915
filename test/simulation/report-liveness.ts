import { merged, quantile, rounded } from './counts';
import { floors, isMeasured, quietShare, twoSidedShare } from './oracle/floors';
import type { SeedResult } from './run-seed';

export const hoursOf = (results: readonly SeedResult[]): number =>
  results.reduce((sum, { minutes }) => sum + minutes / 60, 0);
export const eventsOf = ({ counts }: SeedResult): number => counts.frames + counts.requests + counts.replies;

/** The floors of one seed; one with an excused halt has to show that it quoted again once a person had looked. */
export function meetsFloors({ mode, sides, counts, minutes, excuse }: SeedResult): boolean {
  if (excuse !== undefined && !isMeasured(sides)) return false;
  const quiet = quietShare(sides);
  if (mode !== 'calm') return quiet >= floors.faulty.quiet;
  const { twoSided, quiet: quietFloor, fillsPerHour } = floors.calm;
  const fills = (counts.fills / minutes) * 60;
  return twoSidedShare(sides) >= twoSided && quiet >= quietFloor && fills >= fillsPerHour;
}

/** What the whole run must show beside: the middle and the weak end of it, and the work at the venue. */
export function livenessOf(results: readonly SeedResult[]) {
  const faulty = results.filter((one) => one.mode !== 'calm');
  const measured = faulty.length > 0 ? faulty : results;
  const shares = measured.map((one) => twoSidedShare(one.sides));
  const at = (share: number): number => quantile(shares, share) ?? 1;
  const perHour = (sum: number, of: readonly SeedResult[]): number => sum / Math.max(1e-9, hoursOf(of));
  const fills = perHour(
    measured.reduce((sum, one) => sum + one.counts.fills, 0),
    measured,
  );
  const events = perHour(
    results.reduce((sum, one) => sum + eventsOf(one), 0),
    results,
  );
  const judged = results.filter((one) => one.counts.fills >= floors.tradesToJudge).length;
  const below = results.filter((one) => !meetsFloors(one));
  const { medianTwoSided, p10TwoSided, meanFillsPerHour } = floors.faulty;
  const missed = [
    at(0.5) < medianTwoSided && `median of both sides ${rounded(at(0.5))}`,
    at(0.1) < p10TwoSided && `p10 of both sides ${rounded(at(0.1))}`,
    fills < meanFillsPerHour && `${Math.round(fills)} fills an hour`,
    events < floors.eventsPerHour && `${Math.round(events)} events an hour`,
    judged < floors.judgedShare * results.length && `${judged} seeds with enough trades`,
    below.some((one) => one.excuse === undefined) && 'a seed below its floor',
  ].filter((one) => one !== false);
  return {
    ...{ minTwoSided: rounded(at(0)), p10TwoSided: rounded(at(0.1)), medianTwoSided: rounded(at(0.5)) },
    ...{ fillsPerHour: Math.round(fills), venueEventsPerHour: Math.round(events) },
    seedsBelowFloor: below.map(({ seed }) => seed),
    haltsExcused: merged(results.map(({ excuse }) => (excuse === undefined ? [] : [[excuse, 1]]))),
    secondsExcused: merged(results.map(({ excused }) => excused)),
    seedsJudgedByLedger: judged,
    missed,
    isMet: missed.length === 0,
  };
}
