import type { DialectVenueId } from '../../../src/domain/instrument';
import type { Engine } from '../../../src/modules/execution/engine';
import type { EngineParts } from '../../../src/modules/execution/engine-parts';
import type { Store } from '../../../src/modules/execution/store/types';
import type { Runtime } from '../../../src/runtime/runtime';
import type { SeedPlan } from '../seed-plan';
import type { World } from '../world';

/** Where a bug is planted: one incarnation of the engine in one world. */
export interface MutantSite {
  readonly world: World;
  /** The bug has changed a result or a call. */
  readonly reached: () => void;
}

/** What stands in the place of the real thing. Whatever is absent stays as it is. */
export interface Planted {
  readonly parts?: Partial<EngineParts>;
  readonly store?: (store: Store) => Store;
  /** Transport and timers. */
  readonly runtime?: (runtime: Runtime) => Runtime;
  /** Methods of one object of the composition, where the bug is in the way its objects are used. */
  readonly engine?: (engine: Engine) => void;
}

/** One bug, and which invariants must notice it. */
export interface Mutant {
  readonly id: string;
  readonly bug: string;
  /** Any of these is a catch; the run goes on past others. */
  readonly expect: readonly string[];
  /** The dialect spoken in the world, with the product's own transport and signatures; L1 without it. */
  readonly dialect?: DialectVenueId;
  /** The one fault row at work. */
  readonly row?: string;
  /** What of the plan is special, with the bug and without it. */
  readonly arrange?: (plan: SeedPlan) => SeedPlan;
  /** What else happens in the world, with the bug and without it. */
  readonly drill?: (world: World) => void;
  /** `twice`: the same seed in two processes must give equal hashes. */
  readonly judge?: 'twice';
  readonly plant: (site: MutantSite) => Planted;
}
