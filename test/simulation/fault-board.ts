import type { Rng } from '../../src/runtime/runtime';
import { faultRows } from './faults/index';
import type { FaultHooks, FaultWorld } from './faults/row';
import { Striker } from './strikes';
import type { Schedule, Strike } from './strikes';
import type { StoreCall, StoreFate, StoreFaults } from './store-adapter';
import type { Fate, FrameFate, SeenFrame, SeenRequest, WireFaults } from './wire';

/** The rows of one seed at work: passes each opportunity to each of them, and counts what reached the engine. */
export class FaultBoard implements WireFaults, StoreFaults {
  readonly hits = new Map<string, number>();
  /** Every fault of the run so far, in order: with the seed, all that is needed to have it again. */
  readonly strikes: Strike[] = [];
  isDown = false;
  isOn = false;
  private planted: readonly (FaultHooks & { readonly id: string })[] = [];

  /** With a schedule exactly its strikes happen, and nothing by chance. */
  plant(world: FaultWorld, rates: ReadonlyMap<string, number>, rng: Rng, schedule?: Schedule): void {
    this.planted = faultRows
      .filter(({ id }) => rates.has(id))
      .map(({ id, plant }) => {
        const scheduled = schedule?.strikes.filter(({ row }) => row === id);
        const chance = { rng: rng.fork(id), rate: rates.get(id)! };
        const striker = new Striker(id, chance, () => world.now(), scheduled);
        const hooks = plant({
          world,
          rng: striker.rng,
          isOn: () => this.isOn,
          strikes: () => this.isOn && this.struck(striker),
          hit: () => void this.hits.set(id, (this.hits.get(id) ?? 0) + 1),
        });
        return { id, ...hooks };
      });
  }

  private struck(striker: Striker): boolean {
    const strike = striker.strikes();
    if (strike) this.strikes.push(strike);
    return strike !== undefined;
  }

  onRequest(request: SeenRequest, fate: Fate): void {
    for (const hooks of this.planted) hooks.request?.(request, fate);
  }

  onFrame(frame: SeenFrame): FrameFate {
    for (const hooks of this.planted) {
      const fate = hooks.frame?.(frame);
      if (fate) return fate;
    }
    return undefined;
  }

  mayConnect(stream: 'public' | 'private'): boolean {
    return this.planted.every((hooks) => hooks.connect?.(stream) ?? true);
  }

  onCall(name: StoreCall, fate: StoreFate, args: readonly unknown[]): void {
    for (const hooks of this.planted) hooks.store?.(name, fate, args);
  }

  second(): void {
    if (this.isOn) for (const hooks of this.planted) hooks.second?.();
  }

  heal(): void {
    this.isOn = false;
    this.isDown = false;
    for (const hooks of this.planted) hooks.heal?.();
  }
}
