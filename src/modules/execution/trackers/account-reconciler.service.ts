import type { ClientOrder } from '../../../domain/order';
import { isSettled } from '../../../domain/order';
import type { Instrument, InstrumentId } from '../../../domain/instrument';
import type { Mono, Ms } from '../../../domain/units';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import {
  balancesEveryMs,
  cancelRepeatMs,
  inFlightCycleMs,
  maxQueriesPerCycle,
  openOrdersEveryMs,
  queryBackoffMs,
  tradeOverlapMs,
  tradesEveryMs,
} from '../common/constants';
import type { Notify } from '../common/notices';
import { aboutOrder } from '../common/notices';
import type { ExchangeConnector, OrderRef, Page } from '../connectors/types';
import type { AccountBooks } from './account-books';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { StrayFills } from './stray-fills';
import type { StrayOrders } from './stray-orders';
import type { Inquiry } from './reconcile';
import {
  afterAbsentRound,
  afterAsking,
  afterFound,
  afterNotFound,
  isInDoubt,
  isOverdue,
  isPastDeadline,
  noInquiry,
  passesFence,
} from './reconcile';

export interface ReconcilerParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly books: AccountBooks;
  readonly strays: StrayFills;
  readonly strayOrders: StrayOrders;
  readonly notify: Notify;
}

/**
 * Asks the venue about one account: `askOrder` for an order in doubt, `askAccount` at startup, after every reconnect
 * of the private stream and periodically. Silence and lists end nothing: an order leaves by positive evidence or by
 * proof of absence.
 */
export class AccountReconciler {
  private readonly inquiries = new Map<string, Inquiry>();
  private readonly asking = new Set<string>();
  private readonly unwanted = new Map<string, Mono>();
  private readonly instruments = new Map<InstrumentId, Instrument>();
  private readonly cursors = new Map<InstrumentId, string>();
  private readonly due = { openOrders: 0, trades: 0, balances: 0 };
  private timer: Timer | undefined;
  private accountAnswered = false;
  private accountTries = 0;
  private nextAccountAskAt = 0;
  private askingAccount: Promise<boolean> | undefined;
  private databaseOffsetMs = 0;

  constructor(private readonly parts: ReconcilerParts) {}

  /** The account has answered every question since its private stream came up: creates are allowed. */
  get isReady(): boolean {
    return this.accountAnswered;
  }

  start(
    databaseNow: Ms,
    cursors: readonly { readonly instrument: InstrumentId; readonly lastTradeId: string }[],
  ): void {
    this.databaseOffsetMs = databaseNow - this.parts.runtime.now();
    for (const { instrument, lastTradeId } of cursors) this.cursors.set(instrument, lastTradeId);
    this.timer ??= this.parts.runtime.timers.every(inFlightCycleMs, () => this.cycle());
  }

