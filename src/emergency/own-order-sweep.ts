import type { Mono } from '../domain/units';
import type { OrderReport } from '../domain/venue-event';
import { cancelRepeatMs, sweepGapMs } from '../modules/execution/common/constants';
import type { ExchangeConnector } from '../modules/execution/connectors/types';
import type { Runtime } from '../runtime/runtime';

/** Pause between two reads while nothing of ours is seen. */
const quietReadMs = 2_000;

export interface SweepParts {
  readonly runtime: Runtime;
  readonly connector: Pick<ExchangeConnector, 'openOrders' | 'cancel' | 'feed'>;
  /** Whether an order is ours and in the scope; every other order is left alone. */
  readonly isWanted: (order: OrderReport) => boolean;
  readonly tell: (text: string) => void;
}

export interface SweepResult {
  /** Two empty reads, further apart than a read may lag, came back. */
  readonly isSwept: boolean;
  /** Different orders whose cancel was sent. */
  readonly cancelled: number;
  /** What the last read that was answered showed; undefined when none was. */
  readonly left: readonly string[] | undefined;
}

/**
 * Cancels the open orders of ours on one account, again and again, without an engine: it knows the venue's list and
 * nothing else. What it cannot see yet, because a request is still on its way or a read lags, is what the second of the
 * two empty reads is for.
 */
export class OwnOrderSweep {
  private readonly cancelled = new Set<string>();
  private emptySince: Mono | undefined;
  private left: readonly string[] | undefined;
  private failure = '';

  constructor(private readonly parts: SweepParts) {}

  /** Ends when it is proved, when `until` has come, or when it is not wanted any more. Never throws. */
  async run(until: Mono, isStillWanted: () => boolean): Promise<SweepResult> {
    const { runtime } = this.parts;
    let isSwept = false;
    while (!isSwept && isStillWanted() && runtime.monotonic() < until) {
      const pause = await this.round();
      isSwept = pause === 'swept';
      if (pause !== 'swept') await runtime.sleep(Math.min(pause, Math.max(0, until - runtime.monotonic())));
    }
    return { isSwept, cancelled: this.cancelled.size, left: this.left };
  }

  /** Answers how long to wait before the next one. */
  private async round(): Promise<number | 'swept'> {
    const { connector, isWanted, tell } = this.parts;
    try {
      await connector.feed.loadInstruments();
      const { rows, requestedAt } = await connector.openOrders();
      const wanted = rows.filter(isWanted);
      this.failure = '';
      this.left = wanted.map(({ clientOrderId }) => clientOrderId ?? '');
      if (wanted.length === 0) return this.empty(requestedAt, rows.length);
      this.emptySince = undefined;
      await this.cancel(wanted);
      return cancelRepeatMs;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== this.failure) tell(`cannot be read: ${failure}`);
      this.failure = failure;
      return cancelRepeatMs;
    }
  }

  private empty(requestedAt: Mono, others: number): number | 'swept' {
    if (this.emptySince === undefined) {
      this.emptySince = requestedAt;
      this.parts.tell(`shows no open order of ours (${others} of others stay); reading on for what lags`);
      return quietReadMs;
    }
    if (requestedAt - this.emptySince <= sweepGapMs) return quietReadMs;
    const seconds = ((requestedAt - this.emptySince) / 1_000).toFixed(1);
    this.parts.tell(`swept: shows none again ${seconds} s later; ${this.cancelled.size} cancelled`);
    return 'swept';
  }

  private async cancel(orders: readonly OrderReport[]): Promise<void> {
    const { connector, tell } = this.parts;
    const fresh = orders.filter(({ clientOrderId }) => !this.cancelled.has(clientOrderId ?? ''));
    for (const { clientOrderId, side, quantity, price, instrument } of fresh) {
      this.cancelled.add(clientOrderId ?? '');
      tell(`cancel ${clientOrderId} ${side} ${quantity} ${instrument} @ ${price}`);
    }
    await Promise.all(
      orders.map(({ instrument, clientOrderId = '' }) => connector.cancel({ instrument, clientOrderId })),
    );
  }
}
