import type { Ms } from '../../../domain/units';
import { stopsCreates } from './halt-scopes';
import type { Halt, NewHalt } from './types';

type Kept = Omit<Halt, 'leases'>;

/** Standing halts in memory, and what they cover. */
export class MemoryHalts {
  private standing: readonly Kept[] = [];
  private readonly liftedAt = new Map<string, Ms>();

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
    if (lifted.length > 0) this.liftedAt.set(scopeKey, this.now());
    return lifted;
  }

  all(): readonly Kept[] {
    return this.standing;
  }

  lastLifted(scopeKey: string): Ms | undefined {
    return this.liftedAt.get(scopeKey);
  }

  forbids(keys: readonly string[]): boolean {
    return this.standing.some((halt) => stopsCreates(halt) && keys.includes(halt.scopeKey));
  }
}
