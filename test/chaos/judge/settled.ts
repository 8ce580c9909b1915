import type { LaneScene } from '../lane';
import type { World } from '../world';
import type { Words } from './truth';
import { quietTruth } from './truth';

/** How long the record, the engine and the venue may disagree after the last fault. */
const convergeMs = 30_000;

/** What they still disagree in when that time is over; empty as soon as they agree. The market must stand still. */
export async function settled(scene: LaneScene, world: World, engine: LaneScene['engine']): Promise<Words> {
  const { runtime } = world;
  const until = runtime.monotonic() + convergeMs;
  for (;;) {
    await runtime.sleep(250);
    const words = await quietTruth(scene, world, engine);
    if (words.length === 0 || runtime.monotonic() > until) return words;
  }
}
