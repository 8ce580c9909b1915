import { forceFills } from '../support/kill-drill/drill';
import { letGo, reach } from '../support/kill-drill/kill-points';
import type { LightEngine } from './engine/light-engine';
import type { LanePlace, LaneScene } from './lane';
import { Lane } from './lane';
import type { Point, SoloState } from './plan';
import type { Bench } from './states/bench';
import { restart } from './states/bench';
import { bootBreaker, heldBoot } from './states/boots';
import { commitReset, databaseLost } from './states/database';
import { end } from './states/endings';
import { heldKill, heldStop } from './states/halting';
import { restored } from './states/restored';

const queryLagsMs = [0, 0, 500, 3_000] as const;

/** One engine, held, killed and started again. */
export class SoloLane extends Lane {
  private constructor(
    place: LanePlace,
    private readonly bench: Bench,
  ) {
    super(place);
  }

  static async open(place: LanePlace): Promise<SoloLane> {
    const { world, name } = place;
    const seat = await world.engine(name);
    const lane: SoloLane = new SoloLane(place, {
      ...{ world, ...seat, scene: world.scene(seat) },
      found: (words) => lane.found(words),
    });
    return lane;
  }

  protected get engines(): readonly LightEngine[] {
    return [this.bench.engine];
  }

  protected get scene(): LaneScene {
    return this.bench.scene;
  }

  protected begin(): Promise<void> {
    return this.bench.engine.start();
  }

  protected async take(point: Point): Promise<void> {
    const { venue, rng } = this.world;
    venue.faults.delayQueries(queryLagsMs[rng.int(queryLagsMs.length)]!);
    await forceFills(this.scene, 2, 800);
    await this.meet(point.state as SoloState, point);
  }

  protected async recover(): Promise<void> {
    const { engine, proxy } = this.bench;
    await engine.kill();
    proxy.mend();
    letGo(this.scene, 'drop');
    await restart(this.bench);
  }

  private async meet(state: SoloState, { ending }: Point): Promise<void> {
    const { bench } = this;
    if (state === 'boot') return heldBoot(bench);
    if (state === 'boot-breaker') return bootBreaker(bench);
    if (state === 'stop') return heldStop(bench);
    if (state === 'kill-switch') return heldKill(bench);
    if (state === 'database') return databaseLost(bench, ending);
    if (state === 'commit-reset') return commitReset(bench, ending);
    if (state === 'restored') return restored(bench, ending);
    await reach(this.scene, state);
    await end(bench, ending);
  }
}
