import type { Host } from './host';
import { accountOf } from './host';
import type { World } from './world';

const stopWithinMs = 10_000;
/** Between the shutdown of an engine and the end of the run: whatever it has left behind goes on until then. */
const silenceMs = 3_000;

/** The end of a run: every engine is told to stop, one that is just coming up or going down as soon as it can be. */
export function stopAll(world: World): void {
  world.log.add('world', 'stop', '');
  for (let seat = 0; seat < world.hosts.all.length; seat += 1) stopSeat(world, seat);
}

function stopSeat(world: World, seat: number): void {
  const host = world.hosts.all[seat]!;
  const { service } = host;
  // Behind one that is going down another boots, and one that boots has nothing yet that could be told.
  if (host.isStopping || host.runtime.isDead || !service)
    return world.after(100, () => stopSeat(world, seat));
  host.isStopping = true;
  for (const number of world.view.standings.keys()) world.oracle.stopped.add(`${host.parts.name}|${number}`);
  shutDown(world, host);
  const toldAt = world.now();
  void service.stop(stopWithinMs, [accountOf(world.plan)]).then(
    (result) => world.quiet.stopped(result, world.now() - toldAt),
    (error: unknown) => world.findings.check('I16', false, () => `stop threw ${String(error)}`),
  );
}

/** At one moment for all: counted from when it was told, one that was told late would run on past the end. */
function shutDown(world: World, host: Host): void {
  const leftMs = world.phases.end - silenceMs - world.now();
  world.after(Math.max(0, leftMs), () => void host.engine?.shutdown());
}
