import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case, Scale } from './case';
import { allCases } from './cases/all-cases';
import type { Measured } from './child';
import { hostOf } from './host';
import { judge, pageOf, printCase, ratioOf, runsOn, runsWith } from './report';
import type { CaseResult, Report, Timings } from './report';

interface Options {
  readonly rounds: number;
  readonly scale: Scale;
  readonly seed: number;
}

const pagePath = 'docs/benchmarks.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string', default: '7' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

/** One candidate in a process of its own, so that no candidate runs on code another one has warmed or spoiled. */
function measure(one: Case, name: string, { scale, seed }: Options): Measured {
  const child = spawnSync(
    process.execPath,
    [join(__dirname, 'child.js'), one.id, name, scale, String(seed)],
    {
      encoding: 'utf8',
    },
  );
  if (child.status !== 0) throw new Error(`${one.id} ${name}: ${child.stderr}`);
  return JSON.parse(child.stdout) as Measured;
}

/** Every candidate once per round; the order rotates, so that none is always first. */
function runCase(one: Case, options: Options): CaseResult {
  const names = Object.keys(one.candidates);
  const results = new Map<string, Measured[]>(names.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const name = names[(i + round) % names.length]!;
      results.get(name)!.push(measure(one, name, options));
    }
  }
  const checksums = new Set([...results.values()].flat().map(({ checksum }) => checksum));
  return summary(one, options, results, checksums.size === 1);
}

function summary(
  one: Case,
  { scale, seed }: Options,
  results: ReadonlyMap<string, readonly Measured[]>,
  isEqual: boolean,
): CaseResult {
  const candidates = Object.fromEntries(
    [...results].map(([name, rounds]): [string, Timings] => [
      name,
      { nsPerOp: rounds.map((r) => r.nsPerOp), cpuNsPerOp: rounds.map((r) => r.cpuNsPerOp) },
    ]),
  );
  const peers = Object.keys(candidates).filter((name) => name !== 'ours');
  const ratios = isEqual ? peers.map((peer) => ratioOf(peer, candidates)) : [];
  const goals = one.goals.map((goal) => judge(goal, ratios));
  return {
    id: one.id,
    unit: one.unit,
    scale,
    seed,
    note: one.note ?? '',
    isEqual,
    candidates,
    ratios,
    goals,
  };
}

function main(): void {
  const options: Options = {
    rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
    scale: values.quick ? 'quick' : 'full',
    seed: Number(values.seed),
  };
  const chosen = allCases.filter(
    ({ id }) => positionals.length === 0 || positionals.some((word) => id.startsWith(word)),
  );
  if (chosen.length === 0) throw new Error(`no case starts with ${positionals.join(', ')}`);
  const host = hostOf();
  const cases: CaseResult[] = [];
  for (const one of chosen) {
    const result = runCase(one, options);
    printCase(result);
    cases.push(result);
  }
  const report: Report = { schema: 1, at: new Date().toISOString(), host, cases };
  mkdirSync('bench/out', { recursive: true });
  writeFileSync(`bench/out/${host.commit}.json`, JSON.stringify(report, null, 2));
  if (values.write) writePage(report);
  finish(report);
}

function writePage(report: Report): void {
  const before = existsSync(pagePath) ? runsOn(readFileSync(pagePath, 'utf8')) : [];
  writeFileSync(pagePath, pageOf(runsWith(report, before)));
}

/** Unequal results always fail; a value below its floor fails a check, at half the target for quick runs. */
function finish({ cases }: Report): void {
  const unequal = cases.filter(({ isEqual }) => !isEqual).map(({ id }) => id);
  const low = cases.flatMap((one) =>
    one.goals.filter((g) => !(g.value >= (values.quick ? 0.5 * g.target : g.floor))).map((g) => g.id),
  );
  if (unequal.length > 0) console.log(`unequal results: ${unequal.join(', ')}`);
  if (values.check && low.length > 0) console.log(`below the floor: ${low.join(', ')}`);
  process.exitCode = unequal.length > 0 || (values.check && low.length > 0) ? 1 : 0;
}

main();
