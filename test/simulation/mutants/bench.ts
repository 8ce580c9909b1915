import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Mutant } from './mutant';
import type { MutantRun } from './run-mutant';

export interface BenchOptions {
  readonly seeds: number;
  readonly minutes: number;
  readonly base: string;
}

/** What became of one mutant. */
export interface Verdict {
  readonly id: string;
  readonly isReached: boolean;
  readonly isCaught: boolean;
  /** The invariant that fired before all others, expected or not. */
  readonly firstFired: string | undefined;
  readonly caughtBy: string | undefined;
  readonly seeds: number;
  readonly simSeconds: number;
  readonly seed: string | undefined;
  readonly detail: string;
  /** The same seeds without the bug: what must be nothing. */
  readonly unmodified: readonly string[];
}

const mainFile = join(__dirname, 'main.cjs');
/** A run that takes longer than this has an engine that never lets time pass. */
const stuckMs = 180_000;

/** Runs one mutant over seeds until an expected invariant notices it, then the same seeds without the bug. */
export async function judgeMutant(mutant: Mutant, options: BenchOptions): Promise<Verdict> {
  const seeds = Array.from({ length: options.seeds }, (_, i) => `${options.base}-${mutant.id}-${i}`);
  const runs = await runChild(mutant, { ...options, seeds, isPlanted: true });
  const used = runs.map(({ seed }) => seed);
  const unmodified = await runChild(mutant, { ...options, seeds: used, isPlanted: false });
  const last = runs.at(-1)!;
  const isTwice = mutant.judge === 'twice';
  const others = isTwice ? await again(mutant, options, used, true) : runs;
  const same = isTwice ? await again(mutant, options, used, false) : unmodified;
  const isDifferent = others.at(-1)!.hash !== last.hash;
  const noticed = last.violations.find(({ invariant }) => mutant.expect.includes(invariant));
  const caughtBy = isDifferent ? 'I21' : noticed?.invariant;
  const first = runs.flatMap(({ violations }) => violations)[0];
  return {
    id: mutant.id,
    isReached: runs.some(({ reached }) => reached > 0),
    isCaught: caughtBy !== undefined,
    firstFired: isDifferent ? 'I21' : first?.invariant,
    caughtBy,
    seeds: runs.length,
    simSeconds: Math.round(runs.reduce((sum, run) => sum + run.endedAtMs, 0) / 1e3),
    seed: caughtBy === undefined ? undefined : last.seed,
    detail: isDifferent ? `${last.hash} and ${others.at(-1)!.hash}` : ((noticed ?? first)?.detail ?? ''),
    unmodified: [...problemsOf(unmodified), ...differencesOf(unmodified, same)],
  };
}

const problemsOf = (runs: readonly MutantRun[]): readonly string[] =>
  runs.flatMap(({ seed, violations }) =>
    violations.map(({ invariant, detail }) => `${seed} ${invariant} ${detail}`),
  );

/** I21 of the runs without the bug: a difference there would make the catch worth nothing. */
const differencesOf = (runs: readonly MutantRun[], same: readonly MutantRun[]): readonly string[] =>
  runs.flatMap(({ seed, hash }, i) =>
    same[i]?.hash === hash ? [] : [`${seed} I21 ${hash} and ${same[i]?.hash}`],
  );

const again = (
  mutant: Mutant,
  options: BenchOptions,
  seeds: readonly string[],
  isPlanted: boolean,
): Promise<readonly MutantRun[]> => runChild(mutant, { ...options, seeds, isPlanted });

interface Job extends BenchOptions {
  readonly isPlanted: boolean;
}

/** A fresh process runs the seeds one by one; with the bug it ends at the first one that is noticed. */
function runChild(
  mutant: Mutant,
  job: Omit<Job, 'seeds'> & { readonly seeds: readonly string[] },
): Promise<readonly MutantRun[]> {
  const args = [
    '--child',
    mutant.id,
    '--minutes',
    String(job.minutes),
    ...(job.isPlanted ? ['--planted'] : []),
  ];
  return new Promise((resolve, reject) => {
    const runs: MutantRun[] = [];
    const child = spawn(process.execPath, [mainFile, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    let watchdog = setTimeout(() => child.kill('SIGKILL'), stuckMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => child.kill('SIGKILL'), stuckMs);
      runs.push(JSON.parse(line) as MutantRun);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(watchdog);
      if (code === 0) resolve(runs);
      else reject(new Error(`${mutant.id} ended with ${code} at ${job.seeds[runs.length]}`));
    });
    child.stdin.end(job.seeds.join('\n'));
  });
}
