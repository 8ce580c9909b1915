import type { ClientOrder } from '../../../domain/order';
import { isSettled, unbookedOf } from '../../../domain/order';
import type { Mono, Ms } from '../../../domain/units';
import type { OrderReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import { maxQueriesPerCycle, tradeOverlapMs } from '../common/constants';
import type { Notify } from '../common/notices';
import { aboutOrder } from '../common/notices';
import type { ExchangeConnector, OrderRef } from '../connectors/types';
import { AbsenceRounds } from './absence-rounds';
import type { AccountInbox } from './account-inbox';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { OrderOwners } from './order-owners';
import type { Fences, Inquiry } from './reconcile';
import {
  afterAbsentRound,
  afterAsking,
  afterDoubt,
  afterFound,
  afterNotFound,
  countsFrom,
  fences,
  isInDoubt,
  noInquiry,
} from './reconcile';

export interface QuestionParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly inbox: AccountInbox;
  readonly owners: OrderOwners;
  readonly notify: Notify;
  readonly fences?: Fences;
  /** The database's time at a moment of ours. */
  readonly databaseTime: (at: Mono) => Ms;
  readonly failed: (what: string, error: unknown) => void;
}

/**
 * Asks the venue about single orders: by client id, their trades, and what proves that one never was. An order leaves
 * by positive evidence or by proof of absence; silence and one list end nothing.
 */
export class OrderQuestions {
  private readonly inquiries = new Map<string, Inquiry>();
  /** Questions under way, by client order id. */
  private readonly asking = new Map<string, Promise<void>>();
  private readonly wanted = new Set<string>();
  private readonly absence: AbsenceRounds;
  private readonly fences: Fences;

  constructor(private readonly parts: QuestionParts) {
    this.fences = parts.fences ?? fences;
    const onAbsent = (id: string, requestedAt: Mono, answeredAt: Mono): void =>
      this.absentRound(id, requestedAt, answeredAt);
    this.absence = new AbsenceRounds({ onAbsent, ...parts });
  }

  /** Ask about an order at the next cycle, whatever its backoff and whether or not it is in doubt. */
  hurry(clientOrderId: string): void {
    this.wanted.add(clientOrderId);
    this.set(clientOrderId, { ...this.inquiryOf(clientOrderId), nextAskAt: 0 });
  }

  /** Asks about what is in doubt and due, and reads the lists that prove absence. `orders`: those not settled. */
  cycle(orders: readonly ClientOrder[], now: Mono): void {
    for (const order of this.dueOf(orders, now)) {
      void this.ask(order).catch((error: unknown) => this.parts.failed('askOrder', error));
    }
    void this.readLists(orders).catch((error: unknown) => this.parts.failed('absence', error));
    for (const id of this.inquiries.keys()) if (this.isOver(id)) this.inquiries.delete(id);
    for (const id of this.wanted) if (this.isOver(id)) this.wanted.delete(id);
  }

  /** Every order has been asked about since `since`, and the lists that were due have been read. Throws VenueError. */
  async askEach(orders: readonly ClientOrder[], since: Mono, isStopped: () => boolean): Promise<void> {
    for (const order of orders) {
      if (isStopped()) return;
      const { clientOrderId: id } = order;
      const isAsked = this.inquiryOf(id).askedAt >= since || this.absence.isWaiting(order);
      // One asked for after that moment has to be answered; one from before it says nothing about the time since.
      await (isAsked ? this.asking.get(id) : this.asking.get(id)?.catch(() => undefined));
      if (!isAsked) await this.ask(order);
    }
    await this.readLists(orders);
  }

  /** Throws VenueError when what must follow the answer could not be read. */
  async ask(order: ClientOrder): Promise<void> {
    const id = order.clientOrderId;
    if (this.asking.has(id)) return;
    const question = this.question(order);
    this.asking.set(id, question);
    try {
      await question;
    } finally {
      this.asking.delete(id);
    }
  }

  private async question(order: ClientOrder): Promise<void> {
    const { connector, orders, runtime } = this.parts;
    const id = order.clientOrderId;
    this.wanted.delete(id);
    this.set(id, afterAsking(this.inquiryOf(id), order, runtime.monotonic()));
    const answer = await connector.queryOrder(refOf(order));
    if (answer.kind === 'found') this.found(id, answer.report, answer.requestedAt);
    if (answer.kind === 'not_found') await this.notFound(id, answer.requestedAt);
    const current = orders.get(id);
    if (current && unbookedOf(current) > 0) await this.readTrades(current);
  }

  private dueOf(orders: readonly ClientOrder[], now: Mono): readonly ClientOrder[] {
    const open = orders.filter((order) => this.isOpenQuestion(order, now));
    const due = open.filter((order) => {
      const { clientOrderId: id } = order;
      const isBusy = this.asking.has(id) || this.absence.isWaiting(order);
      return !isBusy && this.inquiryOf(id).nextAskAt <= now;
    });
    return due.slice(0, maxQueriesPerCycle);
  }

