import type { AccountId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import { afterFailure, afterSuccess, afterTime, closedBreaker } from './breaker';
import type { Breaker, BreakerPhase } from './breaker';

export type BreakerClass = 'create' | 'cancel' | 'query' | 'marketData';
/** `failure`: an ambiguous outcome, a 5xx or a 418. A definitive refusal is a working venue, hence a success. */
export type BreakerOutcome = 'success' | 'failure';

/**
 * One breaker per account and class. An open one stops creates and nothing else: cancels and queries always pass.
 * While creates are stopped, successful queries are the probes that let them resume; an order is never a probe.
 */
export class CircuitBreaker {
  private readonly breakers = new Map<string, Breaker>();

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

  phase(accountId: AccountId, kind: BreakerClass): BreakerPhase {
    return this.current(accountId, kind).phase;
  }

  private step(accountId: AccountId, kind: BreakerClass, outcome: BreakerOutcome): void {
    const now = this.runtime.monotonic();
    const current = this.current(accountId, kind);
    const next =
      outcome === 'success' ? afterSuccess(current, now) : afterFailure(current, now, this.runtime.rng.next());
    this.breakers.set(keyOf(accountId, kind), next);
  }

  private current(accountId: AccountId, kind: BreakerClass): Breaker {
    const known = this.breakers.get(keyOf(accountId, kind)) ?? closedBreaker;
    const current = afterTime(known, this.runtime.monotonic());
    if (current !== known) this.breakers.set(keyOf(accountId, kind), current);
    return current;
  }
}

const keyOf = (accountId: AccountId, kind: BreakerClass): string => `${accountId}|${kind}`;
