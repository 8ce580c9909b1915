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
  /** Held states by how they ended. */
  readonly endings = new Map<string, number>();
  /** Every fault of the run so far, in order: with the seed, all that is needed to have it again. */
  readonly strikes: Strike[] = [];
  isDown = false;
  /** When a fault last struck or took effect, in virtual milliseconds. */
  lastAt = -1;
  isOn = false;
  private world: FaultWorld | undefined;
  private planted: readonly FaultHooks[] = [];
  /** Those that look at requests, frames and calls: most rows look at one kind, and most seeds have few. */
  private onRequests: readonly NonNullable<FaultHooks['request']>[] = [];
  private onFrames: readonly NonNullable<FaultHooks['frame']>[] = [];
  private onCalls: readonly NonNullable<FaultHooks['store']>[] = [];

  /** With a schedule exactly its strikes happen, and nothing by chance. */
  plant(world: FaultWorld, rates: ReadonlyMap<string, number>, rng: Rng, schedule?: Schedule): void {
    this.world = world;
    this.planted = faultRows
      .filter(({ id }) => rates.has(id))
      .map(({ id, plant }) => {
        const scheduled = schedule?.strikes.filter(({ row }) => row === id);
        const chance = { rng: rng.fork(id), rate: rates.get(id)! };
        const striker = new Striker(id, chance, () => world.now(), scheduled);
        return plant({
          world,
          rng: striker.rng,
          isOn: () => this.isOn,
          strikes: () => this.isOn && this.struck(striker),
          hit: (ending) => this.hit(id, ending),
        });
      });
    this.onRequests = this.planted.flatMap(({ request }) => request ?? []);
    this.onFrames = this.planted.flatMap(({ frame }) => frame ?? []);
    this.onCalls = this.planted.flatMap(({ store }) => store ?? []);
  }

  private hit(id: string, ending: string | undefined): void {
    this.lastAt = this.world?.now() ?? -1;
    this.hits.set(id, (this.hits.get(id) ?? 0) + 1);
    const key = `${id} ${ending}`;
    if (ending !== undefined) this.endings.set(key, (this.endings.get(key) ?? 0) + 1);
  }

  private struck(striker: Striker): boolean {
    const strike = striker.strikes();
    if (!strike) return false;
    this.strikes.push(strike);
    this.lastAt = strike.at;
    return true;
  }

  onRequest(request: SeenRequest, fate: Fate): void {
    for (const hook of this.onRequests) hook(request, fate);
  }

  get spoilsFrames(): boolean {
    return this.onFrames.length > 0;
  }

  /** Streams are spoilt for the engine that trades: what a row keeps back of one stream is not for another. */
  onFrame(frame: SeenFrame): FrameFate {
    if (this.world?.host().parts.name !== frame.host) return undefined;
    for (const hook of this.onFrames) {
      const fate = hook(frame);
      if (fate) return fate;
    }
    return undefined;
  }

  mayConnect(stream: 'public' | 'private'): boolean {
    return this.planted.every((hooks) => hooks.connect?.(stream) ?? true);
  }

  onCall(name: StoreCall, fate: StoreFate, args: readonly unknown[], caller: string): void {
    const host = this.world?.hostOf(caller);
    if (!host) return; // Still booting for the first time, or a guest.
    for (const hook of this.onCalls) hook(name, fate, args, host);
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
