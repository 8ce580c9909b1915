import type { Ms } from '../../../domain/units';
import type { CommitRefusal, Lease } from './types';

interface Held {
  ownerId: string | undefined;
  epoch: number;
  expiresAt: Ms;
  isHalted: boolean;
}

/** Leases with epochs in memory. */
export class MemoryLeases {
  private readonly leases = new Map<string, Held>();

  constructor(private readonly now: () => Ms) {}

  take(strategyId: string, ownerId: string, ttlMs: number): Lease | undefined {
    const held = this.leases.get(strategyId);
    const isFree = held?.ownerId === undefined || held.ownerId === ownerId || held.expiresAt < this.now();
    if (held && (held.isHalted || !isFree)) return undefined;
    const epoch = (held?.epoch ?? 0) + 1;
    this.leases.set(strategyId, { ownerId, epoch, expiresAt: this.now() + ttlMs, isHalted: false });
    return { strategyId, ownerId, epoch };
  }

  renew(ownerId: string, ttlMs: number): ReadonlySet<string> {
    const renewed = new Set<string>();
    for (const [strategyId, held] of this.leases) {
      if (held.ownerId !== ownerId || held.isHalted) continue;
      held.expiresAt = this.now() + ttlMs;
      renewed.add(strategyId);
    }
    return renewed;
  }

  release(strategyId: string, ownerId: string): void {
    const held = this.leases.get(strategyId);
    if (held?.ownerId !== ownerId) return;
    held.ownerId = undefined;
    held.expiresAt = this.now();
  }

  setHalted(strategyId: string, isHalted: boolean): void {
    const held = this.leases.get(strategyId);
    if (held) held.isHalted = isHalted;
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
}
