import { DomainError } from '../../domain/errors';
import type { AccountId } from '../../domain/instrument';
import type { Mono } from '../../domain/units';
import type { Runtime, Timer } from '../../runtime/runtime';
import { deathOverMs, drainMs, handoverOfferMs, inFlightCycleMs, leaseRenewMs } from './common/constants';
import { leaseStopCreateMs, leaseTtlMs, offerAwaitedMs } from './common/constants';
import type { Lease, LeasedElsewhere, Offered, Store, TakenLease } from './store/types';

export interface LeaseListener {
  /** No lease can be had beside an engine of another build; told once until one is had. */
  refused(detail: string): void;
  /** The Store says that the lease is not ours any more. */
  lost(strategyId: string): void;
  /** Its time is over without a renewal: another engine may have it. Told once until it is renewed. */
  expired(strategyId: string): void;
  storeAnswered(ok: boolean, detail: string): void;
}

interface Held {
  readonly lease: Lease;
  readonly takenAt: Mono;
  renewedAt: Mono;
  /** Until then a request of the owner before us may still reach the venue. */
  readonly drainedAt: Mono;
  isExpired: boolean;
  /** The Store did not answer since the last renewal: what it holds now is not known. */
  isDoubtful: boolean;
}

/**
 * The right to create orders for a strategy, renewed in one statement for all. Measured from before each renewal was
 * sent, on the monotonic clock: an owner stops creating well before the database would let another one take over.
 */
