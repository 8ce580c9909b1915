import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { DialectVenueId } from '../../src/domain/instrument';
import { leastMinutes } from './phases';

export interface Options {
  readonly seeds: number;
  readonly minutes: number;
  readonly replay: string | undefined;
  readonly shrink: string | undefined;
  readonly schedule: string | undefined;
  readonly row: string | undefined;
  readonly gate: number;
  readonly tier: 'l1' | 'l2';
  readonly dialect: DialectVenueId;
  readonly base: string;
  readonly out: string | undefined;
  readonly workers: number;
  readonly isTracing: boolean;
  readonly isChild: boolean;
}

export const usage = `node test/simulation/main.cjs [flags]: plays seeds; the last line is one JSON summary, exit 1 on a violation
  --seeds N      how many seeds (100)
  --minutes M    virtual minutes of each (10), at least 1.5
  --row ID       force one fault row in every seed
  --base TEXT    another set of seeds (the commit)
  --workers N    processes (up to 4)
  --out FILE     write the summary there as well
  --tier l2      the product's connectors and ccxt against the venue's own dialect server
  --dialect NAME binance, okx or gate; the last two in tier l2 alone
  --replay SEED  one seed again; with --trace every event of it
  --shrink SEED  leave out the faults that a violation does not need; --out FILE keeps the schedule
  --schedule FILE  play a kept schedule, as those of test/simulation/corpus
  --gate N       run N seeds twice in fresh processes and compare their hashes
  --help         this text`;

const valued: readonly string[] =
  'seeds minutes row base workers out tier dialect replay shrink schedule gate'.split(' ');
const plain: readonly string[] = ['trace', 'child'];

/** Throws on a flag that is not known, a value that is missing, and a row that does not exist. */
export function optionsOf(args: readonly string[], rows: readonly string[]): Options {
  const { values, flags } = sorted(args);
  const number = (name: string, otherwise: number): number => {
    const value = Number(values.get(name) ?? otherwise);
    if (Number.isFinite(value) && value >= 0) return value;
    throw new Error(`--${name} needs a number, not ${values.get(name)}`);
  };
  const row = values.get('row');
  if (row !== undefined && !rows.includes(row)) throw new Error(`no row ${row}; there are ${rows.join(' ')}`);
  const minutes = number('minutes', 10);
  if (minutes < leastMinutes) throw new Error(`--minutes needs ${leastMinutes} or more, not ${minutes}`);
  const tier = values.get('tier') ?? 'l1';
  if (tier !== 'l1' && tier !== 'l2') throw new Error(`no tier ${tier}; there are l1 and l2`);
  const dialect = dialectOf(values.get('dialect') ?? 'binance', tier);
  return {
    ...{
      seeds: number('seeds', 100),
      minutes,
      gate: number('gate', 0),
      row,
      tier,
      dialect,
    },
    ...{ replay: values.get('replay'), shrink: values.get('shrink'), schedule: values.get('schedule') },
    ...{ out: values.get('out'), base: values.get('base') ?? commit() },
    workers: number('workers', Math.min(4, availableParallelism())),
    ...{ isTracing: flags.has('trace'), isChild: flags.has('child') },
  };
}

function dialectOf(name: string, tier: 'l1' | 'l2'): DialectVenueId {
  if (name !== 'binance' && name !== 'okx' && name !== 'gate')
    throw new Error(`no dialect ${name}; there are binance, okx and gate`);
  if (name !== 'binance' && tier === 'l1') throw new Error(`${name} is spoken in tier l2 alone`);
  return name;
}

function sorted(args: readonly string[]): {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
} {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let i = 0; i < args.length; i += 1) {
    const name = args[i]!.startsWith('--') ? args[i]!.slice(2) : '';
    if (plain.includes(name)) {
      flags.add(name);
      continue;
    }
    const value = args[i + 1];
    if (!valued.includes(name)) throw new Error(`unknown flag ${args[i]}`);
    if (value === undefined || value.startsWith('--')) throw new Error(`--${name} needs a value`);
    values.set(name, value);
    i += 1;
  }
  return { values, flags };
}

/** Every change explores new ground. */
function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'seed';
  }
}
