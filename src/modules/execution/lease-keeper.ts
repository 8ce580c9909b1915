import type { Mono } from '../../domain/units';
import type { Runtime, Timer } from '../../runtime/runtime';
import { leaseRenewMs, leaseStopCreateMs, leaseTtlMs } from './common/constants';
import type { Lease, Store } from './store/types';

/**
 * The right to create orders for a strategy, renewed in one statement for all. Measured from before each renewal was
 * sent, on the monotonic clock: an owner stops creating well before the database would let another one take over.
 */
export class LeaseKeeper {
  private readonly leases = new Map<string, { lease: Lease; renewedAt: Mono }>();
  private timer: Timer | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly store: Store,
    private readonly ownerId: string,
    private readonly storeAnswered: (ok: boolean, detail: string) => void,
  ) {}

  start(): void {
    this.timer ??= this.runtime.timers.every(leaseRenewMs, () => void this.renew());
  }

  stop(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  /** Takes the lease with a new epoch; undefined while another owner holds it or a halt covers it. */
  async take(strategyId: string): Promise<Lease | undefined> {
    const renewedAt = this.runtime.monotonic();
    const lease = await this.store.takeLease(strategyId, this.ownerId, leaseTtlMs);
    if (lease) this.leases.set(strategyId, { lease, renewedAt });
    return lease;
  }

  holds(strategyId: string): boolean {
    const held = this.leases.get(strategyId);
    return held !== undefined && this.runtime.monotonic() - held.renewedAt < leaseStopCreateMs;
  }

  /** The epoch the strategy holds now; 0 when it holds none. */
  epochOf(strategyId: string): number {
    return this.leases.get(strategyId)?.lease.epoch ?? 0;
  }

  async release(strategyId: string): Promise<void> {
    this.leases.delete(strategyId);
    await this.store.releaseLease(strategyId, this.ownerId);
  }

  private async renew(): Promise<void> {
    if (this.leases.size === 0) return;
    const renewedAt = this.runtime.monotonic();
    try {
      const held = await this.store.renewLeases(this.ownerId, leaseTtlMs);
      for (const [strategyId, entry] of this.leases) if (held.has(strategyId)) entry.renewedAt = renewedAt;
      this.storeAnswered(true, '');
    } catch (error) {
      this.storeAnswered(false, error instanceof Error ? error.message : String(error));
    }
  }
}
