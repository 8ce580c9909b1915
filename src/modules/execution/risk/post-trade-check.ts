import BigNumber from 'bignumber.js';
import type { ApprovedOrder } from '../../../domain/approved-order';
import type { Fill } from '../../../domain/fill';
import { fillKeyOf } from '../../../domain/fill';
import type { Dec, Side } from '../../../domain/units';

export const postTradeEveryMs = 10_000;
/** Orders remembered; beyond it the oldest are forgotten and their fills are no longer judged. */
const remembered = 50_000;

interface Committed {
  readonly strategyId: string;
  readonly side: Side;
  readonly price: Dec;
  readonly quantity: Dec;
  isSent: boolean;
  filled: BigNumber;
  /** A database that was set back has its lost fills booked again. */
  readonly fills: Set<string>;
}

/** Something happened that the gate cannot have allowed. */
export interface Mismatch {
  readonly strategyId: string;
  readonly detail: string;
}

/**
 * Compares what was sent and filled with what was committed. It shares no figure with the gate, the executor or the
 * tracker: it counts on its own what passes the Store, the wire and the books.
 */
export class PostTradeCheck {
  private readonly orders = new Map<string, Committed>();
  private found: Mismatch[] = [];
  private readonly counts = { committed: 0, sent: 0, fills: 0, mismatches: 0 };

  constructor(private readonly maxOrderNotional: Dec | undefined) {}

  committed(order: ApprovedOrder): void {
    const { strategyId, side, rules } = order;
    const price = rules.price(order.price);
    const quantity = rules.quantity(order.quantity);
    this.counts.committed += 1;
    this.orders.set(order.clientOrderId, {
      strategyId,
      side,
      price,
      quantity,
      isSent: false,
      filled: new BigNumber(0),
      fills: new Set(),
    });
    const notional = rules.notional(order.price, order.quantity);
    if (this.maxOrderNotional !== undefined && new BigNumber(notional).gt(this.maxOrderNotional))
      this.report(strategyId, `${order.clientOrderId} is worth ${notional}, above ${this.maxOrderNotional}`);
    this.trim();
  }

  /** The bytes of a create are about to leave. */
  sent(clientOrderId: string, strategyId: string): void {
    this.counts.sent += 1;
    const order = this.orders.get(clientOrderId);
    if (!order) return this.report(strategyId, `${clientOrderId} was sent and never committed`);
    if (order.isSent) this.report(strategyId, `${clientOrderId} was sent twice`);
    order.isSent = true;
  }

  filled(fill: Fill): void {
    this.counts.fills += 1;
    const order = this.orders.get(fill.clientOrderId);
    if (!order) return; // Committed by an earlier process, or forgotten.
    const key = fillKeyOf(fill);
    if (order.fills.has(key)) return;
    order.fills.add(key);
    order.filled = order.filled.plus(fill.quantity);
    const problem = problemOf(order, fill);
    if (problem !== undefined) this.report(order.strategyId, `${fill.clientOrderId} ${problem}`);
  }

  /** What was found since the last call. */
  take(): readonly Mismatch[] {
    const found = this.found;
    this.found = [];
    return found;
  }

  counters(): Readonly<typeof this.counts> {
    return { ...this.counts };
  }

  private report(strategyId: string, detail: string): void {
    this.counts.mismatches += 1;
    this.found.push({ strategyId, detail });
  }

  private trim(): void {
    if (this.orders.size <= remembered) return;
    const oldest = this.orders.keys().next().value;
    if (oldest !== undefined) this.orders.delete(oldest);
  }
}

function problemOf(order: Committed, fill: Fill): string | undefined {
  if (!order.isSent) return 'was filled and never sent';
  if (fill.side !== order.side) return `was filled as a ${fill.side}`;
  if (order.filled.gt(order.quantity))
    return `was filled with ${order.filled.toFixed()} of ${order.quantity}`;
  const isWorse =
    order.side === 'buy'
      ? new BigNumber(fill.price).gt(order.price)
      : new BigNumber(fill.price).lt(order.price);
  return isWorse ? `was filled at ${fill.price}, its limit is ${order.price}` : undefined;
}
