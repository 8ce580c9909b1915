import type { AccountId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { ArmedSwitch, LeasedElsewhere, SwitchRow } from './types';

interface Kept {
  readonly ownerId: string;
  readonly dueAt: Ms;
  readonly places: readonly string[];
}

/** Accounts that are ours alone, and what their venues may have been told, in memory. */
export class MemorySwitches {
  private readonly dedicated = new Map<AccountId, boolean>();
  private readonly kept = new Map<AccountId, Kept>();

  constructor(
    private readonly now: () => Ms,
    /** Live leases, whoever's. */
    private readonly leased: () => readonly LeasedElsewhere[],
  ) {}

  declare(accountId: AccountId, isDedicated: boolean): void {
    this.dedicated.set(accountId, isDedicated);
  }

  rows(): readonly SwitchRow[] {
    const known = new Set([...this.dedicated.keys(), ...this.kept.keys()]);
    return [...known].flatMap((accountId) => {
      const isDedicated = this.dedicated.get(accountId) ?? false;
      const kept = this.kept.get(accountId);
      if (!isDedicated && !kept) return [];
      return [{ accountId, isDedicated, armed: kept ? this.armedOf(kept) : null }];
    });
  }

  record(accountId: AccountId, { ownerId, dueInMs, places }: ArmedSwitch, isLeaving = false): boolean {
    const owners = this.leased().flatMap((lease) => (lease.accountId === accountId ? [lease.ownerId] : []));
    const isHeirs = isLeaving && this.kept.get(accountId)?.ownerId === ownerId;
    const maySpeak = owners.includes(ownerId) && (isHeirs || owners.every((owner) => owner === ownerId));
    if (!this.dedicated.get(accountId) || !maySpeak) return false;
    this.kept.set(accountId, { ownerId, dueAt: this.now() + dueInMs, places });
    return true;
  }

  forget(accountId: AccountId, ownerId: string): void {
    if (this.kept.get(accountId)?.ownerId === ownerId) this.kept.delete(accountId);
  }

  private armedOf({ ownerId, dueAt, places }: Kept): ArmedSwitch {
    return { ownerId, dueInMs: dueAt - this.now(), places };
  }
}
