import type { Goal } from './case';
import type { Host } from './host';

export interface Ratio {
  readonly against: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}
export type Verdict = 'met' | 'missed' | 'noisy';
export interface GoalResult {
  readonly id: string;
  readonly against: string;
  readonly target: number;
  readonly floor: number;
  readonly value: number;
  readonly verdict: Verdict;
}
export interface CaseResult {
  readonly id: string;
  readonly unit: string;
  readonly scale: string;
  readonly seed: number;
  readonly note: string;
  readonly isEqual: boolean;
  readonly candidates: Readonly<Record<string, Timings>>;
  readonly ratios: readonly Ratio[];
  readonly goals: readonly GoalResult[];
}
export interface Timings {
  readonly nsPerOp: readonly number[];
  readonly cpuNsPerOp: readonly number[];
}
export interface Report {
  readonly schema: 1;
  readonly at: string;
  readonly host: Host;
  readonly cases: readonly CaseResult[];
}

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Ours against a peer of the same round: above 1 ours is faster. */
export function ratioOf(against: string, candidates: CaseResult['candidates']): Ratio {
  const ours = candidates['ours']!.nsPerOp;
  const ratios = candidates[against]!.nsPerOp.map((ns, round) => ns / ours[round]!);
  const [min, max] = [Math.min(...ratios), Math.max(...ratios)];
  return { against, median: rounded(medianOf(ratios)), min: rounded(min), max: rounded(max) };
}

/** A spread above 2 proves nothing, however high the median. */
export function judge({ id, against, target, floor }: Goal, ratios: readonly Ratio[]): GoalResult {
  const ratio = ratios.find((one) => one.against === against);
  const value = ratio?.median ?? NaN;
  const isNoisy = ratio !== undefined && ratio.max / ratio.min > 2;
  const verdict = !(value >= target) ? 'missed' : isNoisy ? 'noisy' : 'met';
  return { id, against, target, floor: rounded(floor), value, verdict };
}

export function printCase(result: CaseResult): void {
  if (!result.isEqual) {
    console.log(`${result.id}: results differ, nothing is compared`);
    return;
  }
  console.log(`${result.id} (ns per ${result.unit})`);
  for (const [name, { nsPerOp }] of Object.entries(result.candidates)) {
    console.log(`  ${name.padEnd(12)} ${medianOf(nsPerOp).toFixed(0).padStart(9)}`);
  }
  for (const { against, median, min, max } of result.ratios) {
    console.log(`  ours / ${against.padEnd(10)} ${median} x  (${min} - ${max})`);
  }
  for (const { id, target, value, verdict } of result.goals)
    console.log(`  ${id} >= ${target} x: ${value}, ${verdict}`);
}

/** The runs on a page that was written before. */
export function runsOn(page: string): readonly Report[] {
  const json = /```json\n(.*)\n```/s.exec(page)?.[1];
  return json === undefined ? [] : ([JSON.parse(json)].flat() as Report[]);
}

/** This run, and of those before it the cases that it has not measured anew. */
export function runsWith(latest: Report, before: readonly Report[]): readonly Report[] {
  const anew = new Set(latest.cases.map(({ id }) => id));
  const left = before.map((run) => ({ ...run, cases: run.cases.filter(({ id }) => !anew.has(id)) }));
  return [latest, ...left.filter(({ cases }) => cases.length > 0)];
}

const hostLine = ({ host, at }: Report, index: number): string =>
  `${index + 1}. ${host.cpu}, ${host.cores} cores, governor ${host.governor}, ${host.memoryGb} GB, Node ${host.node}, V8 ${host.v8},
   load ${host.load}. ${Object.entries(host.versions)
     .map(([name, version]) => `${name} ${version}`)
     .join(', ')}. Commit ${host.commit}${host.dirty ? ' with uncommitted changes' : ''}, ${at}.`;

/** The committed page: everything in it is in the JSON it ends with. */
export function pageOf(runs: readonly Report[]): string {
  const cases = runs.flatMap((run, index) => run.cases.map((one) => ({ ...one, run: index + 1 })));
  const ratios = cases.flatMap((one) =>
    one.ratios.map(
      (r) =>
        `| ${one.id} | ${r.against} | **${r.median} ×** | ${r.min} – ${r.max} | ${one.run} | ${one.note} |`,
    ),
  );
  const goals = cases.flatMap((one) =>
    one.goals.map(
      (g) =>
        `| ${g.id} | ${one.id} | ${g.against} | ≥ ${g.target} × | ${g.value} × | ${g.verdict} | ${one.run} |`,
    ),
  );
  return `# Benchmarks

Written by \`npm run bench -- --write\`. Ratios are taken within a round, ours against the peer in processes of their
own, and given as median, minimum and maximum over the rounds. All candidates of a case returned equal checksums first.
A run of some cases leaves the others as an earlier run measured them:

${runs.map(hostLine).join('\n')}

| case | peer | ratio, median | min – max | run | note |
|---|---|---|---|---|---|
${ratios.join('\n')}

| goal | case | peer | target | value | verdict | run |
|---|---|---|---|---|---|---|
${goals.join('\n')}

Measured over sockets of this machine: the receiving and the refresh. Not measured here: TLS, the database, scheduling under load.

<details><summary>Measurements</summary>

\`\`\`json
${JSON.stringify(runs)}
\`\`\`

</details>
`;
}