  private isOpenQuestion(order: ClientOrder, now: Mono): boolean {
    const id = order.clientOrderId;
    if (isInDoubt(order, now) || this.wanted.has(id)) return true;
    const inquiry = this.inquiryOf(id);
    if (inquiry.attempts > 0) this.set(id, afterDoubt(inquiry));
    return false;
  }

  private readLists(orders: readonly ClientOrder[]): Promise<void> {
    const { connector, databaseTime, runtime } = this.parts;
    if (!connector.capabilities.requestExpiry || this.absence.isEmpty) return Promise.resolve();
    const databaseNow = databaseTime(runtime.monotonic());
    return this.absence.read(
      orders.filter(
        (order) => !order.ended && order.doubtSince !== undefined && this.isDisprovable(order, databaseNow),
      ),
    );
  }

  private found(id: string, report: OrderReport, requestedAt: Mono): void {
    const { orders, inbox } = this.parts;
    inbox.report(report);
    this.set(id, afterFound(this.inquiryOf(id)));
    const current = orders.get(id);
    if (!current || current.ended || current.command === 'NONE') return;
    // Requested after the cancel left, and the order is live: the cancel is not in effect.
    if (requestedAt > (current.commandSentAt ?? requestedAt)) orders.command(id, 'NONE');
  }

  private async notFound(id: string, requestedAt: Mono): Promise<void> {
    const { orders, connector, databaseTime } = this.parts;
    const current = orders.get(id);
    if (!current || current.ended) return;
    const counts = this.fences.passesFence(current, requestedAt);
    if (current.acknowledged) return counts ? this.notFoundAgain(current, requestedAt) : undefined;
    if (!connector.capabilities.requestExpiry) return;
    if (counts && this.isDisprovable(current, databaseTime(requestedAt)))
      this.absence.add(current, requestedAt);
    else this.askOnceItCounts(current);
  }

  /** Asked too early for a proof: not later than when the answer begins to count, whatever the backoff. */
  private askOnceItCounts(order: ClientOrder): void {
    if (order.deadlineAt === 0) return;
    const { runtime, databaseTime } = this.parts;
    const now = runtime.monotonic();
    const inquiry = this.inquiryOf(order.clientOrderId);
    const nextAskAt = Math.min(inquiry.nextAskAt, countsFrom(order, now, databaseTime(now)));
    this.set(order.clientOrderId, { ...inquiry, nextAskAt });
  }

  private async notFoundAgain(order: ClientOrder, requestedAt: Mono): Promise<void> {
    const id = order.clientOrderId;
    const { inquiry, hasVanished } = afterNotFound(this.inquiryOf(id), order, requestedAt);
    this.set(id, inquiry);
    if (!hasVanished || order.doubtSince !== undefined) return;
    await this.readTrades(order);
    const history = await this.parts.connector.orderInHistory(refOf(order));
    if (history.kind === 'failed') return; // It is asked again, and then the history with it.
    if (history.kind === 'found') return this.found(id, history.report, history.requestedAt);
    const { runtime, orders, notify } = this.parts;
    // Whatever showed the order while its trades and the history were read speaks for it.
    const current = orders.get(id);
    if (!current || current.ended || !this.fences.passesFence(current, requestedAt)) return;
    if (current.doubtSince !== undefined) return;
    orders.apply(id, { kind: 'vanished', at: runtime.monotonic(), atMs: runtime.now() });
    notify(aboutOrder(current, 'ORDER_LOST', 'page', 'the venue had shown it and does not find it any more'));
  }

  private absentRound(id: string, requestedAt: Mono, answeredAt: Mono): void {
    const { orders, runtime } = this.parts;
    const { inquiry, isProved } = afterAbsentRound(this.inquiryOf(id), requestedAt, answeredAt);
    this.set(id, inquiry);
    if (!isProved) return;
    const atMs = runtime.now();
    orders.apply(id, { kind: 'absent', at: runtime.monotonic(), atMs, end: { why: 'absent', at: atMs } });
  }

  /** Never shown, and past the moment until which the venue could still have accepted it. */
  private isDisprovable(order: ClientOrder, databaseNow: Ms): boolean {
    return !order.acknowledged && this.fences.isPastDeadline(order, databaseNow);
  }

  private async readTrades(order: ClientOrder): Promise<void> {
    const { connector, inbox } = this.parts;
    const { venueOrderId, instrument } = order;
    const since = order.committedAt - tradeOverlapMs;
    inbox.trades(
      await connector.fillsSince(
        venueOrderId === undefined ? { instrument, since } : { instrument, venueOrderId },
      ),
    );
  }

  private isOver(clientOrderId: string): boolean {
    const order = this.parts.orders.get(clientOrderId);
    return order === undefined || isSettled(order);
  }

  private inquiryOf(clientOrderId: string): Inquiry {
    return this.inquiries.get(clientOrderId) ?? noInquiry;
  }

  private set(clientOrderId: string, inquiry: Inquiry): void {
    this.inquiries.set(clientOrderId, inquiry);
  }
}

export const refOf = (order: ClientOrder): OrderRef => ({
  instrument: order.instrument,
  clientOrderId: order.clientOrderId,
  venueOrderId: order.venueOrderId,
  isTextUnknown: order.acknowledged && order.doubtSince !== undefined,
});
