import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DialectVenueId } from '../../src/domain/instrument';
import { runSeed } from './run-seed';
import type { SeedOptions, SeedResult } from './run-seed';
import { shrink } from './shrink';
import type { Schedule, Strike } from './strikes';

/** A run that once broke an invariant, with the faults it takes. */
export interface Case {
  readonly seed: string;
  readonly minutes: number;
  readonly tier: 'l1' | 'l2';
  readonly dialect: DialectVenueId;
  readonly invariant: string;
  /** What was wrong, for whoever sees it break again. */
  readonly note: string;
  readonly schedule: Schedule;
}

export const corpusFolder = join(__dirname, 'corpus');

/** Every case that was ever kept, by file name. */
export const corpus = (): readonly string[] =>
  readdirSync(corpusFolder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(corpusFolder, name));

/** Throws when the file is none. */
export function readCase(file: string): Case {
  const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Case>;
  const { seed, minutes, tier, dialect = 'binance', invariant, note = '', schedule } = read;
  if (!seed || !minutes || (tier !== 'l1' && tier !== 'l2') || !invariant || !schedule)
    throw new Error(`${file} needs seed, minutes, tier, invariant and schedule`);
  return { seed, minutes, tier, dialect, invariant, note, schedule };
}

export const playCase = (file: string, trace?: (line: string) => void): SeedResult =>
  runSeed({ ...readCase(file), trace });

/** The faults that the first violation of a seed needs, found in so many runs; undefined when it has none. */
export function smallestCase(options: SeedOptions, mostRuns: number): Case | undefined {
  const { seed, minutes, tier, dialect } = options;
  const { violations, schedule } = runSeed(options);
  const invariant = violations[0]?.invariant;
  if (invariant === undefined || !schedule) return undefined;
  let runs = 0;
  const { rows } = schedule;
  const breaks = (strikes: readonly Strike[]): boolean => {
    runs += 1;
    const result = runSeed({ seed, minutes, tier, dialect, schedule: { rows, strikes } });
    return result.violations.some((one) => one.invariant === invariant);
  };
  const strikes = shrink(schedule.strikes, breaks, () => runs >= mostRuns);
  const note = violations[0]!.detail.slice(0, 200);
  return { seed, minutes, tier, dialect, invariant, note, schedule: { rows, strikes } };
}
