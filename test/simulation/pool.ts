import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SeedResult } from './run-seed';

export interface PoolOptions {
  readonly seeds: readonly string[];
  readonly minutes: number;
  readonly tier: string;
  readonly dialect: string;
  readonly workers: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  readonly onResult: (result: SeedResult) => void;
}

const mainFile = join(__dirname, 'main.cjs');
/** A seed that takes longer has an engine that never lets time pass. */
const stuckMs = 120_000;

/** Runs seeds in fresh processes, a share of them in each. */
export async function runPool(options: PoolOptions): Promise<readonly SeedResult[]> {
  const { seeds, workers } = options;
  const shares = Array.from({ length: workers }, (_, i) => seeds.filter((_seed, at) => at % workers === i));
  const results = await Promise.all(
    shares.filter((share) => share.length > 0).map((share) => runShare(share, options)),
  );
  return results.flat();
}

function runShare(seeds: readonly string[], options: PoolOptions): Promise<readonly SeedResult[]> {
  const { minutes, tier, dialect, environment, nodeArgs = [], onResult } = options;
  return new Promise((resolve, reject) => {
    const results: SeedResult[] = [];
    const args = ['--child', '--minutes', String(minutes), '--tier', tier, '--dialect', dialect];
    const child = spawn(process.execPath, [...nodeArgs, mainFile, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    let watchdog = setTimeout(() => child.kill('SIGKILL'), stuckMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => child.kill('SIGKILL'), stuckMs);
      const result = JSON.parse(line) as SeedResult;
      results.push(result);
      onResult(result);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(watchdog);
      if (code === 0) return resolve(results);
      reject(
        new Error(
          `the process ended with ${code} at seed ${seeds[results.length]}: no time passed, or it crashed`,
        ),
      );
    });
    child.stdin.end(seeds.join('\n'));
  });
}
