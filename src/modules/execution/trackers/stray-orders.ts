import type { Mono } from '../../../domain/units';
import type { OrderReport } from '../../../domain/venue-event';
import { lostRequeryMs } from '../common/constants';
import type { OrderRow } from '../store/types';
import type { AdoptedStray } from './stray-adoption';

export interface StrayOrderParts {
  readonly now: () => Mono;
  readonly cancel: (clientOrderId: string, report: OrderReport) => void;
  /** Rejects with StoreUnavailable. */
  readonly findOrder: (clientOrderId: string) => Promise<OrderRow | undefined>;
  /** Gives an order without a record one, so that it counts until it has ended. Rejects with StoreUnavailable. */
  readonly adopt: (report: OrderReport) => Promise<AdoptedStray>;
  readonly page: (clientOrderId: string, venueOrderId: string) => void;
}

/**
 * Orders with our prefix that a list shows open and no order in memory explains. Each is cancelled at once: nobody
 * wants it. It is an alarm only when the record has no place for it: a list may be older than the end of an order, and
 * one that is open on record waits for whoever takes its strategy.
 */
export class StrayOrders {
  private readonly cancelledAt = new Map<string, Mono>();

  constructor(private readonly parts: StrayOrderParts) {}

  take(clientOrderId: string, report: OrderReport): void {
    const now = this.parts.now();
    for (const [id, at] of this.cancelledAt) if (now - at >= lostRequeryMs) this.cancelledAt.delete(id);
    if (this.cancelledAt.has(clientOrderId)) return;
    this.cancelledAt.set(clientOrderId, now);
    this.parts.cancel(clientOrderId, report);
    void this.judge(clientOrderId, report);
  }

  private async judge(clientOrderId: string, report: OrderReport): Promise<void> {
    try {
      const row = await this.parts.findOrder(clientOrderId);
      const adopted = row ?? (await this.parts.adopt(report));
      // It may be ours to end by the next list: an engine that died has a lease for a while.
      if (adopted === 'elsewhere') return void this.cancelledAt.delete(clientOrderId);
      if (isStrange(row)) this.parts.page(clientOrderId, report.venueOrderId);
    } catch {
      this.cancelledAt.delete(clientOrderId); // The record did not answer: the next list asks again.
    }
  }
}

/** Lost from the record, or proved never to have lived. One that is open there was left by an engine that died. */
const isStrange = (row: OrderRow | undefined): boolean =>
  row === undefined || ['absent', 'denied', 'rejected'].includes(row.ended?.why ?? '');
