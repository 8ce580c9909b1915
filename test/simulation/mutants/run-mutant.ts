import { faultRows } from '../faults/index';
import { isSpoken } from '../faults/spoken';
import type { Violation } from '../oracle/findings';
import type { SeedPlan } from '../seed-plan';
import { planOf } from '../seed-plan';
import { World } from '../world';
import type { Mutant } from './mutant';

/** One run with a bug, or of the same plan without it. */
export interface MutantRun {
  readonly seed: string;
  readonly hash: string;
  readonly reached: number;
  readonly endedAtMs: number;
  /** In the order they fired. */
  readonly violations: readonly Violation[];
}

export interface MutantRunOptions {
  readonly seed: string;
  readonly minutes: number;
  readonly isPlanted: boolean;
  readonly trace?: ((line: string) => void) | undefined;
}

const rows = faultRows.map(({ id }) => id).filter((id) => isSpoken(id, 'binance'));

export function runMutant(mutant: Mutant, { seed, minutes, isPlanted, trace }: MutantRunOptions): MutantRun {
  const drawn = planOf({ seed, minutes, rows, focus: mutant.row, venue: mutant.dialect });
  const plan: SeedPlan = mutant.arrange?.(drawn) ?? drawn;
  const world = new World(plan, {
    ...{ isSigningWithCcxt: mutant.dialect !== undefined, trace },
    mutant: isPlanted ? mutant : undefined,
  });
  mutant.drill?.(world);
  world.run();
  return {
    ...{ seed, hash: world.log.hash, reached: world.stats.reached, endedAtMs: world.now() },
    violations: world.findings.violations,
  };
}
