import type { InstrumentId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { Scoped } from './halt-scopes';
import { isMixed, mixedBuilds } from './mixed-builds';
import type { Build, CommitRefusal, Lease, LeasedElsewhere, LeaseEnd, Offered, TakenLease } from './types';

/** What the database knows of a strategy from its table. */
export interface KnownStrategy extends Scoped {
  readonly number: number;
  /** It does not run and should not. */
  readonly isAtRest?: boolean;
}

/** What the strategies of an account trade that run, or should. */
export function tradedOn(
  accountId: string,
  strategies: ReadonlyMap<string, KnownStrategy>,
): readonly InstrumentId[] {
  const wanted = [...strategies.values()].filter((one) => one.accountId === accountId && !one.isAtRest);
  return [...new Set(wanted.map(({ instrument }) => instrument))].sort();
}

interface Held {
  ownerId: string | undefined;
  epoch: number;
  expiresAt: Ms;
  isHalted: boolean;
  /** Given back with its live orders; they are left to whoever takes it before `expiresAt`. */
  isHandover: boolean;
  predecessorExpiresAt: Ms | undefined;
  build: Build | undefined;
}

const neverHeld: Readonly<Held> = {
  ...{ ownerId: undefined, epoch: 0, expiresAt: 0, isHalted: false, isHandover: false },
  ...{ predecessorExpiresAt: undefined, build: undefined },
};

/** Leases with epochs in memory. */
export class MemoryLeases {
  private readonly leases = new Map<string, Held>();

  constructor(
    private readonly now: () => Ms,
    private readonly buildOf: (ownerId: string) => Build | undefined,
  ) {}

  /** The caller has made sure that no halt covers the strategy. Throws DomainError beside another build. */
  take(strategyId: string, ownerId: string, ttlMs: number): TakenLease | undefined {
    this.refuseMixing(ownerId);
    const now = this.now();
    const held = this.leases.get(strategyId) ?? neverHeld;
    const isFree = held.ownerId === undefined || held.ownerId === ownerId;
    if (!isFree && held.expiresAt >= now) return undefined;
    const epoch = held.epoch + 1;
    const predecessorExpiresAt = isFree ? held.predecessorExpiresAt : held.expiresAt;
    const isHandover = this.isOffered(held);
    const [expiresAt, build] = [now + ttlMs, this.buildOf(ownerId)];
    const taken = { ownerId, epoch, expiresAt, predecessorExpiresAt, build };
    this.leases.set(strategyId, { ...taken, isHalted: false, isHandover: false });
    const predecessorExpiresInMs =
      predecessorExpiresAt === undefined ? undefined : predecessorExpiresAt - now;
    return { strategyId, ownerId, epoch, predecessorExpiresInMs, isHandover };
  }

  renew(ownerId: string, ttlMs: number): ReadonlyMap<string, number> {
    const renewed = new Map<string, number>();
    for (const [strategyId, held] of this.leases) {
      if (held.ownerId !== ownerId || held.isHalted) continue;
      if (held.expiresAt <= this.now() && this.mixedWith(ownerId)) continue;
      held.expiresAt = this.now() + ttlMs;
      renewed.set(strategyId, held.epoch);
    }
    return renewed;
  }

  release(strategyId: string, ownerId: string, { epoch, isDeathOver }: LeaseEnd = {}): void {
    const held = this.leases.get(strategyId);
    if (held?.ownerId !== ownerId || !(held.isHalted || held.epoch === (epoch ?? held.epoch))) return;
    held.ownerId = undefined;
    held.expiresAt = this.now();
    if (isDeathOver) held.predecessorExpiresAt = undefined;
  }

  /** The caller has made sure that no order on record is one the venue never showed. */
  handOver(strategyId: string, ownerId: string, offerMs: number): boolean {
    const held = this.leases.get(strategyId);
    if (held?.ownerId !== ownerId || held.isHalted || held.expiresAt <= this.now()) return false;
    held.ownerId = undefined;
    held.isHandover = true;
    held.expiresAt = this.now() + offerMs;
    return true;
  }

  offered(strategies: ReadonlyMap<string, KnownStrategy>): readonly Offered[] {
    const offered: Offered[] = [];
    for (const [strategyId, { number, accountId }] of strategies) {
      const held = this.leases.get(strategyId);
      if (held && this.isOffered(held)) offered.push({ strategyId, number, accountId });
    }
    return offered;
  }

  halt(strategyIds: ReadonlySet<string>): void {
    for (const [strategyId, held] of this.leases) {
      if (!strategyIds.has(strategyId) || held.isHalted) continue;
      held.isHalted = true;
      held.epoch += 1;
    }
  }

  haltedAmong(strategyIds: ReadonlySet<string>): number {
    let halted = 0;
    for (const id of strategyIds) if (this.leases.get(id)?.isHalted) halted += 1;
    return halted;
  }

  isElsewhere(strategyId: string, ownerId: string): boolean {
    const held = this.leases.get(strategyId);
    return held?.ownerId !== undefined && held.ownerId !== ownerId && held.expiresAt > this.now();
  }

  elsewhere(ownerId: string, strategies: ReadonlyMap<string, KnownStrategy>): readonly LeasedElsewhere[] {
    const found: LeasedElsewhere[] = [];
    for (const [strategyId, { number, accountId }] of strategies) {
      const held = this.leases.get(strategyId);
      if (held?.ownerId === undefined || held.isHalted || !this.isElsewhere(strategyId, ownerId)) continue;
      found.push({ strategyId, number, accountId, ownerId: held.ownerId });
    }
    return found;
  }

  /** Why a commit of this owner and epoch must be refused; undefined when it may go ahead. */
  refusal(claim: Lease): { readonly reason: CommitRefusal; readonly detail: string } | undefined {
    const held = this.leases.get(claim.strategyId);
    if (held?.ownerId !== claim.ownerId || held.epoch !== claim.epoch) {
      return { reason: 'LEASE_LOST', detail: 'another owner or epoch holds the lease' };
    }
    if (held.isHalted) return { reason: 'HALTED', detail: 'a halt covers the strategy' };
    if (held.expiresAt <= this.now()) return { reason: 'LEASE_LOST', detail: 'the lease has expired' };
    return undefined;
  }

  private isOffered({ isHandover, ownerId, isHalted, expiresAt }: Held): boolean {
    return isHandover && ownerId === undefined && !isHalted && expiresAt > this.now();
  }

  private refuseMixing(ownerId: string): void {
    const mixed = this.mixedWith(ownerId);
    if (!mixed) return;
    const { id, schemaVersion } = mixed.build!;
    throw mixedBuilds({ ownerId: mixed.ownerId!, buildId: id, schemaVersion });
  }

  /** The live lease of another engine whose build differs too much. */
  private mixedWith(ownerId: string): Held | undefined {
    const own = this.buildOf(ownerId);
    return [...this.leases].find(([strategyId, { build, isHalted }]) => {
      const isLive = !isHalted && this.isElsewhere(strategyId, ownerId);
      return isLive && own !== undefined && build !== undefined && isMixed(own, build);
    })?.[1];
  }
}
