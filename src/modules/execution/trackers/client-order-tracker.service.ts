import type { ApprovedOrder } from '../../../domain/approved-order';
import type { Fill } from '../../../domain/fill';
import { hasFee, partOf, saidBy } from '../../../domain/fill';
import type { AccountId, Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import { decodeClientOrderId, encodeClientOrderId, ownPrefixOf } from '../../../domain/ids';
import type { ClientOrder, Command, Effect, Report } from '../../../domain/order';
import { isSettled } from '../../../domain/order';
import type { Dec, Mono, Ms } from '../../../domain/units';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { OrderPlace } from '../../../domain/venue-key';
import { venueKey } from '../../../domain/venue-key';
import type { Runtime } from '../../../runtime/runtime';
import { endedMemoryMax, endedMemoryMs } from '../common/constants';
import type { Notify } from '../common/notices';
import { aboutOrder } from '../common/notices';
import type { Balance, FillResult, OrderEnd, OrderLogLine, OrderRow, Store } from '../store/types';
import { applyReport, commandRepeated, withCommand, withCommit } from './apply-report';
import { BookingQueue } from './booking-queue';
import { endOf, logLineOf, lotsOf, newOrder, orderFromRow, rulesFor } from './order-facts';
import type { Holdings } from './holdings';
import { LeftSize } from './left-size';
import { OpenOrders } from './open-orders';
import { effectNotices } from './order-listener';
import type { OrderListener, VenueAsker } from './order-listener';
import { ToldFills } from './told-fills';

export interface BootIdentity {
  readonly ownerId: string;
  readonly nonce: string;
  readonly installation: string;
}

interface Entry {
  order: ClientOrder;
  readonly rules: Instrument;
  /** The end is committed: the slot is free and the funds are released. */
  isClosed: boolean;
  endQueued: boolean;
}

/** How the tracker speaks to people, and how it joins a report to what is known. */
export interface TrackerWays {
  readonly notify: Notify;
  readonly join?: typeof applyReport;
}

/**
 * Owner of every ClientOrder: all the engine can prove about each order it may have on a venue. Facts change only
 * through `applyReport`, with evidence; silence closes nothing. Fills and ends become durable through the booking
 * queue, and a slot is free only when the end of its order is committed.
 */
export class ClientOrderTracker {
  private readonly entries = new Map<string, Entry>();
  private readonly byVenueId = new Map<string, string>();
  private readonly open = new OpenOrders();
  private readonly booked = new Set<string>();
  private readonly told = new ToldFills();
  private readonly closedAt: { readonly id: string; readonly at: Mono }[] = [];
  private readonly queue: BookingQueue;
  private readonly notify: Notify;
  private readonly join: typeof applyReport;
  private counter = 0;
  private readonly askers = new Map<AccountId, VenueAsker>();
  /** What a book that lags behind still shows of us. */
  readonly left = new LeftSize();
  private listener: OrderListener | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly store: Store,
    private readonly holdings: Holdings,
    private readonly boot: BootIdentity,
    { notify, join = applyReport }: TrackerWays,
  ) {
    this.notify = notify;
    this.join = join;
    this.queue = new BookingQueue(runtime, store, {
      fillAnswered: (fill, result) => this.fillAnswered(fill, result),
      feeAnswered: (fill, result) => this.feeAnswered(fill, result),
      endsCommitted: (ends, balances) => this.endsCommitted(ends, balances),
      storeAnswered: (ok, detail) => this.listener?.storeAnswered(ok, detail),
    });
  }

  listen(listener: OrderListener): void {
    this.listener = listener;
  }

  /** Replaces whoever asked the venue of this account before. */
  askBy(accountId: AccountId, asker: VenueAsker): void {
    this.askers.set(accountId, asker);
  }

  /** A client order id never made before and never made again: the boot nonce belongs to this process alone. */
  nextClientOrderId(strategyNumber: number): string {
    const { installation, nonce } = this.boot;
    this.counter += 1;
    return encodeClientOrderId({ installation, strategyNumber, nonce, counter: this.counter });
  }

  get ownPrefix(): string {
    return ownPrefixOf(this.boot.installation);
  }

  /** Whether an id names an order of this installation. */
  isOwn(clientOrderId: string | undefined): clientOrderId is string {
    return (
      clientOrderId !== undefined &&
      decodeClientOrderId(clientOrderId)?.installation === this.boot.installation
    );
  }

  /** From admission on the order counts as exposure and every other session sees it. */
  trackIntent(approved: ApprovedOrder): void {
    const { rules, holdAsset: _asset, holdRate: _rate, ...intent } = approved;
    this.insert(newOrder(intent, this.runtime.monotonic()), rules);
  }

  /** Orders of an earlier process: nothing is known of them but what is durable. */
  load(row: OrderRow, rules: Instrument, databaseNow: Ms): void {
    if (this.entries.has(row.clientOrderId)) return;
    const fitting = rulesFor(row, rules);
    const order = orderFromRow(row, fitting, this.runtime.monotonic(), databaseNow);
    this.insert(order, fitting);
  }

  /** An ended order that had been forgotten is needed again: a late trade names it. */
  recall(row: OrderRow, rules: Instrument): void {
    if (this.entries.has(row.clientOrderId)) return;
    this.load(row, rules, this.runtime.now());
    const entry = this.entries.get(row.clientOrderId)!;
    if (isSettled(entry.order)) this.close(entry);
  }

  committed(clientOrderId: string, committedAt: Ms, deadlineAt: Ms): void {
    const entry = this.entries.get(clientOrderId);
    if (entry) this.now(entry, withCommit(entry.order, committedAt, deadlineAt));
  }

  /** The commit was refused, so nothing is durable and no byte left: the order never was. */
  forget(clientOrderId: string): void {
    const entry = this.entries.get(clientOrderId);
    if (!entry) return;
    this.entries.delete(clientOrderId);
    this.open.delete(entry.order);
  }

  /** Joins a report; the only way a fact changes. Unknown ids are ignored. */
  apply(clientOrderId: string, report: Report): void {
    const entry = this.entries.get(clientOrderId);
    if (!entry) return;
    const before = entry.order;
    const { order, effects } = this.join(before, report);
    this.now(entry, order);
    if (before.ended && !order.ended) this.reopen(entry);
    this.left.note(before, order, this.runtime.monotonic());
    if (order.venueOrderId !== undefined && before.venueOrderId === undefined) this.learnVenueId(order);
    for (const effect of effects) this.act(entry.order, effect);
    const source = 'source' in report ? report.source : 'local';
    if (before !== order) this.log(order, { kind: report.kind, source, at: report.atMs });
    this.settle(entry);
  }

  command(clientOrderId: string, command: Command): void {
    const entry = this.entries.get(clientOrderId);
    if (!entry) return;
    const at = this.runtime.monotonic();
    const isSent = command === 'CANCEL_SENT';
    this.now(entry, isSent ? commandRepeated(entry.order, at) : withCommand(entry.order, command, at));
    if (command !== 'NONE') {
      this.log(entry.order, { kind: command.toLowerCase(), source: 'local', at: this.runtime.now() });
    }
  }

  /** A venue's word about an order, from any source. False when the order is not one we track. */
  onOrderReport(venue: VenueId, accountId: AccountId, report: OrderReport): boolean {
    const entry = this.find(venue, accountId, report);
    if (!entry) return false;
    const filled = lotsOf(entry.rules, report.cumFilled);
    const at = this.runtime.monotonic();
    const atMs = this.runtime.now();
    const end = endOf(report, atMs);
    if (report.status === 'rejected' && filled === 0) {
      this.apply(entry.order.clientOrderId, { kind: 'refused', at, atMs, end: end! });
      return true;
    }
    if (report.status === 'unrecognised') {
      this.notify(aboutOrder(entry.order, 'UNMAPPED_ANSWER', 'warn', `status ${report.endReason ?? '?'}`));
      this.askers.get(accountId)?.doubt(entry.order);
      return true;
    }
    const { venueOrderId, source } = report;
    this.apply(entry.order.clientOrderId, {
      kind: 'seen',
      at,
      atMs,
      filled,
      venueOrderId,
      source,
      ...(end ? { end } : {}),
    });
    return true;
  }

  /** A trade of ours. Never refused: late, repeated or beyond the quantity, the Store decides whether it is new. */
  onFill(venue: VenueId, accountId: AccountId, report: FillReport): boolean {
    const entry = this.find(venue, accountId, report);
    if (!entry) return false;
    const { strategyId, clientOrderId } = entry.order;
    const { base, quote } = entry.rules;
    const fill: Fill = { venue, accountId, strategyId, base, quote, ...report, clientOrderId };
    if (!this.booked.has(saidBy(fill))) this.queue.fill(fill);
    return true;
  }

  bookFee(fill: Fill): void {
    this.queue.fee(fill);
  }

  advanceCursor(accountId: AccountId, instrument: InstrumentId, lastTradeId: string): void {
    this.queue.cursor({ accountId, instrument, lastTradeId });
  }

  get(clientOrderId: string): ClientOrder | undefined {
    return this.entries.get(clientOrderId)?.order;
  }

  rulesOf(clientOrderId: string): Instrument | undefined {
    return this.entries.get(clientOrderId)?.rules;
  }

  /** Orders of a strategy whose end is not committed. Settled ones among them still hold their slot. */
  unended(strategyId: string): readonly ClientOrder[] {
    return this.open.of(strategyId);
  }

  /** Every order of the operator that may be on a venue, over all strategies and accounts. */
  allUnended(): readonly ClientOrder[] {
    return this.open.all();
  }

  /** Those of one market. */
  unendedOn(market: Pick<Instrument, 'venue' | 'id'>): readonly ClientOrder[] {
    return this.open.on(market);
  }

  venueOrderId(clientOrderId: string): string | undefined {
    return this.entries.get(clientOrderId)?.order.venueOrderId;
  }

  clientOrderId(place: OrderPlace, venueOrderId: string): string | undefined {
    return this.byVenueId.get(venueKey(place, venueOrderId));
  }

  /** Fills and ends wait until `resume`. Resolves once those under way have been answered. */
  pause(): Promise<void> {
    return this.queue.pause();
  }

  resume(): void {
    this.queue.resume();
  }

  /**
   * The record may be an older copy of itself: every closed order of the account is forgotten, and that its fills are
   * booked. Answers the fills that were on their way to the record. While paused only.
   */
  doubtRecord(accountId: AccountId): readonly Fill[] {
    const isDoubtful = (id: string): boolean => this.entries.get(id)?.order.accountId === accountId;
    for (const { id } of this.closedAt) if (isDoubtful(id)) this.evict(id);
    this.booked.clear();
    return this.queue.takeBack(accountId);
  }

  /** Resolves when every fill and end known so far is durable. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  /** Forgets ended orders past their memory. Evicted is not forgotten: a miss falls through to the Store. */
  sweep(): void {
    const limit = this.runtime.monotonic() - endedMemoryMs;
    while (
      this.closedAt.length > 0 &&
      (this.closedAt[0]!.at < limit || this.closedAt.length > endedMemoryMax)
    ) {
      this.evict(this.closedAt.shift()!.id);
    }
    if (this.booked.size > 4 * endedMemoryMax) this.booked.clear();
  }

  private evict(id: string): void {
    const entry = this.entries.get(id);
    if (!entry?.isClosed) return; // Needed again since it was closed.
    this.entries.delete(id);
    const { order } = entry;
    if (order.venueOrderId) this.byVenueId.delete(venueKey(order, order.venueOrderId));
  }

  private now(entry: Entry, order: ClientOrder): void {
    if (entry.order === order) return;
    entry.order = order;
    if (!entry.isClosed) this.open.put(order);
  }

  private insert(order: ClientOrder, rules: Instrument): void {
    this.entries.set(order.clientOrderId, { order, rules, isClosed: false, endQueued: false });
    this.open.put(order);
    if (order.venueOrderId !== undefined)
      this.byVenueId.set(venueKey(order, order.venueOrderId), order.clientOrderId);
  }

  /** A proof was wrong: it counts again, also on record, where its end is. */
  private reopen(entry: Entry): void {
    if (entry.isClosed) this.insert(entry.order, entry.rules);
    else if (entry.endQueued) return; // Behind that end.
    this.queue.reopen(entry.order.clientOrderId);
  }

  private find(venue: VenueId, accountId: AccountId, report: OrderReport | FillReport): Entry | undefined {
    const { instrument, venueOrderId } = report;
    const id = report.clientOrderId ?? this.clientOrderId({ venue, accountId, instrument }, venueOrderId);
    const entry = id === undefined ? undefined : this.entries.get(id);
    return entry?.order.accountId === accountId ? entry : undefined;
  }

  private learnVenueId(order: ClientOrder): void {
    this.byVenueId.set(venueKey(order, order.venueOrderId!), order.clientOrderId);
    if (!order.ended) this.queue.ack(order.clientOrderId, order.venueOrderId!);
  }

  private settle(entry: Entry): void {
    const { order } = entry;
    if (!isSettled(order) || entry.endQueued || entry.isClosed) return;
    entry.endQueued = true;
    this.queue.end({
      clientOrderId: order.clientOrderId,
      ended: order.ended!,
      venueOrderId: order.venueOrderId,
    });
  }

  private endsCommitted(ends: readonly OrderEnd[], balances: readonly Balance[]): void {
    this.holdings.update(balances);
    for (const { clientOrderId } of ends) {
      const entry = this.entries.get(clientOrderId);
      if (entry && isSettled(entry.order)) this.close(entry);
      else if (entry) this.reopen(Object.assign(entry, { endQueued: false })); // Its end was on the way.
    }
  }

  private close(entry: Entry): void {
    entry.isClosed = true;
    this.open.delete(entry.order);
    this.closedAt.push({ id: entry.order.clientOrderId, at: this.runtime.monotonic() });
  }

  private fillAnswered(fill: Fill, result: FillResult): void {
    if (result.kind === 'conflict')
      return void this.listener?.halt(fill.strategyId, 'FILL_CONFLICT', result.detail);
    this.booked.add(saidBy(fill));
    const news = this.countBooked(fill, result);
    this.holdings.update(result.balances);
    if (result.kind === 'booked' && !hasFee(fill)) this.askers.get(fill.accountId)?.feePending(fill);
    this.listener?.fillBooked(fill, news === '0' ? undefined : partOf(fill, news), result.balances);
  }

  /** The Store's own sum decides how much is booked. Answers how much is news; of an order not followed, the fill. */
  private countBooked(fill: Fill, { kind, bookedFilled }: FillResult & { readonly bookedFilled: Dec }): Dec {
    const { clientOrderId, venueOrderId, source } = fill;
    const entry = this.entries.get(clientOrderId);
    if (!entry) return kind === 'booked' ? fill.quantity : '0';
    const { order, rules } = entry;
    const news = this.told.news(clientOrderId, bookedFilled, rules.quantity(order.bookedFilled));
    const quantity = lotsOf(rules, bookedFilled) - order.bookedFilled;
    const booked = { quantity, venueOrderId, source };
    const at = this.runtime.monotonic();
    if (quantity > 0) this.apply(clientOrderId, { kind: 'booked', at, atMs: this.runtime.now(), ...booked });
    return news;
  }

  private feeAnswered(fill: Fill, result: FillResult): void {
    if (result.kind !== 'conflict') this.holdings.update(result.balances);
    else this.listener?.halt(fill.strategyId, 'FILL_CONFLICT', result.detail);
  }

  private act(order: ClientOrder, effect: Effect): void {
    const notice = effectNotices[effect];
    if (notice) this.notify(aboutOrder(order, effect, ...notice));
    if (effect === 'ASK_ORDER' || effect === 'ASK_TRADES') this.askers.get(order.accountId)?.doubt(order);
    if (effect === 'PAGE_RESURRECTED')
      this.listener?.halt(order.strategyId, 'RESURRECTED', order.clientOrderId);
    if (effect === 'HALT_OVERFILL') this.listener?.halt(order.strategyId, 'OVERFILL', order.clientOrderId);
  }

  private log(order: ClientOrder, what: Pick<OrderLogLine, 'kind' | 'source' | 'at'>): void {
    this.store.log([logLineOf(order, what, this.boot.ownerId)]);
  }
}
