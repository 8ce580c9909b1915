import type { AccountId, Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import { decodeClientOrderId } from '../../../domain/ids';
import type { ClientOrder } from '../../../domain/order';
import type { Mono } from '../../../domain/units';
import { lostRequeryMs } from '../common/constants';
import { rulesFor } from './order-facts';
import { holdOf } from '../../../domain/hold';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { ExchangeConnector } from '../connectors/types';
import type { OrderRow, Store } from '../store/types';
import type { ClientOrderTracker } from './client-order-tracker.service';

export interface AdoptionParts {
  readonly now: () => Mono;
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly ownerId: string;
  readonly connector: Pick<ExchangeConnector, 'queryOrder' | 'queryByVenueId'>;
  readonly store: Pick<Store, 'adopt' | 'now'>;
  readonly orders: ClientOrderTracker;
  readonly rules: ReadonlyMap<InstrumentId, Instrument>;
  readonly page: (clientOrderId: string, venueOrderId: string) => void;
  /** Cancels it, and again until it has ended. */
  readonly unwanted: (order: ClientOrder) => void;
}

/** `elsewhere`: another engine leases its strategy. `unanswered`: ask again. Undefined: no strategy of the account. */
export type AdoptedStray = OrderRow | 'elsewhere' | 'unanswered' | undefined;

/**
 * Orders of this installation that the record does not know, because the database lost its end or went back in time.
 * Each gets a row and counts as exposure of the strategy its id names, until it has ended; nobody wants it.
 */
export class StrayAdoption {
  private readonly askedAt = new Map<string, Mono>();

  constructor(private readonly parts: AdoptionParts) {}

  /** Throws StoreUnavailable. */
  async adopt(report: OrderReport): Promise<AdoptedStray> {
    const { store, orders, rules, venue, accountId, unwanted } = this.parts;
    const rule = rules.get(report.instrument);
    const id = report.clientOrderId;
    if (!rule || !orders.isOwn(id)) return undefined;
    const adopted = await store.adopt(this.adoptionOf(id, report, rule));
    if (adopted.kind === 'elsewhere') return 'elsewhere';
    if (adopted.kind === 'foreign') return undefined;
    orders.load(adopted.row, rule, await store.now());
    orders.onOrderReport(venue, accountId, report);
    const order = orders.get(id);
    if (order && !order.ended) unwanted(order);
    return adopted.row;
  }

  /**
   * A trade of an order nobody knows: the venue is asked for the order itself, since a trade read over REST may name
   * nothing but the venue's own id and its order may be ours all the same. Throws StoreUnavailable.
   */
  async adoptByFill(fill: FillReport): Promise<AdoptedStray> {
    const { orders, connector, page, now } = this.parts;
    const { clientOrderId, instrument, venueOrderId } = fill;
    if (clientOrderId !== undefined && !orders.isOwn(clientOrderId)) return undefined;
    const key = `${instrument}|${venueOrderId}`;
    if (now() < (this.askedAt.get(key) ?? -Infinity) + lostRequeryMs) return 'unanswered';
    this.askedAt.set(key, now());
    const answer =
      clientOrderId === undefined
        ? await connector.queryByVenueId(instrument, venueOrderId)
        : await connector.queryOrder({ instrument, clientOrderId, venueOrderId });
    if (answer.kind !== 'found') return 'unanswered';
    this.askedAt.delete(key);
    const named = answer.report.clientOrderId;
    if (!orders.isOwn(named)) return undefined;
    const adopted = await this.adopt(answer.report);
    if (adopted !== 'elsewhere') page(named, venueOrderId);
    return adopted;
  }

  private adoptionOf(
    clientOrderId: string,
    report: OrderReport,
    rule: Instrument,
  ): Parameters<Store['adopt']>[0] {
    const { venue, accountId, ownerId } = this.parts;
    const { instrument, side, price, quantity, venueOrderId } = report;
    const fitting = rulesFor({ type: 'limit', price, quantity, bookedFilled: '0' }, rule);
    const hold = holdOf(fitting, side, fitting.toTicks(price));
    const strategyNumber = decodeClientOrderId(clientOrderId)!.strategyNumber;
    return {
      clientOrderId,
      strategyNumber,
      ownerId,
      accountId,
      venue,
      instrument,
      side,
      price,
      quantity,
      venueOrderId,
      holdAsset: hold.asset,
      holdRate: hold.rate,
    };
  }
}
