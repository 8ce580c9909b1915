import { writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { faultRows } from './faults/index';
import { planOf } from './seed-plan';
import { World } from './world';

interface Options {
  readonly seeds: number;
  readonly minutes: number;
  readonly replay: string | undefined;
  readonly row: string | undefined;
  readonly isTraced: boolean;
  readonly tier: 'l1' | 'l2';
  readonly base: string;
}

function optionsOf(args: readonly string[]): Options {
  const of = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  return {
    seeds: Number(of('seeds') ?? 20),
    minutes: Number(of('minutes') ?? 10),
    replay: of('replay'),
    row: of('row'),
    isTraced: args.includes('--trace'),
    tier: of('tier') === 'l2' ? 'l2' : 'l1',
    base: of('base') ?? 's',
  };
}

export function main(args: readonly string[]): void {
  const options = optionsOf(args);
  const rows = faultRows.map(({ id }) => id);
  const print = (line: string): void => void writeSync(1, `${line}\n`);
  const started = process.cpuUsage();
  const count = options.replay === undefined ? options.seeds : 1;
  let failed = 0;
  for (let i = 0; i < count; i += 1) {
    const seed = options.replay ?? `${options.base}${i}`;
    const plan = planOf({ seed, minutes: options.minutes, rows, focus: options.row });
    const trace = options.isTraced ? print : undefined;
    const world = new World(plan, { isSigningWithCcxt: options.tier === 'l2', trace });
    const at = performance.now();
    world.run();
    const { sides } = world.quiet;
    print(
      `${seed} ${plan.mode} ${(performance.now() - at).toFixed(0)} ms hash ${world.log.hash} events ${world.log.count} ` +
        `fills ${world.oracle.counts.fills} creates ${world.oracle.counts.creates} two-sided ${((100 * sides.twoSided) / sides.samples).toFixed(0)} ` +
        `quiet ${((100 * sides.quietTwoSided) / sides.quietSamples).toFixed(0)} hits ${JSON.stringify([...world.board.hits])}`,
    );
    for (const violation of world.findings.violations) {
      failed += 1;
      print(`VIOLATION ${violation.invariant} at ${(violation.atMs / 1e3).toFixed(3)} s: ${violation.detail}`);
      for (const line of stateOf(world)) print(`  ${line}`);
      for (const line of world.log.last(violation.about ? 60 : 30, violation.about)) print(`  ${line}`);
    }
  }
  const spent = process.cpuUsage(started);
  const seconds = (spent.user + spent.system) / 1e6;
  const hours = (count * options.minutes) / 60;
  print(JSON.stringify({ seeds: count, minutes: options.minutes, violations: failed, simHours: hours, simHoursPerCpuMinute: Math.round((hours / seconds) * 60) }));
  process.exitCode = failed > 0 ? 1 : 0;
}

/** What the engine says of itself, for whoever reads the finding. */
function stateOf(world: World): readonly string[] {
  const { engine, service } = world.host();
  const sessions = (service?.sessions() ?? []).map(({ strategyId, state, detail, orders, reasons }) => {
    const codes = reasons.map(({ code, side, params }) => `${code}/${side} ${JSON.stringify(params)}`);
    return `session ${strategyId.slice(-2)} ${state} ${detail} orders ${orders.length} ${codes.join(', ')}`;
  });
  const doubts = (engine?.orders.allUnended() ?? []).map(
    (o) => `order ${o.clientOrderId} ${o.slotKey} ack ${o.acknowledged} doubt ${o.doubtSince} ${o.maxFilled}/${o.bookedFilled} of ${o.quantity} ${o.command} ended ${o.ended?.why}`,
  );
  const alerts = new Map<string, string>();
  for (const { code, severity, detail } of world.alerts) alerts.set(`${severity} ${code}`, detail);
  return [...sessions, ...doubts.slice(0, 12), ...[...alerts].map(([code, detail]) => `alert ${code}: ${detail.slice(0, 200)}`)];
}
