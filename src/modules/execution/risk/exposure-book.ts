import type { Dec } from '../../../domain/units';
import type { ExposureCaps } from './limits';

/** One capped scope as one strategy sees it; figures in units of its quote asset. */
export interface ScopeExposure {
  readonly scope: string;
  /** Value of base held and bid for by everybody in the scope but the strategy. */
  readonly others: number;
  readonly limit: number;
}

interface Part {
  readonly keys: readonly string[];
  readonly value: number;
}

/**
 * What every strategy holds and bids for, summed per scope and quote asset. Figures of different quote assets are
 * never added: a cap holds for each of them.
 */
export class ExposureBook {
  private readonly parts = new Map<string, Part>();
  private readonly totals = new Map<string, number>();

  readonly hasCaps: boolean;

  constructor(private readonly caps: ExposureCaps) {
    this.hasCaps = Object.keys(caps).length > 0;
  }

  /** Forgets every strategy that is not among these. */
  retain(strategies: ReadonlyMap<string, unknown>): void {
    if (this.parts.size <= strategies.size) return;
    for (const id of this.parts.keys()) if (!strategies.has(id)) this.forget(id);
  }

  /** Replaces what a strategy counts for. `scopes` as `global`, `venue:<id>`, `account:<id>`, `owner:<id>`. */
  set(strategyId: string, scopes: readonly string[], quote: string, value: number): void {
    this.forget(strategyId);
    const keys = scopes
      .filter((scope) => this.capOf(scope) !== undefined)
      .map((scope) => `${scope}|${quote}`);
    if (keys.length === 0) return;
    this.parts.set(strategyId, { keys, value });
    for (const key of keys) this.totals.set(key, (this.totals.get(key) ?? 0) + value);
  }

  forget(strategyId: string): void {
    const part = this.parts.get(strategyId);
    if (!part) return;
    this.parts.delete(strategyId);
    for (const key of part.keys) this.totals.set(key, (this.totals.get(key) ?? 0) - part.value);
  }

  of(strategyId: string, scopes: readonly string[], quote: string): readonly ScopeExposure[] {
    if (!this.hasCaps) return [];
    const own = this.parts.get(strategyId);
    return scopes.flatMap((scope): readonly ScopeExposure[] => {
      const limit = this.capOf(scope);
      if (limit === undefined) return [];
      const key = `${scope}|${quote}`;
      const mine = own?.keys.includes(key) ? own.value : 0;
      return [{ scope, others: (this.totals.get(key) ?? 0) - mine, limit: Number(limit) }];
    });
  }

  private capOf(scope: string): Dec | undefined {
    const kind = scope.split(':', 1)[0];
    return kind === 'owner' || kind === 'account' || kind === 'venue' || kind === 'global'
      ? this.caps[kind]
      : undefined;
  }
}
