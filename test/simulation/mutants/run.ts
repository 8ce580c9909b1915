import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { Verdict } from './bench';
import { judgeMutant } from './bench';
import { mutants } from './index';
import type { Mutant } from './mutant';
import { runMutant } from './run-mutant';

const print = (line: string): void => void writeSync(1, `${line}\n`);

interface Options {
  readonly seeds: number;
  readonly minutes: number;
  readonly base: string;
  readonly out: string | undefined;
  readonly replay: string | undefined;
  readonly child: string | undefined;
  readonly ids: readonly string[];
  readonly has: (flag: string) => boolean;
}

/** `[M14 ...] --seeds N --minutes M --base TEXT --out FILE`; `M14 --replay SEED [--unmodified] [--trace]`. */
export async function main(args: readonly string[]): Promise<void> {
  const options = optionsOf(args);
  if (options.child !== undefined) return runChild(mutantOf(options.child), options);
  const chosen = options.ids.length === 0 ? mutants : options.ids.map(mutantOf);
  if (options.replay !== undefined) return replay(chosen[0]!, options, options.replay);
  process.exitCode = 1;
  const verdicts: Verdict[] = [];
  for (const mutant of chosen) {
    const verdict = await judgeMutant(mutant, options);
    verdicts.push(verdict);
    show(mutant, verdict);
  }
  const summary = summaryOf(verdicts);
  const text = JSON.stringify(summary);
  if (options.out !== undefined) writeFileSync(options.out, text);
  print(text);
  process.exitCode = summary.isPassed ? 0 : 1;
}

function optionsOf(args: readonly string[]): Options {
  const of = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  return {
    seeds: Number(of('seeds') ?? 200),
    minutes: Number(of('minutes') ?? 5),
    base: of('base') ?? 'mutants',
    ...{ out: of('out'), replay: of('replay'), child: of('child') },
    ids: args.filter((arg, i) => /^M\d\d$/.test(arg) && args[i - 1] !== '--child'),
    has: (flag) => args.includes(`--${flag}`),
  };
}

function mutantOf(id: string): Mutant {
  const found = mutants.find((one) => one.id === id);
  if (!found) throw new Error(`${id} is no mutant; there are ${mutants.map((one) => one.id).join(' ')}`);
  return found;
}

function runChild(mutant: Mutant, { minutes, has }: Options): void {
  const isPlanted = has('planted');
  for (const seed of readFileSync(0, 'utf8').split('\n')) {
    const run = runMutant(mutant, { seed, minutes, isPlanted });
    print(JSON.stringify(run));
    const isNoticed = run.violations.some(({ invariant }) => mutant.expect.includes(invariant));
    if (isPlanted && (isNoticed || (mutant.judge === 'twice' && run.reached > 0))) return;
  }
}

function replay(mutant: Mutant, { minutes, has }: Options, seed: string): void {
  const trace = has('trace') ? print : undefined;
  const { violations, ...run } = runMutant(mutant, { seed, minutes, isPlanted: !has('unmodified'), trace });
  for (const { invariant, atMs, detail } of violations)
    print(`${invariant} at ${(atMs / 1e3).toFixed(6)} s: ${detail}`);
  print(JSON.stringify(run));
  process.exitCode = violations.length > 0 ? 1 : 0;
}

function show({ bug }: Mutant, verdict: Verdict): void {
  const { id, isReached, isCaught, firstFired, caughtBy, seeds, simSeconds, seed, detail } = verdict;
  const word = isCaught ? `caught by ${caughtBy} (first ${firstFired})` : `SURVIVES (first ${firstFired})`;
  print(
    `${id} ${word}${isReached ? '' : ' NOT REACHED'}, ${seeds} seeds, ${simSeconds} simulated s: ${bug}; ${seed ?? ''} ${detail.slice(0, 200)}`,
  );
  for (const line of verdict.unmodified) print(`  ${id} WITHOUT THE BUG ${line.slice(0, 300)}`);
}

function summaryOf(verdicts: readonly Verdict[]) {
  const caught = verdicts.filter(({ isCaught, isReached }) => isCaught && isReached);
  const ids = (some: readonly Verdict[]): readonly string[] => some.map(({ id }) => id);
  const survivors = ids(verdicts.filter((one) => !one.isCaught));
  const notReached = ids(verdicts.filter((one) => !one.isReached));
  const violatedWithoutBug = ids(verdicts.filter(({ unmodified }) => unmodified.length > 0));
  return {
    ...{ mutants: verdicts.length, caught: caught.length },
    medianSeeds: median(caught.map(({ seeds }) => seeds)),
    medianSimSeconds: median(caught.map(({ simSeconds }) => simSeconds)),
    ...{ survivors, notReached, violatedWithoutBug },
    each: verdicts.map(({ id, caughtBy, firstFired, seeds, simSeconds }) => ({
      ...{ id, caughtBy, firstFired, seeds, simSeconds },
    })),
    isPassed: survivors.length + notReached.length + violatedWithoutBug.length === 0,
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
