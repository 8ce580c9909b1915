import type { Ms } from '../../../domain/units';
import { stopsCreates } from './halt-scopes';
import type { Halt, NewHalt } from './types';

type Kept = Omit<Halt, 'leases'>;

/** Standing halts in memory, and what they cover. */
export class MemoryHalts {
  private standing: readonly Kept[] = [];
  private lifted: readonly (Kept & { readonly liftedAt: Ms })[] = [];

  constructor(private readonly now: () => Ms) {}

  add(halt: NewHalt): Kept {
    const { scopeKey, level } = halt;
    const known = this.standing.find((one) => one.scopeKey === scopeKey && one.level === level);
    if (known) return known;
    const kept = { ...halt, at: Math.floor(this.now()) };
    this.standing = [...this.standing, kept];
    return kept;
  }

  lift(scopeKey: string): readonly Kept[] {
    const lifted = this.standing.filter((halt) => halt.scopeKey === scopeKey);
    this.standing = this.standing.filter((halt) => halt.scopeKey !== scopeKey);
    const liftedAt = this.now();
    this.lifted = [...this.lifted, ...lifted.map((halt) => ({ ...halt, liftedAt }))];
    return lifted;
  }

  all(): readonly Kept[] {
    return this.standing;
  }

  /** When a halt of the scope was last lifted, of those for one of these codes when some are given. */
  lastLifted(scopeKey: string, codes?: readonly string[]): Ms | undefined {
    const isIt = (halt: Kept): boolean =>
      halt.scopeKey === scopeKey && (codes?.some((code) => halt.reason.startsWith(`${code}:`)) ?? true);
    return this.lifted.findLast(isIt)?.liftedAt;
  }

  forbids(keys: readonly string[]): boolean {
    return this.standing.some((halt) => stopsCreates(halt) && keys.includes(halt.scopeKey));
  }
}
