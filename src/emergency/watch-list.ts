import type { Mono } from '../domain/units';

/** Without progress for so long, an engine is taken for dead. */
export const deadAfterMs = 15_000;

/** A strategy that an engine leases, as the database showed it. */
export interface Watched {
  readonly strategyNumber: number;
  readonly accountId: string;
  readonly ownerId: string;
  /** Since its engine was last seen to make progress, on the clock of the database; undefined when it never was. */
  readonly quietMs: number | undefined;
}

/**
 * Which engines are dead, from what the database showed last. Time goes on while it does not answer: an engine whose
 * progress cannot be seen makes none, because progress includes that it reached the database.
 */
export class WatchList {
  private watched: readonly Watched[] = [];
  private readAt: Mono = 0;
  /** Since when each engine has been seen with a lease: one that has just taken its first has not ticked with it yet. */
  private readonly seenSince = new Map<string, Mono>();

  read(watched: readonly Watched[], at: Mono): void {
    this.watched = watched;
    this.readAt = at;
    const owners = new Set(watched.map(({ ownerId }) => ownerId));
    for (const owner of this.seenSince.keys()) if (!owners.has(owner)) this.seenSince.delete(owner);
    for (const owner of owners) if (!this.seenSince.has(owner)) this.seenSince.set(owner, at);
  }

  /** What dead engines lease on an account. */
  deadOn(accountId: string, now: Mono): readonly Watched[] {
    return this.watched.filter((one) => one.accountId === accountId && this.isDead(one, now));
  }

  accounts(): ReadonlySet<string> {
    return new Set(this.watched.map(({ accountId }) => accountId));
  }

  private isDead({ ownerId, quietMs = Infinity }: Watched, now: Mono): boolean {
    const watchedMs = now - (this.seenSince.get(ownerId) ?? now);
    return Math.min(watchedMs, quietMs + (now - this.readAt)) >= deadAfterMs;
  }
}