  stop(): void {
    if (this.timer) this.parts.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  watch(instrument: Instrument): void {
    this.instruments.set(instrument.id, instrument);
  }

  /** Holds the creates of the account until it has answered anew. */
  streamChanged(isLive: boolean): void {
    this.accountAnswered = false;
    if (isLive) void this.askAccount();
  }

  /** Ask about an order at the next cycle, whatever its backoff. */
  hurry(clientOrderId: string): void {
    const inquiry = this.inquiries.get(clientOrderId) ?? noInquiry;
    this.inquiries.set(clientOrderId, { ...inquiry, nextAskAt: 0 });
  }

  /** Cancels by client id, also before the acknowledgement; repeats while the order is unproven and may still arrive. */
  async cancel(order: ClientOrder): Promise<void> {
    const { orders, connector, runtime } = this.parts;
    this.unwanted.set(order.clientOrderId, runtime.monotonic());
    orders.command(order.clientOrderId, 'CANCEL_SENT');
    const answer = await connector.cancel(refOf(order));
    if (answer.kind === 'accepted') {
      if (answer.report) this.report(answer.report);
      return;
    }
    if (answer.kind === 'unknown') orders.command(order.clientOrderId, 'CANCEL_UNKNOWN');
    // Not found or already over: filled, canceled or not yet arrived. The facts stay; the venue is asked.
    else if (answer.code !== 'not_found' && answer.code !== 'already_done') {
      orders.command(order.clientOrderId, 'NONE');
      return;
    }
    this.hurry(order.clientOrderId);
  }

  /** One complete question of the account. True when every read of it was answered. */
  askAccount(): Promise<boolean> {
    this.askingAccount ??= this.readAccount().finally(() => (this.askingAccount = undefined));
    return this.askingAccount;
  }

  /** Own orders of a strategy the venue lists now; the proof that ends a stop. Throws VenueError. */
  async openAtVenue(isOurs: (clientOrderId: string) => boolean): Promise<readonly OrderReport[]> {
    const page = await this.parts.connector.openOrders();
    for (const row of page.rows) this.report(row);
    return page.rows.filter((row) => row.clientOrderId !== undefined && isOurs(row.clientOrderId));
  }

  private async readAccount(): Promise<boolean> {
    const { runtime, connector } = this.parts;
    if (!connector.health().privateLive) return false; // It would have to be asked again.
    this.accountTries += 1;
    const wait = queryBackoffMs[Math.min(this.accountTries, queryBackoffMs.length) - 1]!;
    this.nextAccountAskAt = runtime.monotonic() + wait;
    try {
      await this.readOpenOrders();
      await this.readTrades();
      await this.readBalances();
      for (const order of this.mine()) await this.askOrder(order);
      await this.parts.orders.idle();
      this.accountAnswered = connector.health().privateLive;
      if (this.accountAnswered) this.accountTries = 0;
      return this.accountAnswered;
    } catch (error) {
      this.failed('askAccount', error);
      return false;
    }
  }

  private cycle(): void {
    const { runtime, connector } = this.parts;
    const now = runtime.monotonic();
    this.age(now);
    this.resolveStrays();
    if (!connector.health().privateLive) return;
    if (this.accountAnswered) this.periodic(now);
    else if (now >= this.nextAccountAskAt) void this.askAccount();
  }

  /** Times out what was sent, repeats cancels of what may still arrive, and asks about what is in doubt. */
  private age(now: Mono): void {
    const { orders, runtime } = this.parts;
    for (const order of this.mine()) {
      if (isOverdue(order, now))
        orders.apply(order.clientOrderId, { kind: 'ambiguous', at: now, atMs: runtime.now() });
      if (this.shouldCancelAgain(order, now)) void this.cancel(order);
    }
    const doubtful = this.mine()
      .filter((order) => isInDoubt(order, now) && !this.asking.has(order.clientOrderId))
      .filter((order) => (this.inquiries.get(order.clientOrderId)?.nextAskAt ?? 0) <= now)
      .slice(0, maxQueriesPerCycle);
    for (const order of doubtful)
      void this.askOrder(order).catch((error: unknown) => this.failed('askOrder', error));
    for (const id of this.unwanted.keys()) if (this.isOver(id)) this.unwanted.delete(id);
    for (const id of this.inquiries.keys()) if (this.isOver(id)) this.inquiries.delete(id);
  }

  private shouldCancelAgain(order: ClientOrder, now: Mono): boolean {
    const since = this.unwanted.get(order.clientOrderId);
    if (since === undefined || order.ended || now - since < cancelRepeatMs) return false;
    if (order.command === 'NONE') return true;
    const mayStillArrive = !order.acknowledged && this.databaseNow() < order.deadlineAt;
    return mayStillArrive && order.command === 'CANCEL_SENT';
  }

  private resolveStrays(): void {
    const { strays } = this.parts;
    if (!strays.isEmpty) void strays.resolve().catch((error: unknown) => this.failed('resolve', error));
  }

  private periodic(now: Mono): void {
    this.every('openOrders', openOrdersEveryMs, now, () => this.readOpenOrders());
    this.every('trades', tradesEveryMs, now, () => this.readTrades());
    this.every('balances', balancesEveryMs, now, () => this.readBalances());
  }

  private every(what: keyof typeof this.due, everyMs: number, now: Mono, read: () => Promise<void>): void {
    if (now < this.due[what]) return;
    this.due[what] = now + everyMs;
    void read().catch((error: unknown) => this.failed(what, error));
  }

  private async readOpenOrders(): Promise<void> {
    const page = await this.parts.connector.openOrders();
    const listed = new Set<string>();
    for (const row of page.rows) {
      this.report(row);
      if (row.clientOrderId !== undefined) listed.add(row.clientOrderId);
    }
    for (const order of this.mine()) {
      // Absent from a list: asked for by id, never ended by the list.
      const isMissing = order.acknowledged && !order.ended && !listed.has(order.clientOrderId);
      if (isMissing && passesFence(order, page.requestedAt)) await this.askOrder(order);
    }
  }

  private async readTrades(): Promise<void> {
    for (const instrument of this.instruments.keys()) {
      const last = this.cursors.get(instrument);
      const page = await this.parts.connector.fillsSince(
        last === undefined
          ? { instrument, since: this.oldestCommit() - tradeOverlapMs }
          : { instrument, fromId: (BigInt(last) + 1n).toString() },
      );
      this.trades(page);
      await this.parts.strays.resolve();
      const newest = page.rows.at(-1)?.tradeId;
      // The cursor moves only past trades whose owner is known.
      if (newest === undefined || !this.parts.strays.isEmpty) continue;
      this.cursors.set(instrument, newest);
      this.parts.orders.advanceCursor(this.parts.connector.accountId, instrument, newest);
    }
  }

  private async readBalances(): Promise<void> {
    const page = await this.parts.connector.getBalances();
    await this.parts.books.compare(page, this.mine());
  }

  private async askOrder(order: ClientOrder): Promise<void> {
    const { connector, runtime } = this.parts;
    const id = order.clientOrderId;
    if (this.asking.has(id)) return;
    this.asking.add(id);
    const inquiry = this.inquiries.get(id) ?? noInquiry;
    this.inquiries.set(id, afterAsking(inquiry, order, runtime.monotonic()));
    try {
      const answer = await connector.queryOrder(refOf(order));
      if (answer.kind === 'found') this.found(order, answer.report, answer.requestedAt);
      if (answer.kind === 'not_found') await this.notFound(order, answer.requestedAt, answer.requestedAtMs);
      const current = this.parts.orders.get(id);
      if (current && current.maxFilled > current.bookedFilled) await this.readOrderTrades(current);
    } finally {
      this.asking.delete(id);
    }
  }

  private found(order: ClientOrder, report: OrderReport, requestedAt: Mono): void {
    const { orders } = this.parts;
    this.report(report);
    const current = orders.get(order.clientOrderId);
    this.inquiries.set(order.clientOrderId, afterFound(this.inquiries.get(order.clientOrderId) ?? noInquiry));
    // Requested after the cancel left, and the order is live: the cancel is not in effect.
    if (
      current &&
      !current.ended &&
      current.command !== 'NONE' &&
      requestedAt > (current.commandSentAt ?? requestedAt)
    ) {
      orders.command(order.clientOrderId, 'NONE');
    }
  }

  private async notFound(order: ClientOrder, requestedAt: Mono, requestedAtMs: Ms): Promise<void> {
    const current = this.parts.orders.get(order.clientOrderId);
    if (!current || current.ended || !passesFence(current, requestedAt)) return;
    if (current.acknowledged) return this.notFoundAgain(current, requestedAt);
    if (!this.parts.connector.capabilities.requestExpiry) return;
    if (!isPastDeadline(current, requestedAtMs + this.databaseOffsetMs)) return;
    await this.absentRound(current, requestedAt);
  }

  private async notFoundAgain(order: ClientOrder, requestedAt: Mono): Promise<void> {
    const id = order.clientOrderId;
    const { inquiry, hasVanished } = afterNotFound(this.inquiries.get(id) ?? noInquiry, requestedAt);
    this.inquiries.set(id, inquiry);
    if (!hasVanished || order.doubtSince !== undefined) return;
    await this.readOrderTrades(order);
    const { runtime, orders, notify } = this.parts;
    orders.apply(id, { kind: 'vanished', at: runtime.monotonic(), atMs: runtime.now() });
    notify(aboutOrder(order, 'ORDER_LOST', 'page', 'the venue had shown it and does not find it any more'));
  }

  /** (b) the open list and (c) the trades, after (a) the explicit not-found: each requested after the deadline. */
  private async absentRound(order: ClientOrder, requestedAt: Mono): Promise<void> {
    const { connector, orders, runtime } = this.parts;
    const id = order.clientOrderId;
    const open = await connector.openOrders(order.instrument);
    for (const row of open.rows) this.report(row);
    const trades = await connector.fillsSince({
      instrument: order.instrument,
      since: order.committedAt - tradeOverlapMs,
    });
    this.trades(trades);
    const current = orders.get(id);
    const isShown =
      open.rows.some((row) => row.clientOrderId === id) ||
      trades.rows.some((row) => row.clientOrderId === id || row.venueOrderId === current?.venueOrderId);
    if (!current || current.acknowledged || current.ended || isShown) return;
    const { inquiry, isProved } = afterAbsentRound(
      this.inquiries.get(id) ?? noInquiry,
      requestedAt,
      trades.receivedAt,
    );
    this.inquiries.set(id, inquiry);
    if (!isProved) return;
    const atMs = runtime.now();
    orders.apply(id, { kind: 'absent', at: runtime.monotonic(), atMs, end: { why: 'absent', at: atMs } });
  }

  private async readOrderTrades(order: ClientOrder): Promise<void> {
    const { venueOrderId, instrument } = order;
    const since = order.committedAt - tradeOverlapMs;
    this.trades(
      await this.parts.connector.fillsSince(
        venueOrderId === undefined ? { instrument, since } : { instrument, venueOrderId },
      ),
    );
  }

  private trades(page: Page<FillReport>): void {
    for (const row of page.rows) this.fill(row);
  }

  /** A trade from any source. One that no order in memory explains waits until its owner is known. */
  fill(report: FillReport): void {
    const { orders, connector, strays } = this.parts;
    if (orders.onFill(connector.venue, connector.accountId, report)) return;
    const instrument = this.instruments.get(report.instrument);
    if (instrument) strays.take(report, instrument);
  }

  /** A word about an order from any source. One with our prefix that nobody knows is cancelled. */
  report(report: OrderReport): void {
    const { orders, connector, strayOrders } = this.parts;
    if (orders.onOrderReport(connector.venue, connector.accountId, report)) return;
    const id = report.clientOrderId;
    const isOpen = report.status === 'open' || report.status === 'partiallyFilled';
    if (isOpen && orders.isOwn(id)) strayOrders.take(id, report);
  }

  private mine(): readonly ClientOrder[] {
    const { orders, connector } = this.parts;
    return orders.allUnended().filter((order) => order.accountId === connector.accountId);
  }

  private isOver(clientOrderId: string): boolean {
    const order = this.parts.orders.get(clientOrderId);
    return order === undefined || isSettled(order);
  }

  private oldestCommit(): Ms {
    const commits = this.mine()
      .map((order) => order.committedAt)
      .filter((at) => at > 0);
    return Math.min(this.databaseNow(), ...commits);
  }

  private databaseNow(): Ms {
    return this.parts.runtime.now() + this.databaseOffsetMs;
  }

  private failed(what: string, error: unknown): void {
    const { notify, connector } = this.parts;
    const detail = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    notify({ code: 'READ_FAILED', severity: 'info', detail, accountId: connector.accountId });
  }
}

const refOf = (order: ClientOrder): OrderRef => ({
  instrument: order.instrument,
  clientOrderId: order.clientOrderId,
  venueOrderId: order.venueOrderId,
});