export class LeaseKeeper {
  private readonly leases = new Map<string, Held>();
  /** Let go of here, and the Store has not heard of it: it would renew them with the others for ever. */
  private readonly unreleased = new Map<string, Parameters<Store['releaseLease']>[2]>();
  /** The Store is asked for them, or to give them on, and has not answered: nobody knows here whose they are. */
  private readonly asking = new Set<string>();
  private elsewhere = new Map<string, LeasedElsewhere>();
  private offered = new Map<string, Offered & { readonly seenAt: Mono }>();
  /** Offers of ours that are over here, whatever the Store was last seen to say. */
  private readonly withdrawn = new Set<string>();
  private readonly offerListeners = new Set<() => void>();
  private timers: readonly Timer[] = [];
  private isRenewing = false;
  /** How often the Store was lost: an answer to what was asked before the last time says nothing of what it holds now. */
  private losses = 0;
  private refusal: string | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly store: Store,
    private readonly ownerId: string,
    private readonly listener: LeaseListener,
  ) {}

  start(): void {
    if (this.timers.length > 0) return;
    this.timers = [
      this.runtime.timers.every(leaseRenewMs, () => void this.renew()),
      this.runtime.timers.every(inFlightCycleMs, () => this.age()),
    ];
  }

  stop(): void {
    for (const timer of this.timers) this.runtime.timers.clear(timer);
    this.timers = [];
  }

  /**
   * Takes the lease with a new epoch; undefined while another owner holds it or a halt covers it. Throws DomainError
   * beside an engine of another build.
   */
  take(strategyId: string): Promise<TakenLease | undefined> {
    return this.whileAsking(strategyId, () => this.takeNow(strategyId));
  }

  private async takeNow(strategyId: string): Promise<TakenLease | undefined> {
    const renewedAt = this.runtime.monotonic();
    const { losses } = this;
    const lease = await this.store.takeLease(strategyId, this.ownerId, leaseTtlMs).catch((error: unknown) => {
      if (error instanceof DomainError) this.refused(error.detail);
      throw error;
    });
    if (!lease) return undefined;
    this.refusal = undefined;
    const left = lease.predecessorExpiresInMs;
    const drainedAt = left === undefined ? 0 : this.runtime.monotonic() + left + drainMs;
    const times = { takenAt: this.runtime.monotonic(), renewedAt, drainedAt };
    const isDoubtful = losses !== this.losses;
    this.leases.set(strategyId, { lease, ...times, isExpired: false, isDoubtful });
    this.elsewhere.delete(strategyId);
    this.offered.delete(strategyId);
    this.withdrawn.delete(strategyId);
    return lease;
  }

  /** Whether there is anything this engine may create for. */
  holdsAny(): boolean {
    return [...this.leases.keys()].some((strategyId) => this.holds(strategyId));
  }

  heldCount(): number {
    return this.leases.size;
  }

  holds(strategyId: string): boolean {
    const isDoubtful = this.leases.get(strategyId)?.isDoubtful ?? true;
    return !isDoubtful && this.ageOf(strategyId) < leaseStopCreateMs;
  }

  /** Still ours for all we know, though nothing may be created any more once `holds` says no. */
  mayHold(strategyId: string): boolean {
    return this.ageOf(strategyId) < leaseTtlMs;
  }

  /** How long creates wait because the owner before us was not heard to end; 0 when they need not. */
  drainLeftMs(strategyId: string): number {
    return Math.max(0, (this.leases.get(strategyId)?.drainedAt ?? 0) - this.runtime.monotonic());
  }

  /** The epoch the strategy holds now; 0 when it holds none. */
  epochOf(strategyId: string): number {
    return this.leases.get(strategyId)?.lease.epoch ?? 0;
  }

  /**
   * Of the epoch held now: one that is taken anew meanwhile stays. `isProven`: the venue has just shown no order of the
   * strategy. That ends the death of an owner before us for whoever comes next, once we have held the lease so long that
   * the venue must have listed what it left. The age of the death on record says nothing: it may have been set back.
   */
  async release(strategyId: string, isProven = false): Promise<void> {
    const held = this.leases.get(strategyId);
    this.leases.delete(strategyId);
    const isLong = held !== undefined && this.runtime.monotonic() - held.takenAt >= deathOverMs;
    const end = { epoch: held?.lease.epoch, isDeathOver: isProven && isLong };
    await this.store.releaseLease(strategyId, this.ownerId, end).catch((error: unknown) => {
      if (held) this.unreleased.set(strategyId, end);
      throw error;
    });
  }

  /** Of the epoch let go of: one that is taken anew stays. */
  private async releaseAgain(): Promise<void> {
    for (const [strategyId, end] of [...this.unreleased]) {
      if (!this.leases.has(strategyId)) await this.store.releaseLease(strategyId, this.ownerId, end);
      this.unreleased.delete(strategyId);
    }
  }

  /**
   * Gives the lease back with its live orders. False when the Store refuses, and then it is still ours; and when it does
   * not answer, and then it is nobody's here: the Store says later whose it is.
   */
  handOver(strategyId: string): Promise<boolean> {
    return this.whileAsking(strategyId, () => this.give(strategyId));
  }

  private async give(strategyId: string): Promise<boolean> {
    const entry = this.leases.get(strategyId);
    if (!entry) return false;
    this.leases.delete(strategyId); // A renewal behind it would take it for lost.
    try {
      const isGiven = await this.store.handOver(strategyId, this.ownerId, handoverOfferMs);
      if (!isGiven) this.leases.set(strategyId, entry);
      return isGiven;
    } catch (error) {
      this.listener.storeAnswered(false, error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  /** What the Store was seen to say about the leases of other live engines, and of those given back with live orders. */
  seen(elsewhere: readonly LeasedElsewhere[], offered: readonly Offered[]): void {
    this.elsewhere = new Map(elsewhere.map((strategy) => [strategy.strategyId, strategy]));
    const isNew = offered.some(({ strategyId }) => !this.offered.has(strategyId));
    const now = this.runtime.monotonic();
    const seenAt = (strategyId: string): Mono => this.offered.get(strategyId)?.seenAt ?? now;
    this.offered = new Map(
      offered.map((one) => [one.strategyId, { ...one, seenAt: seenAt(one.strategyId) }]),
    );
    if (isNew) for (const listener of this.offerListeners) listener();
  }

  onOffer(listener: () => void): void {
    this.offerListeners.add(listener);
  }

  isElsewhere(strategyId: string): boolean {
    return this.elsewhere.has(strategyId);
  }

  ownerElsewhere(strategyId: string): string | undefined {
    return this.elsewhere.get(strategyId)?.ownerId;
  }

  /** Another live engine leases it, or its orders are left to whoever takes it next: nobody else touches them. */
  isOthers(strategyId: string): boolean {
    return this.elsewhere.has(strategyId) || this.offered.has(strategyId);
  }

  /** Offers of ours that nobody has taken and that could not be taken back: their orders are ours to cancel. */
  withdraw(strategyIds: readonly string[]): void {
    for (const strategyId of strategyIds) this.withdrawn.add(strategyId);
  }

  /** Another engine offers it, and either it is taken soon or that one takes it back. */
  isAwaited(strategyId: string): boolean {
    const seenAt = this.offered.get(strategyId)?.seenAt ?? -Infinity;
    return !this.withdrawn.has(strategyId) && this.runtime.monotonic() - seenAt <= offerAwaitedMs;
  }

  isNumberAwaited(number: number | undefined): boolean {
    return [...this.offered.values()].some((one) => one.number === number && this.isAwaited(one.strategyId));
  }

  /** Another live engine, or that of `ownerId`, leases a strategy on the account. */
  isTradedElsewhere(accountId: AccountId, ownerId?: string): boolean {
    return [...this.elsewhere.values()].some(
      (strategy) => strategy.accountId === accountId && strategy.ownerId === (ownerId ?? strategy.ownerId),
    );
  }

  isOfferedOn(accountId: AccountId): boolean {
    return [...this.offered.values()].some((strategy) => strategy.accountId === accountId);
  }

  /** A strategy on the account is another live engine's, or about to be. */
  isTradedByOthers(accountId: AccountId): boolean {
    return this.isTradedElsewhere(accountId) || this.isOfferedOn(accountId);
  }

  /** By the number that client order ids carry. */
  isNumberElsewhere(number: number | undefined): boolean {
    return [...this.elsewhere.values()].some((strategy) => strategy.number === number);
  }

  isNumberOthers(number: number | undefined): boolean {
    return (
      this.isNumberElsewhere(number) ||
      [...this.offered.values()].some((strategy) => strategy.number === number)
    );
  }

  /** The Store does not answer: whatever it holds when it does again, nothing is created before a renewal. */
  doubt(): void {
    this.losses += 1;
    for (const entry of this.leases.values()) entry.isDoubtful = true;
  }

  async renew(): Promise<void> {
    if (this.leases.size === 0 || this.isRenewing) return;
    this.isRenewing = true;
    const at = this.runtime.monotonic();
    const { losses } = this;
    const asked = [...this.leases];
    try {
      const renewed = await this.store.renewLeases(this.ownerId, leaseTtlMs);
      for (const [strategyId, entry] of asked) this.renewed(strategyId, entry, renewed, { at, losses });
      this.findUnheard(renewed);
      await this.releaseAgain();
      this.listener.storeAnswered(true, '');
    } catch (error) {
      this.listener.storeAnswered(false, error instanceof Error ? error.message : String(error));
    } finally {
      this.isRenewing = false;
    }
  }

  private async whileAsking<Answer>(strategyId: string, ask: () => Promise<Answer>): Promise<Answer> {
    this.asking.add(strategyId);
    return ask().finally(() => this.asking.delete(strategyId));
  }

  /** Leases that the Store gave us without our hearing of it: nobody runs here what they are for. */
  private findUnheard(renewed: ReadonlyMap<string, number>): void {
    for (const [strategyId, epoch] of renewed) {
      const isKnown = [this.leases, this.asking, this.unreleased].some((ids) => ids.has(strategyId));
      if (!isKnown) this.unreleased.set(strategyId, { epoch });
    }
  }

  private refused(detail: string): void {
    if (this.refusal === detail) return;
    this.refusal = detail;
    this.listener.refused(detail);
  }

  private ageOf(strategyId: string): number {
    const held = this.leases.get(strategyId);
    return held ? this.runtime.monotonic() - held.renewedAt : Infinity;
  }

  private renewed(
    strategyId: string,
    entry: Held,
    held: ReadonlyMap<string, number>,
    { at, losses }: { readonly at: Mono; readonly losses: number },
  ): void {
    if (this.leases.get(strategyId) !== entry) return; // Taken anew or released in the meantime.
    // A database that went back in time may show an epoch of ours from before: what we hold commits nothing there.
    if (held.get(strategyId) === entry.lease.epoch) {
      entry.renewedAt = at;
      entry.isExpired = false;
      entry.isDoubtful &&= losses !== this.losses;
      return;
    }
    this.leases.delete(strategyId);
    this.listener.lost(strategyId);
  }

  private age(): void {
    for (const [strategyId, entry] of this.leases) {
      if (entry.isExpired || this.mayHold(strategyId)) continue;
      entry.isExpired = true;
      this.listener.expired(strategyId);
    }
  }
}
