import type { Fill } from '../../../domain/fill';
import { saidBy } from '../../../domain/fill';
import type { Runtime } from '../../../runtime/runtime';
import type { Balance, FillResult, OrderEnd, Store, TradeCursor } from '../store/types';

const retryMs = 500;

/** What the queue tells its owner once the Store has answered. Called after the commit, in order. */
export interface BookingOutcome {
  fillAnswered(fill: Fill, result: FillResult): void;
  feeAnswered(fill: Fill, result: FillResult): void;
  endsCommitted(ends: readonly OrderEnd[], balances: readonly Balance[]): void;
  storeAnswered(ok: boolean, detail: string): void;
}

/**
 * Fills, ends and acknowledgements on their way to the Store. One drain is one call: all that arrived while the
 * previous call was committing goes together. Everything in it is idempotent, so an unknown outcome is asked again.
 */
export class BookingQueue {
  private fills: Fill[] = [];
  private fees: Fill[] = [];
  private ends: OrderEnd[] = [];
  private reopened: string[] = [];
  private acks: { readonly clientOrderId: string; readonly venueOrderId: string }[] = [];
  private cursors = new Map<string, TradeCursor>();
  private readonly queued = new Set<string>();
  private draining = false;
  private isPaused = false;
  private calling: Promise<unknown> = Promise.resolve();
  private resumeWaiters: (() => void)[] = [];
  private idleWaiters: (() => void)[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly store: Store,
    private readonly outcome: BookingOutcome,
  ) {}

  fill(fill: Fill): void {
    const key = saidBy(fill);
    if (this.queued.has(key)) return;
    this.queued.add(key);
    this.fills.push(fill);
    this.kick();
  }

  fee(fill: Fill): void {
    this.fees.push(fill);
    this.kick();
  }

  end(end: OrderEnd): void {
    this.ends.push(end);
    this.kick();
  }

  /** The end on record was wrong; what comes of the order after this is booked behind it. */
  reopen(clientOrderId: string): void {
    this.reopened.push(clientOrderId);
    this.kick();
  }

  ack(clientOrderId: string, venueOrderId: string): void {
    this.acks.push({ clientOrderId, venueOrderId });
    this.kick();
  }

  /** The trades of a page up to this cursor are in the queue before it, so it commits with or after them. */
  cursor(cursor: TradeCursor): void {
    this.cursors.set(`${cursor.accountId}|${cursor.instrument}`, cursor);
    this.kick();
  }

  /** Nothing more goes to the Store until `resume`. Resolves once the call under way has been answered. */
  async pause(): Promise<void> {
    this.isPaused = true;
    await this.calling;
  }

  resume(): void {
    this.isPaused = false;
    for (const resolve of this.resumeWaiters.splice(0)) resolve();
  }

  /** Takes back what the Store has not acknowledged of the trades of an account. While paused only. */
  takeBack(accountId: string): readonly Fill[] {
    const taken = this.fills.filter((fill) => fill.accountId === accountId);
    this.fills = this.fills.filter((fill) => fill.accountId !== accountId);
    for (const fill of taken) this.queued.delete(saidBy(fill));
    for (const [key, cursor] of this.cursors) if (cursor.accountId === accountId) this.cursors.delete(key);
    return taken;
  }

  /** Resolves when everything queued so far is durable. */
  idle(): Promise<void> {
    if (!this.draining && this.isEmpty()) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  private isEmpty(): boolean {
    const { fills, fees, ends, reopened, acks, cursors } = this;
    const queues = [fills, fees, ends, reopened, acks];
    return cursors.size === 0 && queues.every((queue) => queue.length === 0);
  }

  private kick(): void {
    if (this.draining) return;
    this.draining = true;
    void this.drain();
  }

  private async drain(): Promise<void> {
    await Promise.resolve(); // What arrives on this stack goes into the first call.
    while (!this.isEmpty()) {
      if (this.isPaused) {
        await new Promise<void>((resolve) => this.resumeWaiters.push(resolve));
        continue;
      }
      const waiters = this.idleWaiters.splice(0); // All they wait for is in this call; what comes later is not.
      const call = this.drainOnce();
      this.calling = call.catch(() => undefined);
      try {
        await call;
        this.outcome.storeAnswered(true, '');
        for (const resolve of waiters) resolve();
      } catch (error) {
        this.idleWaiters.unshift(...waiters);
        this.outcome.storeAnswered(false, error instanceof Error ? error.message : String(error));
        await this.runtime.sleep(retryMs);
      }
    }
    this.draining = false;
    for (const resolve of this.idleWaiters.splice(0)) resolve();
  }

  /** Takes from the queues only what the Store has acknowledged. */
  private async drainOnce(): Promise<void> {
    for (const id of [...this.reopened]) {
      const balances = await this.store.reopenOrder(id);
      this.reopened.shift();
      this.outcome.endsCommitted([], balances);
    }
    await this.drainFills();
    const fees = [...this.fees];
    for (const fee of fees) {
      const result = await this.store.recordFee(fee);
      this.fees.shift();
      this.outcome.feeAnswered(fee, result);
    }
    const acks = [...this.acks];
    if (acks.length > 0) await this.store.recordAcks(acks);
    this.acks.splice(0, acks.length);
    const ends = [...this.ends];
    if (ends.length === 0) return;
    const balances = await this.store.endOrders(ends);
    this.ends.splice(0, ends.length);
    this.outcome.endsCommitted(ends, balances);
  }

  private async drainFills(): Promise<void> {
    const fills = [...this.fills];
    const cursors = [...this.cursors.values()];
    if (fills.length + cursors.length === 0) return;
    const results = await this.store.recordFills(fills, cursors);
    this.fills.splice(0, fills.length);
    for (const cursor of cursors) {
      const key = `${cursor.accountId}|${cursor.instrument}`;
      if (this.cursors.get(key) === cursor) this.cursors.delete(key);
    }
    fills.forEach((fill, index) => {
      this.queued.delete(saidBy(fill));
      this.outcome.fillAnswered(fill, results[index]!);
    });
  }
}
