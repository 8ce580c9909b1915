import type { DialectVenueId } from '../../src/domain/instrument';
import type { Count } from './counts';
import type { Violation } from './oracle/findings';
import { faultRows } from './faults/index';
import { isSpoken } from './faults/spoken';
import { planOf } from './seed-plan';
import type { SeedPlan } from './seed-plan';
import type { Schedule } from './strikes';
import { World } from './world';

export interface SeedResult {
  readonly seed: string;
  readonly mode: 'calm' | 'swarm' | 'focus';
  readonly minutes: number;
  /** Flags that name its tier, for whoever replays it. */
  readonly told: string;
  readonly hash: string;
  readonly cpuMs: number;
  readonly events: number;
  readonly counts: Oracle['counts'];
  readonly stats: World['stats'] & World['hosts']['stats'] & { readonly engines: number };
  /** The row that excuses a halt of this seed, and its code. */
  readonly excuse: string | undefined;
  /** Seconds without a side by the row and the code that excuse them. */
  readonly excused: readonly Count[];
  readonly sides: World['quiet']['sides'];
  readonly hits: readonly Count[];
  readonly endings: readonly Count[];
  readonly cells: readonly Count[];
  readonly outcomes: readonly Count[];
  readonly evaluations: readonly Count[];
  readonly coverage: readonly Count[];
  /** Milliseconds: until orders of before the quiet were agreed on, and that each order was in doubt. */
  readonly convergedMs: number | undefined;
  readonly doubts: readonly number[];
  /** Live orders of ours and lost orders of others at the end of a run. */
  readonly left: { readonly orphans: number; readonly plantedLost: number };
  readonly peakMb: number;
  readonly violations: readonly Violation[];
  /** The faults of a run that broke something. */
  readonly schedule: Schedule | undefined;
  /** For people: the state and the last events of a violation. */
  readonly story: readonly string[];
}

type Oracle = World['oracle'];

const rows = faultRows.map(({ id }) => id);

export interface SeedOptions {
  /** A seed; behind an `@` the one row it is focused on. */
  readonly seed: string;
  readonly minutes: number;
  readonly tier: 'l1' | 'l2';
  readonly dialect: DialectVenueId;
  readonly schedule?: Schedule | undefined;
  readonly trace?: ((line: string) => void) | undefined;
}

/** One whole run, judged. */
export function runSeed({ seed, minutes, tier, dialect, schedule, trace }: SeedOptions): SeedResult {
  const before = process.cpuUsage();
  const plan = planFor({ seed, minutes, dialect, schedule });
  const world = new World(plan, { isSigningWithCcxt: tier === 'l2', schedule, trace });
  world.run();
  const spent = process.cpuUsage(before);
  const { oracle, board, findings, log, hosts, quiet, judges } = world;
  const stats = { ...world.stats, ...hosts.stats, engines: hosts.all.length };
  return {
    told: tier === 'l1' ? '' : ` --tier l2 --dialect ${dialect}`,
    ...{ seed, minutes, mode: plan.mode, hash: log.hash, events: log.count, stats, sides: quiet.sides },
    cpuMs: (spent.user + spent.system) / 1e3,
    excuse: world.excuse && `${world.excuse.row} ${world.excuse.code}`,
    excused: [...quiet.excused],
    counts: oracle.counts,
    hits: [...board.hits],
    endings: [...board.endings],
    cells: [...oracle.words.cells],
    outcomes: [...oracle.outcomes],
    evaluations: [...findings.evaluations],
    coverage: [...judges.coverage.counts],
    convergedMs: judges.timings.convergedMs,
    doubts: judges.timings.doubts,
    left: leftOf(world),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    violations: findings.violations,
    schedule: findings.violations.length > 0 ? scheduleOf(world) : undefined,
    story: findings.violations.length > 0 ? storyOf(world) : [],
  };
}

/** A schedule says which rows there are, whatever the seed would draw today. */
function planFor({ seed, minutes, dialect, schedule }: Omit<SeedOptions, 'tier'>): SeedPlan {
  const spoken = rows.filter((id) => isSpoken(id, dialect));
  const plan = planOf({ seed, minutes, rows: spoken, venue: dialect, focus: seed.split('@')[1] });
  return schedule ? { ...plan, rates: new Map(schedule.rows.map((row) => [row, 0])) } : plan;
}

export const scheduleOf = ({ plan, board }: World): Schedule => ({
  rows: [...plan.rates.keys()],
  strikes: board.strikes,
});

const leftOf = ({ view, oracle }: World): SeedResult['left'] => ({
  orphans: [...view.standings.values()].reduce((sum, one) => sum + one.live.size, 0),
  plantedLost: oracle.plantedLost().length,
});

function storyOf(world: World): readonly string[] {
  const about = world.findings.violations[0]?.about;
  const faults = [...world.plan.rates].map(([id, rate]) => `${id} ${rate.toFixed(4)}`).join(', ');
  const lines = about === undefined ? [] : ['about it:', ...world.log.last(40, about)];
  return [`rows: ${faults}`, ...stateOf(world), ...lines, 'last events:', ...world.log.last(about ? 30 : 60)];
}

/** What the engine says of itself, for whoever reads the finding. */
function stateOf(world: World): readonly string[] {
  const { engine, service } = world.host();
  const sessions = (service?.sessions() ?? []).map(({ strategyId, state, detail, reasons }) => {
    const codes = reasons.map(({ code, side, params }) => `${code}/${side} ${JSON.stringify(params)}`);
    return `session ${strategyId.slice(-2)} ${state} ${detail} ${codes.join(', ')}`;
  });
  const orders = (engine?.orders.allUnended() ?? []).map(
    (one) =>
      `order ${one.clientOrderId} ${one.slotKey} acknowledged ${one.acknowledged} doubt ${one.doubtSince} ` +
      `filled ${one.maxFilled}/${one.bookedFilled} of ${one.quantity} ${one.command} ended ${one.ended?.why}`,
  );
  const alerts = new Map(world.alerts.map(({ severity, code, detail }) => [`${severity} ${code}`, detail]));
  const shown = [...alerts].map(([code, detail]) => `alert ${code}: ${detail.slice(0, 200)}`);
  return [...sessions, ...orders.slice(0, 15), ...shown];
}

declare global {
  /** Runs every promise continuation that is ready, and those that become ready by it. */
  var drainMicrotasks: () => void;
}
