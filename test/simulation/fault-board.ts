import type { Rng } from '../../src/runtime/runtime';
import { faultRows } from './faults/index';
import type { FaultHooks, FaultWorld } from './faults/row';
import type { StoreCall, StoreFate, StoreFaults } from './store-adapter';
import type { Fate, FrameFate, SeenFrame, SeenRequest, WireFaults } from './wire';

/** The rows of one seed at work: passes each opportunity to each of them, and counts what reached the engine. */
export class FaultBoard implements WireFaults, StoreFaults {
  readonly hits = new Map<string, number>();
  isDown = false;
  isOn = false;
  private planted: readonly (FaultHooks & { readonly id: string })[] = [];

  plant(world: FaultWorld, rates: ReadonlyMap<string, number>, rng: Rng): void {
    this.planted = faultRows
      .filter(({ id }) => rates.has(id))
      .map(({ id, plant }) => {
        const one = rng.fork(id);
        const rate = rates.get(id)!;
        const hooks = plant({
          world,
          rng: one,
          isOn: () => this.isOn,
          strikes: () => this.isOn && one.next() < rate,
          hit: () => void this.hits.set(id, (this.hits.get(id) ?? 0) + 1),
        });
        return { id, ...hooks };
      });
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
