import { forceFills } from '../../support/kill-drill/drill';
import { letGo } from '../../support/kill-drill/kill-points';
import type { Ending } from '../plan';
import type { Bench } from './bench';
import { killAndRestart, verdictOf } from './bench';

const longFreezeMs = 6_000;

/** What becomes of the engine in a state that is held. */
export async function end(bench: Bench, ending: Ending): Promise<void> {
  if (ending === 'freeze') return freeze(bench);
  if (ending === 'cut') return cut(bench);
  if (ending === 'kill') return killAndRestart(bench);
}

async function freeze(bench: Bench): Promise<void> {
  const { world, engine, scene, proxy } = bench;
  const { rng, runtime } = world;
  engine.pause();
  await runtime.sleep(100 + rng.int(rng.int(4) === 0 ? longFreezeMs : 1_200));
  await forceFills(scene, rng.int(2), 200);
  proxy.release();
  letGo(scene, verdictOf(bench));
  engine.resume();
}

async function cut(bench: Bench): Promise<void> {
  const { world, scene, proxy } = bench;
  const { rng, runtime } = world;
  proxy.cut();
  await runtime.sleep(100 + rng.int(1_500));
  letGo(scene, verdictOf(bench));
  await forceFills(scene, rng.int(2), 200);
  await runtime.sleep(rng.int(1_500));
  proxy.mend();
}
