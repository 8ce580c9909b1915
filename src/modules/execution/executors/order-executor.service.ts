import type { ApprovedOrder } from '../../../domain/approved-order';
import type { ClientOrder, End, Report } from '../../../domain/order';
import type { Sent } from '../../../domain/sent';
import type { Mono } from '../../../domain/units';
import type { Runtime } from '../../../runtime/runtime';
import { createDeadlineMs, sendDeadlineMs } from '../common/constants';
import type { ExchangeConnector } from '../connectors/types';
import type { CommitVerdict, IntentBatch, Store } from '../store/types';
import type { AccountReconciler } from '../trackers/account-reconciler.service';
import type { ClientOrderTracker } from '../trackers/client-order-tracker.service';
import { refusalOf } from '../trackers/order-facts';

/** One session's part of a tick: what to take away and what risk has let through. */
export interface Step {
  readonly strategyId: string;
  readonly ownerId: string;
  readonly epoch: number;
  readonly cancels: readonly ClientOrder[];
  readonly approved: readonly ApprovedOrder[];
  readonly connector: Pick<ExchangeConnector, 'place'>;
  readonly reconciler: AccountReconciler;
  /** Lease, halt, breaker, book and loop, asked on the stack of the write; the code when one of them refuses. */
  readonly refusal: () => string | undefined;
  /** A definitive answer: what it says beyond that order. */
  readonly onAnswered: (order: ApprovedOrder, sent: Exclude<Sent, { kind: 'unknown' }>) => void;
  readonly onCommitRefused: (reason: string, detail: string) => void;
}

/**
 * Acts on what the sessions of a tick decided: cancels leave at once and wait for nothing; all approved orders go to
 * the Store in one call; what was committed is sent, once. The clock waits for none of it.
 */
export class OrderExecutor {
  private committing = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly store: Pick<Store, 'commitIntents'>,
    private readonly orders: ClientOrderTracker,
    private readonly storeAnswered: (ok: boolean, detail: string) => void,
  ) {}

  /** While a commit is under way nothing new is admitted: the next tick decides again, on newer data. */
  get isCommitting(): boolean {
    return this.committing;
  }

  /** Starts the act phase of a tick. Returns when cancels have left and the commit is under way. */
  act(steps: readonly Step[]): void {
    for (const step of steps) for (const order of step.cancels) void step.reconciler.cancel(order);
    const placing = steps.filter((step) => step.approved.length > 0);
    if (placing.length === 0) return;
    this.committing = true;
    void this.commitAndSend(placing);
  }

  private async commitAndSend(steps: readonly Step[]): Promise<void> {
    const sendBy = this.runtime.monotonic() + sendDeadlineMs;
    const batches = steps.map(({ strategyId, ownerId, epoch, approved }): IntentBatch => ({
      strategyId,
      ownerId,
      epoch,
      orders: approved,
    }));
    const verdicts = await this.commit(batches);
    this.committing = false;
    for (const step of steps) {
      const verdict = verdicts?.get(step.strategyId);
      if (verdict?.kind === 'committed') this.sendAll(step, verdict, sendBy);
      else if (verdict) this.dropAll(step, verdict);
      else for (const order of step.approved) this.deny(order, 'COMMIT_UNKNOWN');
    }
  }

  /** Undefined when the outcome is unknown: then nothing is sent and the ids are burnt. */
  private async commit(
    batches: readonly IntentBatch[],
  ): Promise<ReadonlyMap<string, CommitVerdict> | undefined> {
    try {
      const verdicts = await this.store.commitIntents(batches, createDeadlineMs);
      this.storeAnswered(true, '');
      return verdicts;
    } catch (error) {
      this.storeAnswered(false, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  private sendAll(step: Step, verdict: Extract<CommitVerdict, { kind: 'committed' }>, sendBy: Mono): void {
    for (const order of step.approved) {
      this.orders.committed(order.clientOrderId, verdict.committedAt, verdict.deadlineAt);
      void this.send(step, order, sendBy);
    }
  }

  private dropAll(step: Step, verdict: Extract<CommitVerdict, { kind: 'refused' }>): void {
    for (const order of step.approved) this.orders.forget(order.clientOrderId);
    step.onCommitRefused(verdict.reason, verdict.detail);
  }

  /** Once per id, ever. An unknown outcome is not a failed one: the tracker asks. */
  private async send(step: Step, order: ApprovedOrder, sendBy: Mono): Promise<void> {
    let refusal: string | undefined;
    const canSend = (): boolean => {
      refusal = step.refusal() ?? (this.runtime.monotonic() > sendBy ? 'SEND_DEADLINE' : undefined);
      if (refusal !== undefined) return false;
      const at = this.runtime.monotonic();
      this.orders.apply(order.clientOrderId, { kind: 'sent', at, atMs: this.runtime.now() });
      return true;
    };
    const sent = await step.connector.place(order, { sendBy, canSend });
    if (sent.kind === 'rejected' && sent.code === 'NOT_SENT') return this.deny(order, refusal ?? sent.text);
    if (sent.kind !== 'unknown') step.onAnswered(order, sent);
    this.answered(step, order, sent);
  }

  private answered(step: Step, order: ApprovedOrder, sent: Sent): void {
    const stamp = { at: this.runtime.monotonic(), atMs: this.runtime.now() };
    if (sent.kind === 'accepted') {
      const { venueOrderId } = sent;
      const seen: Report = { kind: 'seen', ...stamp, filled: 0, venueOrderId, source: 'reply' };
      this.orders.apply(order.clientOrderId, seen);
      for (const fill of sent.fills ?? []) step.reconciler.fill(fill);
      if (sent.report) step.reconciler.report(sent.report);
      else step.reconciler.acknowledged(order.clientOrderId);
      return;
    }
    if (sent.kind === 'unknown') {
      this.orders.apply(order.clientOrderId, { kind: 'ambiguous', ...stamp });
      step.reconciler.hurry(order.clientOrderId);
      return;
    }
    this.orders.apply(order.clientOrderId, refusalOf(sent, stamp));
  }

  private deny(order: ApprovedOrder, code: string): void {
    const atMs = this.runtime.now();
    const end: End = { why: 'denied', code, at: atMs };
    this.orders.apply(order.clientOrderId, { kind: 'denied', at: this.runtime.monotonic(), atMs, end });
  }
}
