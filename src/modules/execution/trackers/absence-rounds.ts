import { VenueError } from '../../../domain/errors';
import type { Instrument, InstrumentId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import type { Mono } from '../../../domain/units';
import type { FillReport } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import { maxClockSkewMs, tradeOverlapMs } from '../common/constants';
import type { ExchangeConnector } from '../connectors/types';
import type { AccountInbox } from './account-inbox';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { OrderOwners } from './order-owners';
import { areListsDue } from './reconcile';

export interface AbsenceParts {
  readonly runtime: Runtime;
  readonly connector: ExchangeConnector;
  readonly orders: ClientOrderTracker;
  readonly inbox: AccountInbox;
  readonly owners: OrderOwners;
  /** One complete round in which nothing showed the order. */
  readonly onAbsent: (clientOrderId: string, requestedAt: Mono, answeredAt: Mono) => void;
}

/**
 * The part of the proof of absence that orders share. Each has been answered not-found by its own id, past its
 * deadline; then the open list and the trades of its instrument are read once for all of them.
 */
export class AbsenceRounds {
  /** By instrument: the orders answered so far, and when each was asked for. */
  private readonly answered = new Map<InstrumentId, Map<string, Mono>>();
  private readonly reading = new Set<string>();

  constructor(private readonly parts: AbsenceParts) {}

  /** No order waits for its lists. */
  get isEmpty(): boolean {
    return this.answered.size === 0;
  }

  /** The order waits for its lists: to ask for it again would bring nothing. */
  isWaiting(order: ClientOrder): boolean {
    const { clientOrderId, instrument } = order;
    return this.reading.has(clientOrderId) || (this.answered.get(instrument)?.has(clientOrderId) ?? false);
  }

  add(order: ClientOrder, requestedAt: Mono): void {
    const ids = this.answered.get(order.instrument) ?? new Map<string, Mono>();
    this.answered.set(order.instrument, ids.set(order.clientOrderId, requestedAt));
  }

  /** Reads the lists that are due. `candidates`: every order whose absence may be proved. Throws VenueError. */
  async read(candidates: readonly ClientOrder[]): Promise<void> {
    const now = this.parts.runtime.monotonic();
    for (const [instrument, ids] of [...this.answered]) {
      const unanswered = candidates.filter(
        (order) => order.instrument === instrument && !this.isWaiting(order),
      ).length;
      if (!areListsDue(Math.min(...ids.values()), unanswered, now)) continue;
      this.answered.delete(instrument); // A read that fails leaves nothing: each order is asked for anew.
      await this.round(instrument, ids);
    }
  }

  /** (b) the open list and (c) the trades, after (a) the explicit not-found: each requested after the deadline. */
  private async round(instrument: InstrumentId, ids: ReadonlyMap<string, Mono>): Promise<void> {
    const { connector, orders, inbox, onAbsent } = this.parts;
    const known = [...ids.keys()].flatMap((id) => orders.get(id) ?? []);
    if (known.length === 0) return;
    for (const id of ids.keys()) this.reading.add(id);
    try {
      const open = await connector.openOrders(instrument);
      for (const row of open.rows) inbox.report(row);
      const since = Math.min(...known.map((order) => order.committedAt)) - tradeOverlapMs;
      const trades = await connector.fillsSince({ instrument, since });
      inbox.trades(trades);
      await this.nameOwners(known, trades.rows);
      const shown = new Set([...open.rows, ...trades.rows].map((row) => row.clientOrderId));
      for (const [id, requestedAt] of ids) {
        const isOpen = !shown.has(id) && isUnproven(orders.get(id));
        if (isOpen) onAbsent(id, requestedAt, trades.receivedAt);
      }
    } finally {
      for (const id of ids.keys()) this.reading.delete(id);
    }
  }

  /**
   * A trade read over REST may carry the venue's order id alone, and that of an order which never showed itself is not
   * known here. Each that could be such an order's is asked for by that id. Throws VenueError when one stays nameless:
   * then the round proves nothing.
   */
  private async nameOwners(known: readonly ClientOrder[], trades: readonly FillReport[]): Promise<void> {
    const { owners, inbox } = this.parts;
    const nameless = trades.filter((trade) => this.isNameless(trade) && this.mayBelong(known, trade));
    for (const [venueOrderId, trade] of new Map(nameless.map((one) => [one.venueOrderId, one]))) {
      const answer = await owners.ask(trade);
      if (answer === 'later' || answer.kind !== 'found')
        throw new VenueError('READ_FAILED', `the order ${venueOrderId} of a trade is not named`);
      inbox.report(answer.report);
    }
  }

  private isNameless(trade: FillReport): boolean {
    const { clientOrderId, instrument, venueOrderId } = trade;
    if (this.parts.owners.isForeign(trade)) return false;
    const { venue, accountId } = this.parts.connector;
    const place = { venue, accountId, instrument };
    return clientOrderId === undefined && this.parts.orders.clientOrderId(place, venueOrderId) === undefined;
  }

  private mayBelong(known: readonly ClientOrder[], trade: FillReport): boolean {
    return known.some((order) => couldTrade(order, trade, this.parts.orders.rulesOf(order.clientOrderId)));
  }
}

/**
 * Its side, not before its commit, and at its price or a better one. Both prices are counted in the ticks the order was
 * made with: the venue may have changed them since, and then a trade lies where it may.
 */
function couldTrade(order: ClientOrder, trade: FillReport, rules: Instrument | undefined): boolean {
  if (order.side !== trade.side || trade.venueTime < order.committedAt - maxClockSkewMs) return false;
  if (!rules) return true;
  const price = rules.toFractionalTicks(trade.price);
  return order.side === 'buy' ? price <= order.price + slack : price >= order.price - slack;
}

/** The division leaves a hair, and no tick is so small. */
const slack = 1e-6;

/** Neither over nor shown, by whatever came in the meantime. */
const isUnproven = (order: ClientOrder | undefined): boolean =>
  order !== undefined && !order.acknowledged && !order.ended;
