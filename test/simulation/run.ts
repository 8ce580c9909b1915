import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { corpus, playCase, readCase, smallestCase } from './cases';
import { faultRows } from './faults/index';
import { isSpoken } from './faults/spoken';
import { optionsOf, usage } from './options';
import type { Options } from './options';
import { quietShare, twoSidedShare } from './oracle/floors';
import { runPool } from './pool';
import { summaryOf } from './report';
import { runSeed } from './run-seed';
import type { SeedResult } from './run-seed';

const allRows = faultRows.map(({ id }) => id);
/** Those of a dialect. */
const rowsOf = ({ dialect }: Pick<Options, 'dialect'>): readonly string[] =>
  allRows.filter((id) => isSpoken(id, dialect));
const focusSeedsPerRow = 10;
/** From so many seeds on, everything that can be reached must have been. */
const coveringSeeds = 1_000;
/** About a minute. */
const mostShrinkingRuns = 150;
const print = (line: string): void => void writeSync(1, `${line}\n`);

/** What `--help` prints says what it can do. */
export async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return print(usage);
  const options = readOptions(args);
  if (!options) return;
  if (options.isChild) return runChild(options);
  // A failed process is a failed run, whatever the others say.
  process.exitCode = 1;
  if (options.replay !== undefined) return replay(options, options.replay);
  if (options.shrink !== undefined) return shrinkSeed(options, options.shrink);
  if (options.schedule !== undefined) return playSchedule(options, options.schedule);
  if (options.gate > 0) return gate(options);
  const kept = replayCorpus(options);
  const rows = rowsOf(options);
  const seeds = seedsOf(options);
  const results = await runPool({ ...options, seeds, onResult: (result) => show(result) });
  const wanted = options.row === undefined ? rows : [options.row];
  const isWhole = options.seeds >= rows.length * focusSeedsPerRow || options.row !== undefined;
  const isCovering = options.row === undefined && options.seeds >= coveringSeeds;
  const summary = summaryOf(results, { rows: wanted, isWhole, isCovering });
  const text = JSON.stringify({ corpus: kept, ...summary });
  if (options.out !== undefined) writeFileSync(options.out, text);
  print(text);
  process.exitCode = summary.isPassed && kept.broken.length === 0 ? 0 : 1;
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    return optionsOf(args, allRows);
  } catch (error) {
    process.exitCode = 2;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    return undefined;
  }
}

/** Rows that alone reach cells of the table, a few at a time: they get so many times the seeds. */
const shares: Readonly<Record<string, number>> = { X5: 5, H6: 2 };

/** A third of the seeds, at most ten of most rows, force one row; the rest is free swarm. */
function seedsOf(options: Options): readonly string[] {
  const { seeds, base, row } = options;
  const rows = rowsOf(options);
  if (row !== undefined) return Array.from({ length: seeds }, (_, i) => `${base}-${i}@${row}`);
  const perRow = Math.min(focusSeedsPerRow, Math.floor(seeds / 3 / rows.length));
  const focused = rows.flatMap((id) =>
    Array.from({ length: perRow * (shares[id] ?? 1) }, (_, i) => `${base}-${i}@${id}`),
  );
  return [...focused, ...Array.from({ length: seeds - focused.length }, (_, i) => `${base}-${i}`)];
}

function runChild({ minutes, tier, dialect }: Options): void {
  const seeds = readFileSync(0, 'utf8').split('\n');
  for (const seed of seeds.filter((line) => line !== ''))
    print(JSON.stringify(runSeed({ seed, minutes, tier, dialect })));
}

function replay({ minutes, tier, dialect, isTracing }: Options, seed: string): void {
  const result = runSeed({ seed, minutes, tier, dialect, trace: isTracing ? print : undefined });
  show(result, true);
  print(JSON.stringify({ ...result, story: undefined }));
  process.exitCode = result.violations.length > 0 ? 1 : 0;
}

/** Cases that once broke something come first in every run of their tier and dialect. */
function replayCorpus({ tier, dialect }: Options): {
  readonly replayed: number;
  readonly broken: readonly string[];
} {
  const files = corpus().filter((file) => {
    const kept = readCase(file);
    return kept.tier === tier && kept.dialect === dialect;
  });
  const broken = files.filter((file) => {
    const result = playCase(file);
    if (result.violations.length > 0) show(result);
    return result.violations.length > 0;
  });
  return { replayed: files.length, broken };
}

function playSchedule({ isTracing }: Options, file: string): void {
  const result = playCase(file, isTracing ? print : undefined);
  show(result, true);
  process.exitCode = result.violations.length > 0 ? 1 : 0;
}

function shrinkSeed({ minutes, tier, dialect, out }: Options, seed: string): void {
  const found = smallestCase({ seed, minutes, tier, dialect }, mostShrinkingRuns);
  if (out !== undefined && found) writeFileSync(out, `${JSON.stringify(found, undefined, 2)}\n`);
  print(JSON.stringify(found ?? { seed, violations: 0 }));
  process.exitCode = found ? 1 : 0;
}

/** I21: the same seeds in fresh processes of another place and time give the same hashes. */
async function gate(options: Options): Promise<void> {
  const seeds = Array.from({ length: options.gate }, (_, i) => `${options.base}-${i}`);
  const places = [
    { environment: { TZ: 'UTC', LC_ALL: 'C' }, nodeArgs: ['--hash-seed=1'] },
    { environment: { TZ: 'Pacific/Chatham', LC_ALL: 'de_DE.UTF-8' }, nodeArgs: ['--hash-seed=77'] },
  ];
  const hashes: Map<string, string>[] = [];
  for (const [i, place] of places.entries()) {
    const results = await runPool({ ...options, ...place, seeds, workers: i + 1, onResult: () => undefined });
    hashes.push(new Map(results.map(({ seed, hash }) => [seed, hash])));
  }
  const differing = seeds.filter((seed) => hashes[0]!.get(seed) !== hashes[1]!.get(seed));
  for (const seed of differing) print(`DIFFERS ${seed}: ${hashes[0]!.get(seed)} and ${hashes[1]!.get(seed)}`);
  print(JSON.stringify({ gate: seeds.length, equal: seeds.length - differing.length, differing }));
  process.exitCode = differing.length > 0 ? 1 : 0;
}

function show(result: SeedResult, isLong = false): void {
  const { seed, mode, hash, cpuMs, counts, sides, hits, violations, minutes, told, story } = result;
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const quoted = `${percent(twoSidedShare(sides))}/${percent(quietShare(sides))}`;
  const shown = hits.map(([row, count]) => `${row}:${count}`).join(' ');
  print(
    `${seed} ${mode} ${hash} ${Math.round(cpuMs)} ms, ${counts.fills} fills, both sides ${quoted} ${shown}`,
  );
  for (const { invariant, atMs, detail } of violations)
    print(`VIOLATION ${invariant} at ${(atMs / 1e3).toFixed(6)} s: ${detail.slice(0, 600)}`);
  if (violations.length === 0) return;
  print(`  replay: npm run simulate -- --replay ${seed} --minutes ${minutes}${told}`);
  print(`  shrink: npm run simulate -- --shrink ${seed} --minutes ${minutes}${told}`);
  for (const line of story.slice(0, isLong ? 400 : 60)) print(`  ${line}`);
}
