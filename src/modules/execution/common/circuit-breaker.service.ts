import type { AccountId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import { afterFailure, afterSuccess, afterTime, closedBreaker } from './breaker';
import type { Breaker, BreakerPhase } from './breaker';
import { RateWindow } from './rate-windows';

const rejectsPerMinute = 20;

export type BreakerClass = 'create' | 'cancel' | 'query' | 'marketData';
/** `failure`: an ambiguous outcome, a 5xx or a 418. A definitive refusal is a working venue, hence a success. */
export type BreakerOutcome = 'success' | 'failure';

/**
 * One breaker per account and class. An open one stops creates and nothing else: cancels and queries always pass.
 * While creates are stopped, successful queries are the probes that let them resume; an order is never a probe.
 */
export class CircuitBreaker {
  private readonly breakers = new Map<string, Breaker>();
  private readonly rejects = new Map<AccountId, RateWindow>();

  constructor(private readonly runtime: Runtime) {}

  record(accountId: AccountId, kind: BreakerClass, outcome: BreakerOutcome): void {
    this.step(accountId, kind, outcome);
    if (kind !== 'query' || outcome !== 'success') return;
    if (this.phase(accountId, 'create') === 'halfOpen') this.step(accountId, 'create', 'success');
  }

  /** False while the venue's answers to creates or to queries cannot be trusted. */
  canCreate(accountId: AccountId): boolean {
    const rejects = this.rejects.get(accountId)?.used(this.runtime.monotonic()) ?? 0;
    if (rejects > rejectsPerMinute) return false;
    return this.phase(accountId, 'create') === 'closed' && this.phase(accountId, 'query') === 'closed';
  }

  /** A definitive refusal of an order. More than 20 in a minute stop creates until the minute has passed. */
  rejected(accountId: AccountId): void {
    const window = this.rejects.get(accountId) ?? new RateWindow(rejectsPerMinute, 60_000);
    window.add(this.runtime.monotonic(), 1);
    this.rejects.set(accountId, window);
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
