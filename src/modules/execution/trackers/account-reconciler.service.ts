import type { ClientOrder } from '../../../domain/order';
import { classOf, isSettled, unbookedOf } from '../../../domain/order';
import type { Fill } from '../../../domain/fill';
import type { Instrument, InstrumentId } from '../../../domain/instrument';
import type { Mono, Ms } from '../../../domain/units';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import {
  balancesEveryMs,
  cancelRepeatMs,
  inFlightCycleMs,
  openOrdersEveryMs,
  queryBackoffMs,
  tradeOverlapMs,
  tradesEveryMs,
} from '../common/constants';
import type { Notify } from '../common/notices';
import type { ExchangeConnector } from '../connectors/types';
import type { AccountBooks } from './account-books';
import { AccountInbox } from './account-inbox';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { FeeQuestion } from './fee-follow-up';
import { FeeFollowUp } from './fee-follow-up';
import { OrderQuestions, refOf } from './order-questions';
import { OverduePages } from './overdue-pages';
import { isOverdue, passesFence } from './reconcile';
import type { StrayFills } from './stray-fills';
import type { StrayOrders } from './stray-orders';
import { StreamHealth } from './stream-health';

/** A read older than this by the time it can be compared is left to the next one. */
const staleReadMs = 5_000;

export interface ReconcilerParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly books: AccountBooks;
  readonly strays: StrayFills;
  readonly strayOrders: StrayOrders;
  readonly notify: Notify;
}

/** Up to so many instruments, lists of open orders are cheaper one by one than of the whole account. */
const listsOneByOne = 12;

/**
 * Asks the venue about one account: `askAccount` at startup, after every reconnect of the private stream and, in
 * parts, periodically; single orders through its questions. Silence and lists end nothing.
 */
export class AccountReconciler {
  private readonly fees: FeeFollowUp;
  private readonly stream = new StreamHealth();
  private readonly inbox: AccountInbox;
  private readonly questions: OrderQuestions;
  private readonly pages = new OverduePages();
  private readonly unwanted = new Map<string, Mono>();
  private readonly cursors = new Map<InstrumentId, string>();
  private readonly readAt = { openOrders: -Infinity, trades: -Infinity, balances: -Infinity };
  private tradesKnownAt: Mono = -Infinity;
  private timer: Timer | undefined;
  private isStopped = false;
  private accountAnswered = false;
  private accountTries = 0;
  private nextAccountAskAt = 0;
  private askingAccount: Promise<boolean> | undefined;
  /** From our monotonic clock to the database's: our wall clock may step either way. */
  private databaseOffsetMs = 0;

  constructor(private readonly parts: ReconcilerParts) {
    this.fees = new FeeFollowUp({ bookFee: (fill) => parts.orders.bookFee(fill), notify: parts.notify });
    this.inbox = new AccountInbox({ fees: this.fees, stream: this.stream, ...parts });
    this.questions = new OrderQuestions({
      inbox: this.inbox,
      databaseTime: (at) => at + this.databaseOffsetMs,
      failed: (what, error) => this.failed(what, error),
      ...parts,
    });
  }

  /** The account has answered every question since its private stream came up: creates are allowed. */
  get isReady(): boolean {
    return this.accountAnswered;
  }

  /** The private stream is connected and does not echo our orders. */
  get isStreamSilent(): boolean {
    return this.stream.isSuspect;
  }

  start(
    databaseNow: Ms,
    cursors: readonly { readonly instrument: InstrumentId; readonly lastTradeId: string }[],
  ): void {
    const { runtime, orders, connector } = this.parts;
    this.databaseOffsetMs = databaseNow - runtime.monotonic();
    for (const { instrument, lastTradeId } of cursors) this.cursors.set(instrument, lastTradeId);
    orders.askBy(connector.accountId, {
      doubt: (order) => this.questions.hurry(order.clientOrderId),
      feePending: (fill) => this.feePending(fill),
    });
    this.timer ??= runtime.timers.every(inFlightCycleMs, () => this.cycle());
  }

