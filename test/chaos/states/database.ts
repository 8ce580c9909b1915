import { eventually, forceFills } from '../../support/kill-drill/drill';
import { of } from '../judge/truth';
import type { Ending } from '../plan';
import type { Bench } from './bench';
import { killAndRestart, restart, stateMs } from './bench';

const holdMs = 30_000;

/** The database ends, at once or in order, and comes back; the engine lives through it, or dies in the middle. */
export async function databaseLost(bench: Bench, ending: Ending): Promise<void> {
  const { world, engine, scene, found } = bench;
  await world.server.end(world.rng.int(2) === 0 ? 'immediate' : 'fast');
  await forceFills(scene, 2, 500);
  await world.runtime.sleep(world.rng.int(1_500));
  const creates = world.venue.creates().length;
  await world.runtime.sleep(600); // What was committed before has been sent by now, or will not be.
  const since = world.venue.creates().slice(creates + 1);
  if (ending === 'kill') await engine.kill();
  await world.restartDatabase();
  found(
    of(
      'intents',
      since.map((create) => `${create.clientOrderId} was sent with the database down`),
    ),
  );
  if (ending === 'kill') await restart(bench);
}

/**
 * The connection of a commit is reset: before the database hears of it, or after it has done it. Whichever it was,
 * nothing of it is ever sent; the judge asks for that until the end of the lane.
 */
export async function commitReset(bench: Bench, ending: Ending): Promise<void> {
  const { world, proxy, scene } = bench;
  const side = world.rng.int(2) === 0 ? 'answer' : 'request';
  proxy.holdNext('commit', side);
  const ids = await eventually(scene, 'a commit is held', () => some(proxy.heldIds()), holdMs);
  const rowsOf = async (): Promise<number> => {
    const sql = 'select 1 from client_orders where client_order_id = any ($1)';
    return (await world.database.query<unknown[]>(sql, [ids])).length;
  };
  const wanted = side === 'answer' ? new Set(ids).size : 0;
  await eventually(scene, `${wanted} rows of the commit`, async () => (await rowsOf()) === wanted, stateMs);
  for (const id of ids) world.burnt.add(id);
  const creates = world.venue.creates().length;
  proxy.reset();
  if (ending === 'kill') return killAndRestart(bench);
  const isBack = (): boolean => world.venue.creates().length > creates;
  await eventually(scene, 'creates go on under other ids', isBack, holdMs);
}

const some = <T>(items: readonly T[]): readonly T[] | undefined => (items.length > 0 ? items : undefined);
