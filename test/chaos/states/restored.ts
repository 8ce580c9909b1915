import { eventually, forceFills, ownOpen } from '../../support/kill-drill/drill';
import { settled } from '../judge/settled';
import { of } from '../judge/truth';
import type { Ending } from '../plan';
import type { Bench } from './bench';
import { createsOf, restart } from './bench';

const lostWithinMs = 20_000;
/** Orders whose rows were lost have been cancelled by then. */
const cancelledMs = 30_000;

/**
 * The database is set back to an older base copy: of some points ago, or of this boot. What was committed and booked
 * since is lost, while its orders rest and its trades have happened. The engine lives through it or starts anew.
 */
export async function restored(bench: Bench, ending: Ending): Promise<void> {
  const { world, engine, proxy, scene, found } = bench;
  const { server, rng, runtime, venue } = world;
  if (!server.hasCopy || rng.int(2) === 0) await server.copy();
  const before = createsOf(world, engine.nonce).length;
  await forceFills(scene, 2, 2_000);
  const isNewResting = (): boolean => {
    const made = new Set(
      createsOf(world, engine.nonce)
        .slice(before)
        .map((create) => create.clientOrderId),
    );
    return ownOpen(scene).some(({ clientOrderId }) => made.has(clientOrderId));
  };
  await eventually(scene, 'an order made after the copy rests', isNewResting, lostWithinMs);
  proxy.cut();
  const resting = ownOpen(scene);
  if (ending === 'kill') await engine.kill();
  const lost = new Set(await world.restoreDatabase());
  if (!resting.some(({ clientOrderId }) => lost.has(clientOrderId)))
    throw new Error(`none of the ${lost.size} orders that lost their rows rested`);
  // An engine that lives may have pulled them by now: it has had no database for a while.
  const restingLost = () => ownOpen(scene).filter(({ clientOrderId }) => lost.has(clientOrderId));
  await forceFills(scene, rng.int(2), 300);
  await runtime.sleep(rng.int(1_000));
  proxy.mend();
  if (ending === 'kill') await restart(bench);
  await eventually(scene, 'orders without a row are gone', () => restingLost().length === 0, cancelledMs);
  venue.faults.clearAll();
  venue.setFlow(false);
  found(await settled(scene, world, engine));
  venue.setFlow(true);
  const again = venue.creates().filter(({ clientOrderId }) => lost.has(clientOrderId));
  const repeated = again.length - new Set(again.map(({ clientOrderId }) => clientOrderId)).size;
  found(of('duplicates', repeated === 0 ? [] : [`${repeated} ids of the lost history were used again`]));
}