  /** Nothing is asked after it; answers on their way are still taken. */
  stop(): void {
    this.isStopped = true;
    if (this.timer) this.parts.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  watch(instrument: Instrument): void {
    this.inbox.watch(instrument);
  }

  /** A booked fill whose fee is not known: it is asked for until the venue has said it. */
  feePending(fill: Fill): void {
    const now = this.parts.runtime.monotonic();
    this.fees.add(fill, now - Math.max(0, this.databaseNow() - fill.venueTime), now);
  }

  /** Holds the creates of the account until it has answered anew. */
  streamChanged(isLive: boolean): void {
    this.accountAnswered = false;
    this.stream.renewed();
    if (isLive) void this.askAccount();
  }

  /** Ask about an order at the next cycle, whatever its backoff. */
  hurry(clientOrderId: string): void {
    this.questions.hurry(clientOrderId);
  }

  fill(report: FillReport): void {
    this.inbox.fill(report);
  }

  report(report: OrderReport): void {
    this.inbox.report(report);
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
    if (this.isStopped || !connector.health().privateLive) return false; // It would have to be asked again.
    this.accountTries += 1;
    const since = runtime.monotonic();
    const wait = queryBackoffMs[Math.min(this.accountTries, queryBackoffMs.length) - 1]!;
    this.nextAccountAskAt = since + wait;
    try {
      await this.readOpenOrders(undefined);
      await this.readTrades();
      await this.questions.askEach(this.mine(), since, () => this.isStopped);
      await this.parts.orders.idle();
      await this.readBalances();
      this.accountAnswered = !this.isStopped && connector.health().privateLive;
      if (this.accountAnswered) this.accountTries = 0;
      return this.accountAnswered;
    } catch (error) {
      this.failed('askAccount', error);
      return false;
    }
  }

  private cycle(): void {
    const { runtime, connector, notify, strays } = this.parts;
    const now = runtime.monotonic();
    this.age(now);
    for (const notice of this.pages.due(this.mine(), now, this.databaseNow())) notify(notice);
    if (!strays.isEmpty) void strays.resolve().catch((error: unknown) => this.failed('resolve', error));
    for (const question of this.fees.due(now)) void this.askFee(question);
    if (!connector.health().privateLive) return;
    this.checkStream(now);
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
    this.questions.cycle(this.mine(), now);
    for (const id of this.unwanted.keys()) {
      const order = orders.get(id);
      if (!order || isSettled(order)) this.unwanted.delete(id);
    }
  }

  private shouldCancelAgain(order: ClientOrder, now: Mono): boolean {
    const since = this.unwanted.get(order.clientOrderId);
    if (since === undefined || order.ended || now - since < cancelRepeatMs) return false;
    if (order.command === 'NONE') return true;
    return !order.acknowledged && this.databaseNow() < order.deadlineAt;
  }

  private checkStream(now: Mono): void {
    const { connector, notify } = this.parts;
    const { accountId } = connector;
    const change = this.stream.check(now);
    if (change === undefined) return;
    const isSuspect = change === 'suspect';
    const detail = isSuspect ? 'an order was not echoed' : 'the stream stays silent and is dialled anew';
    notify({ code: 'USER_STREAM_SILENT', severity: isSuspect ? 'warn' : 'page', detail, accountId });
    if (!isSuspect) connector.restartStream('no echo of own orders');
  }

  private periodic(now: Mono): void {
    const watched = this.inbox.instruments;
    const one = watched.size > 0 && watched.size <= listsOneByOne ? [...watched.keys()] : [undefined];
    this.every('openOrders', openOrdersEveryMs, now, async () => {
      for (const instrument of one) await this.readOpenOrders(instrument);
    });
    this.every('trades', tradesEveryMs, now, () => this.readTrades());
    this.every('balances', balancesEveryMs, now, () => this.readBalances());
  }

  /** Twice as often while the stream may be missing things. */
  private every(what: keyof typeof this.readAt, everyMs: number, now: Mono, read: () => Promise<void>): void {
    if (now < this.readAt[what] + (this.stream.isSuspect ? everyMs / 2 : everyMs)) return;
    this.readAt[what] = now;
    void read().catch((error: unknown) => this.failed(what, error));
  }

  /** The open orders of one instrument, or of the whole account. */
  private async readOpenOrders(instrument: InstrumentId | undefined): Promise<void> {
    const page = await this.parts.connector.openOrders(instrument);
    const listed = new Set<string>();
    for (const row of page.rows) {
      this.report(row);
      if (row.clientOrderId !== undefined) listed.add(row.clientOrderId);
    }
    for (const order of this.mine()) {
      if (instrument !== undefined && order.instrument !== instrument) continue;
      // Absent from a list: asked for by id, never ended by the list.
      const isMissing = order.acknowledged && !order.ended && !listed.has(order.clientOrderId);
      if (isMissing && passesFence(order, page.requestedAt)) await this.questions.ask(order);
    }
  }

  private async readTrades(): Promise<void> {
    const { connector, strays, orders, runtime } = this.parts;
    const requestedAt = runtime.monotonic();
    for (const instrument of this.inbox.instruments.keys()) {
      const last = this.cursors.get(instrument);
      const page = await connector.fillsSince(
        last === undefined
          ? { instrument, since: this.oldestCommit() - tradeOverlapMs }
          : { instrument, fromId: (BigInt(last) + 1n).toString() },
      );
      this.inbox.trades(page);
      await strays.resolve();
      const newest = page.rows.at(-1)?.tradeId;
      // The cursor moves only past trades whose owner is known.
      if (newest === undefined || !strays.isEmpty) continue;
      this.cursors.set(instrument, newest);
      orders.advanceCursor(connector.accountId, instrument, newest);
    }
    await orders.idle();
    if (strays.isEmpty) this.tradesKnownAt = requestedAt;
  }

  private async askFee(question: FeeQuestion): Promise<void> {
    try {
      this.inbox.trades(await this.parts.connector.fillsSince(question));
    } catch (error) {
      this.failed('fee', error);
    }
  }

  private async readBalances(): Promise<void> {
    const { connector, orders, runtime } = this.parts;
    const page = await connector.getBalances();
    // A fill that waits for its booking is not in the books yet, and the venue shows it already.
    await orders.idle();
    if (runtime.monotonic() - page.receivedAt > staleReadMs) return;
    const isUncertain = (asset: string): boolean => this.isUncertain(asset);
    const { tradesKnownAt } = this;
    if (await this.parts.books.compare(page, { isUncertain, tradesKnownAt })) this.stream.agreed();
  }

  /** A balance moved by an unproven order, a fill not booked or a fee not known is compared when they are. */
  private isUncertain(asset: string): boolean {
    const open = this.mine().filter((order) => classOf(order) === 'unproven' || unbookedOf(order) > 0);
    const uncertain = new Set([...open.map((order) => order.instrument), ...this.fees.instruments]);
    const isOf = (id: InstrumentId): boolean => {
      const instrument = this.inbox.instruments.get(id);
      return instrument?.base === asset || instrument?.quote === asset;
    };
    if ([...uncertain].some(isOf)) return true;
    // A fee may be in any asset but those of another instrument.
    return !this.fees.isEmpty && ![...this.inbox.instruments.keys()].some(isOf);
  }

  private mine(): readonly ClientOrder[] {
    const { orders, connector } = this.parts;
    return orders.allUnended().filter((order) => order.accountId === connector.accountId);
  }

  private oldestCommit(): Ms {
    const commits = this.mine()
      .map((order) => order.committedAt)
      .filter((at) => at > 0);
    return Math.min(this.databaseNow(), ...commits);
  }

  private databaseNow(): Ms {
    return this.parts.runtime.monotonic() + this.databaseOffsetMs;
  }

  private failed(what: string, error: unknown): void {
    const { notify, connector } = this.parts;
    const detail = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    notify({ code: 'READ_FAILED', severity: 'info', detail, accountId: connector.accountId });
  }
}
