import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Host {
  readonly cpu: string;
  readonly cores: number;
  readonly governor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly v8: string;
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly dirty: boolean;
}

const peers = ['ccxt', 'functional-red-black-tree', 'bignumber.js'];

/** The machine and the code a report is about. */
export function hostOf(): Host {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    governor: read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    v8: process.versions.v8,
    load: Math.round(loadavg()[0]! * 100) / 100,
    versions: versions(),
    commit: git('rev-parse', '--short', 'HEAD') || 'unknown',
    dirty: git('status', '--porcelain') !== '',
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'not readable';
  }
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

function versions(): Readonly<Record<string, string>> {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { version?: string } | undefined>;
  };
  return Object.fromEntries(
    peers.map((name) => [name, lock.packages[`node_modules/${name}`]?.version ?? 'absent']),
  );
}
