import type { ClientOrder } from '../../../domain/order';
import { isSettled } from '../../../domain/order';
import type { Fill } from '../../../domain/fill';
import type { Instrument, InstrumentId } from '../../../domain/instrument';
import type { RejectCode } from '../../../domain/sent';
import type { Mono, Ms } from '../../../domain/units';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import {
  cancelRepeatMs,
  inFlightCycleMs,
  openOrdersEveryMs,
  queryBackoffMs,
  tradesEveryMs,
} from '../common/constants';
import type { Notify } from '../common/notices';
import type { ExchangeConnector } from '../connectors/types';
import type { AccountBooks } from './account-books';
import { AccountInbox } from './account-inbox';
import { BalanceCheck } from './balance-check';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { FeeQuestion } from './fee-follow-up';
import { FeeFollowUp } from './fee-follow-up';
import type { OrderOwners } from './order-owners';
import { OrderQuestions, refOf } from './order-questions';
import { OverduePages } from './overdue-pages';
import type { AccountRead } from './reconcile';
import type { Fences } from './reconcile';
import { fences, isOverdue } from './reconcile';
import type { StrayFills } from './stray-fills';
import type { StrayOrders } from './stray-orders';
import { StreamHealth } from './stream-health';
import type { Cursor } from './trade-reader';
import { TradeReader } from './trade-reader';

export interface ReconcilerParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly books: AccountBooks;
  readonly strays: StrayFills;
  readonly owners: OrderOwners;
  readonly strayOrders: StrayOrders;
  readonly notify: Notify;
  /** When a read may speak against an order. */
  readonly fences?: Fences;
}

/** Up to so many instruments, lists of open orders are cheaper one by one than of the whole account. */
const listsOneByOne = 12;
const noOrders = { all: [], mine: [] };

/**
 * Asks the venue about one account: `askAccount` at startup, after every reconnect of the private stream and, in
 * parts, periodically; single orders through its questions. Silence and lists end nothing.
 */
export class AccountReconciler {
  private readonly fees: FeeFollowUp;
  private readonly stream = new StreamHealth();
  private readonly inbox: AccountInbox;
  private readonly questions: OrderQuestions;
  private readonly balances: BalanceCheck;
  private readonly fences: Fences;
  private readonly pages = new OverduePages();
  private readonly unwanted = new Map<string, Mono>();
  private readonly trades: TradeReader;
  private readonly readAt = { openOrders: -Infinity, trades: -Infinity, balances: -Infinity };
  private timer: Timer | undefined;
  private isStopped = false;
  private accountAnswered = false;
  private isRecordDoubtful = false;
  private accountTries = 0;
  private left: readonly AccountRead[] = [];
  private nextAccountAskAt = 0;
  /** Only a question requested after it counts as an answer of the account. */
  private unsettledAt: Mono = -Infinity;
  private asking: Promise<boolean> | undefined;
  private askingNext: Promise<boolean> | undefined;
  /** From our monotonic clock to the database's: our wall clock may step either way. */
  private databaseOffsetMs = 0;
  /** The orders of the account, out of the list they were taken from. */
  private known: { readonly all: readonly ClientOrder[]; readonly mine: readonly ClientOrder[] } = noOrders;

  constructor(private readonly parts: ReconcilerParts) {
    this.fences = parts.fences ?? fences;
    this.fees = new FeeFollowUp({ bookFee: (fill) => parts.orders.bookFee(fill), notify: parts.notify });
    this.inbox = new AccountInbox({ fees: this.fees, stream: this.stream, ...parts });
    const { inbox, fees, stream } = this;
    const mine = (): readonly ClientOrder[] => this.mine();
    this.balances = new BalanceCheck({ inbox, fees, stream, mine, ...parts });
    this.trades = new TradeReader({ inbox, mine, databaseNow: () => this.databaseNow(), ...parts });
    this.questions = new OrderQuestions({
      inbox: this.inbox,
      databaseTime: (at) => at + this.databaseOffsetMs,
      failed: (what, error) => this.failed(what, error),
      ...parts,
    });
  }

