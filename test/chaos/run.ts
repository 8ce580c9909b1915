import { parseArgs } from 'node:util';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { seedOf, Xoshiro128 } from '../../src/runtime/rng';
import { Findings } from './judge/findings';
import type { Lane, LaneReport } from './lane';
import { PairLane } from './pair-lane';
import type { Point, State } from './plan';
import { allStates, pairStates, planOf } from './plan';
import { reportOf } from './report';
import { SoloLane } from './solo-lane';
import { World } from './world';

const options = {
  points: { type: 'string', default: '150' },
  seed: { type: 'string' },
  lanes: { type: 'string', default: '2' },
  /** Names of states, with commas between them; all of them without it. */
  only: { type: 'string' },
  /** Seconds after which no further point is begun. */
  budget: { type: 'string', default: '1200' },
} as const;

/** Kills engines at held states until the points are used up, then says what was found. Exit code 1 on any finding. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options });
  const runtime = createRealRuntime();
  const seed = values.seed === undefined ? runtime.rng.int(1_000_000) : whole(values.seed, 'seed');
  const points = whole(values.points, 'points');
  const lanes = Math.max(1, whole(values.lanes, 'lanes'));
  const began = runtime.monotonic();
  const say = (line: string): void => {
    process.stdout.write(`${((runtime.monotonic() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  const findings = new Findings();
  const plan = planOf(points, new Xoshiro128(seedOf(`plan/${seed}`)), statesOf(values.only));
  const untilMs = runtime.now() + whole(values.budget, 'budget') * 1_000;
  const open = new Set<{ dispose(): Promise<void> }>();
  const run: Run = { runtime, seed, findings, say, untilMs, open };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void giveUp(open));
  const reports = await Promise.all(
    sharesOf(plan, lanes).map(({ name, share }) => runLane(run, name, share)),
  );
  const seconds = Math.round((runtime.monotonic() - began) / 1_000);
  const report = reportOf({
    reports,
    findings,
    plan,
    seconds,
    replay: [
      `--points ${points} --seed ${seed} --lanes ${lanes}`,
      ...(values.only ? [`--only ${values.only}`] : []),
    ].join(' '),
  });
  process.stdout.write(report.text);
  if (!report.isGood) process.exitCode = 1;
  await runtime.close();
}

interface Run {
  readonly runtime: Runtime;
  readonly seed: number;
  readonly findings: Findings;
  readonly say: (line: string) => void;
  readonly untilMs: number;
  /** What is to be ended, with its processes, when the run is broken off. */
  readonly open: Set<{ dispose(): Promise<void> }>;
}

async function giveUp(open: ReadonlySet<{ dispose(): Promise<void> }>): Promise<void> {
  await Promise.allSettled([...open].map((each) => each.dispose()));
  process.exit(1);
}

interface Share {
  readonly name: string;
  readonly share: readonly Point[];
}

const pairName = 'pair';

/** Points of two engines have lanes of their own. */
function sharesOf(plan: readonly Point[], lanes: number): readonly Share[] {
  const isPair = ({ state }: Point): boolean => pairStates.some((each) => each === state);
  const dealt = (kind: string, points: readonly Point[]): readonly Share[] =>
    Array.from({ length: lanes }, (_, lane) => ({
      name: `${kind}${lane + 1}`,
      share: points.filter((_point, index) => index % lanes === lane),
    }));
  const solo = plan.filter((point) => !isPair(point));
  return [...dealt('solo', solo), ...dealt(pairName, plan.filter(isPair))].filter(
    ({ share }) => share.length > 0,
  );
}

async function runLane(run: Run, name: string, share: readonly Point[]): Promise<LaneReport | undefined> {
  const { runtime, seed, findings, say, untilMs, open } = run;
  let held: World | Lane | undefined;
  const hold = <T extends World | Lane>(made: T): T => {
    if (held) open.delete(held);
    held = made;
    open.add(made);
    return made;
  };
  try {
    const place = { name, world: hold(await World.open(runtime, name, seed)), findings, say };
    const lane = hold(name.startsWith(pairName) ? await PairLane.open(place) : await SoloLane.open(place));
    return await lane.run(share, untilMs);
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    findings.add({ kind: 'liveness', lane: name, point: -1, words: `the lane ended: ${words}` });
    return undefined;
  } finally {
    if (held) open.delete(held);
    await held?.dispose();
  }
}

function statesOf(names: string | undefined): readonly State[] {
  if (names === undefined) return allStates;
  return names.split(',').map((name) => {
    const state = allStates.find((each) => each === name);
    if (!state) throw new Error(`--only: ${name} is none of ${allStates.join(', ')}`);
    return state;
  });
}

function whole(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}
