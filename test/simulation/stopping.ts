import { accountOf } from './host';
import type { World } from './world';

const stopWithinMs = 10_000;

/** The end of a run: every engine is told to stop, one that is just coming up or going down as soon as it can be. */
export function stopAll(world: World): void {
  world.log.add('world', 'stop', '');
  for (let seat = 0; seat < world.hosts.all.length; seat += 1) stopSeat(world, seat);
}

function stopSeat(world: World, seat: number): void {
  const { view, oracle, phases, plan, quiet, findings } = world;
  const host = world.hosts.all[seat]!;
  if (host.isStopping || host.runtime.isDead) return world.after(100, () => stopSeat(world, seat));
  host.isStopping = true;
  const { service } = host;
  if (!service) return;
  for (const number of view.standings.keys()) oracle.stopped.add(`${host.parts.name}|${number}`);
  world.after(phases.end - phases.stop - 3_000, () => void host.engine?.shutdown());
  void service.stop(stopWithinMs, [accountOf(plan)]).then(
    (result) => quiet.stopped(result),
    (error: unknown) => findings.check('I16', false, () => `stop threw ${String(error)}`),
  );
}