  /** The account has answered every question since its private stream came up: creates are allowed. */
  get isReady(): boolean {
    return this.accountAnswered && !this.isRecordDoubtful;
  }

  /** The private stream is connected and does not echo our orders. */
  get isStreamSilent(): boolean {
    return this.stream.isSuspect;
  }

  start(databaseNow: Ms, cursors: readonly Cursor[]): void {
    const { runtime, orders, connector } = this.parts;
    this.databaseSays(databaseNow);
    this.trades.readFrom(cursors);
    orders.askBy(connector.accountId, {
      doubt: (order) => this.questions.hurry(order.clientOrderId),
      feePending: (fill) => this.feePending(fill),
    });
    this.balances.renew();
    this.timer ??= runtime.timers.every(inFlightCycleMs, () => this.cycle());
  }

  /**
   * The database's clock as it was when the answer left. Both clocks drift, by seconds in a day: what was measured when
   * the account was opened would end an order as absent before its deadline has passed.
   */
  databaseSays(now: Ms): void {
    this.databaseOffsetMs = now - this.parts.runtime.monotonic();
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

  /** Holds the creates of the account until it has answered anew, unless the streams overlap: then it is only asked. */
  streamChanged(isLive: boolean, isOverlap = false): void {
    if (!isOverlap) this.unsettle();
    this.stream.renewed();
    if (isLive) void this.askAccount();
  }

  /** Creates of the account wait until what the database holds is known again. */
  databaseLost(): void {
    this.isRecordDoubtful = true;
  }

  /**
   * A database that was away may have gone back in time: trades are read again from where it says, and creates wait
   * until the account has answered anew.
   */
  databaseReturned(cursors: readonly Cursor[]): void {
    this.isRecordDoubtful = false;
    this.trades.readFrom(cursors);
    this.unsettle();
    void this.askAccount();
  }

  /** Ask about an order at the next cycle, whatever its backoff. */
  hurry(clientOrderId: string): void {
    this.questions.hurry(clientOrderId);
  }

  /** An order was refused for want of money: what the account has is read at the next cycle. */
  hurryBalances(): void {
    this.readAt.balances = -Infinity;
  }

  fill(report: FillReport): void {
    this.inbox.fill(report);
  }

  report(report: OrderReport): void {
    this.inbox.report(report);
  }

  /** The venue took an order and said no more of it: its event must follow. */
  acknowledged(clientOrderId: string): void {
    this.inbox.acknowledged(clientOrderId);
  }

  /** Cancels by client id, also before the acknowledgement; repeats while the order is unproven and may still arrive. */
  async cancel(order: ClientOrder): Promise<void> {
    const refused = await this.cancelOnce(order);
    const current = this.parts.orders.get(order.clientOrderId);
    // The venue did not take it for now: it leaves again at once, and is then repeated like any other.
    const isHeldBack = refused === 'RATE' || refused === 'CLOCK';
    if (isHeldBack && current && !current.ended) await this.cancelOnce(current);
  }

  /** Answers the code of a refusal that says nothing about the order. */
  private async cancelOnce(order: ClientOrder): Promise<RejectCode | undefined> {
    const { orders, connector, runtime } = this.parts;
    this.unwanted.set(order.clientOrderId, runtime.monotonic());
    orders.command(order.clientOrderId, 'CANCEL_SENT');
    const answer = await connector.cancel(refOf(order));
    if (answer.kind === 'accepted') {
      if (answer.report) this.report(answer.report);
      return undefined;
    }
    if (answer.kind === 'unknown') orders.command(order.clientOrderId, 'CANCEL_UNKNOWN');
    // Not found or already over: filled, canceled or not yet arrived. The facts stay; the venue is asked.
    else if (answer.code !== 'not_found' && answer.code !== 'already_done') {
      orders.command(order.clientOrderId, 'NONE');
      return answer.code;
    }
    this.hurry(order.clientOrderId);
    return undefined;
  }

  /** One complete question of the account, requested after this call. True when every read of it was answered. */
  askAccount(): Promise<boolean> {
    if (!this.asking) return (this.asking = this.readAccount().finally(() => (this.asking = undefined)));
    this.askingNext ??= this.asking.then(() => {
      this.askingNext = undefined;
      return this.askAccount();
    });
    return this.askingNext;
  }

  /** Reads of the latest question of the account that were not answered yet. */
  get readsLeft(): readonly AccountRead[] {
    return this.left;
  }

  /** Resolves when no question of the account is under way. */
  async accountIdle(): Promise<void> {
    await (this.askingNext ?? this.asking);
  }

  /** Own orders of a strategy the venue lists now; the proof that ends a stop. Throws VenueError. */
  async openAtVenue(isOurs: (clientOrderId: string) => boolean): Promise<readonly OrderReport[]> {
    const page = await this.parts.connector.openOrders();
    for (const row of page.rows) this.report(row);
    return page.rows.filter((row) => row.clientOrderId !== undefined && isOurs(row.clientOrderId));
  }

  private async readAccount(): Promise<boolean> {
    const { runtime, connector } = this.parts;
    this.left = ['openOrders', 'trades', 'orders', 'balances'];
    if (this.isStopped || !connector.isPrivateLive()) return false; // It would have to be asked again.
    this.accountTries += 1;
    const since = runtime.monotonic();
    const wait = queryBackoffMs[Math.min(this.accountTries, queryBackoffMs.length) - 1]!;
    this.nextAccountAskAt = since + wait;
    try {
      await this.readOpenOrders(undefined);
      this.left = ['trades', 'orders', 'balances'];
      await this.trades.read();
      this.left = ['orders', 'balances'];
      await this.questions.askEach(this.mine(), since, () => this.isStopped);
      await this.parts.orders.idle();
      this.left = ['balances'];
      const agrees = await this.balances.settle(this.trades.knownAt);
      const { mayHideOurs } = this.parts.strays;
      this.left = mayHideOurs ? ['trades'] : [];
      const isNewEnough = agrees && !mayHideOurs && since >= this.unsettledAt;
      this.accountAnswered = isNewEnough && !this.isStopped && connector.isPrivateLive();
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
    if (!connector.isPrivateLive()) return;
    this.checkStream(now);
    if (this.accountAnswered) this.periodic(now);
    else if (!this.asking && now >= this.nextAccountAskAt) void this.askAccount();
  }

  /** Creates of the account wait until it has answered anew. */
  unsettle(): void {
    this.accountAnswered = false;
    this.balances.renew();
    this.unsettledAt = this.parts.runtime.monotonic();
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
    this.every('openOrders', openOrdersEveryMs, now, async () => {
      const watched = this.inbox.readable(this.mine());
      const one = watched.length > 0 && watched.length <= listsOneByOne ? watched : [undefined];
      for (const instrument of one) await this.readOpenOrders(instrument);
    });
    this.every('trades', tradesEveryMs, now, () => this.trades.read());
    this.every('balances', this.balances.everyMs, now, () => this.balances.read(this.trades.knownAt));
  }

  /** Twice as often while the stream may be missing things. */
  private every(of: keyof typeof this.readAt, ms: number, now: Mono, read: () => Promise<unknown>): void {
    if (now < this.readAt[of] + (this.stream.isSuspect ? ms / 2 : ms)) return;
    this.readAt[of] = now;
    void read().catch((error: unknown) => this.failed(of, error));
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
      if (isMissing && this.fences.passesFence(order, page.requestedAt)) await this.questions.ask(order);
    }
  }

  private async askFee(question: FeeQuestion): Promise<void> {
    try {
      this.inbox.trades(await this.parts.connector.fillsSince(question));
    } catch (error) {
      this.failed('fee', error);
    }
  }

  private mine(): readonly ClientOrder[] {
    const { orders, connector } = this.parts;
    const all = orders.allUnended();
    if (this.known.all !== all)
      this.known = { all, mine: all.filter((order) => order.accountId === connector.accountId) };
    return this.known.mine;
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
