import type { AccountId, InstrumentId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import { afterFailure, afterSuccess, afterTime, closedBreaker } from './breaker';
import type { Breaker, BreakerPhase } from './breaker';
import { RateWindow } from './rate-windows';

export const rejectsPerMinute = 20;

export type BreakerClass = 'create' | 'cancel' | 'query' | 'marketData';
/** `failure`: an ambiguous outcome, a 5xx or a 418. A definitive refusal is a working venue, hence a success. */
export type BreakerOutcome = 'success' | 'failure';

/**
 * One breaker per account and class. An open one stops creates and nothing else: cancels and queries always pass.
 * While creates are stopped, successful queries are the probes that let them resume; an order is never a probe.
 */
export class CircuitBreaker {
  private readonly breakers: Readonly<Record<BreakerClass, Map<AccountId, Breaker>>> = {
    ...{ create: new Map(), cancel: new Map(), query: new Map(), marketData: new Map() },
  };
  private readonly rejects = new Map<string, RateWindow>();

  constructor(private readonly runtime: Runtime) {}

  record(accountId: AccountId, kind: BreakerClass, outcome: BreakerOutcome): void {
    this.step(accountId, kind, outcome);
    if (kind !== 'query' || outcome !== 'success') return;
    if (this.phase(accountId, 'create') === 'halfOpen') this.step(accountId, 'create', 'success');
  }

  /** False while the venue's answers to creates or to queries cannot be trusted. */
  canCreate(accountId: AccountId): boolean {
    return this.phase(accountId, 'create') === 'closed' && this.phase(accountId, 'query') === 'closed';
  }

  /** A definitive refusal of an order. True for the one that makes more than 20 within a minute; counting begins anew. */
  rejected(accountId: AccountId, instrument: InstrumentId): boolean {
    const key = `${accountId}|${instrument}`;
    const now = this.runtime.monotonic();
    const window = this.rejects.get(key) ?? new RateWindow(rejectsPerMinute, 60_000);
    window.add(now, 1);
    const isTooMany = window.used(now) > rejectsPerMinute;
    if (isTooMany) this.rejects.delete(key);
    else this.rejects.set(key, window);
    return isTooMany;
  }

  phase(accountId: AccountId, kind: BreakerClass): BreakerPhase {
    return this.current(accountId, kind).phase;
  }

  private step(accountId: AccountId, kind: BreakerClass, outcome: BreakerOutcome): void {
    const now = this.runtime.monotonic();
    const current = this.current(accountId, kind);
    const next =
      outcome === 'success'
        ? afterSuccess(current, now)
        : afterFailure(current, now, this.runtime.rng.next());
    if (next !== current) this.breakers[kind].set(accountId, next);
  }

  private current(accountId: AccountId, kind: BreakerClass): Breaker {
    const known = this.breakers[kind].get(accountId) ?? closedBreaker;
    if (known.phase !== 'open') return known; // Time alone moves no other.
    const current = afterTime(known, this.runtime.monotonic());
    if (current !== known) this.breakers[kind].set(accountId, current);
    return current;
  }
}
