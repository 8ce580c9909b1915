import type { AccountId, Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import { decodeClientOrderId } from '../../../domain/ids';
import type { ClientOrder } from '../../../domain/order';
import type { Mono } from '../../../domain/units';
import { ackTimeoutMs, deniedOwnerMs, lostRequeryMs } from '../common/constants';
import { rulesFor } from './order-facts';
import { holdOf } from '../../../domain/hold';
import type { FillReport, OrderReport } from '../../../domain/venue-event';
import type { OrderRow, Store } from '../store/types';
import type { ClientOrderTracker } from './client-order-tracker.service';
import type { OrderOwners } from './order-owners';

export interface AdoptionParts {
  readonly now: () => Mono;
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly ownerId: string;
  readonly owners: OrderOwners;
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
  /** When each may be asked for again, and since when it was not found. */
  private readonly asked = new Map<string, { readonly nextAt: Mono; readonly missedAt?: Mono | undefined }>();

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
   * A trade of an order nobody knows: the venue is asked for the order itself, unless the trade names somebody else's. A
   * row of the trade list may name nobody. Throws StoreUnavailable.
   */
  async adoptByFill(fill: FillReport): Promise<AdoptedStray> {
    const { orders, page, now } = this.parts;
    const { clientOrderId, venueOrderId } = fill;
    if (clientOrderId !== undefined && !orders.isOwn(clientOrderId)) return undefined;
    const key = `${fill.instrument}|${venueOrderId}`;
    if (now() < (this.asked.get(key)?.nextAt ?? -Infinity)) return 'unanswered';
    const answer = await this.orderOf(key, fill);
    if (answer === 'unanswered') return 'unanswered';
    this.asked.delete(key);
    if (!answer) return undefined;
    const adopted = await this.adopt(answer);
    if (orders.isOwn(answer.clientOrderId) && adopted !== 'elsewhere')
      page(answer.clientOrderId, venueOrderId);
    return adopted;
  }

  /** Undefined when the venue has long shown no order to a trade that names nobody: then nothing makes it ours. */
  private async orderOf(key: string, fill: FillReport): Promise<OrderReport | 'unanswered' | undefined> {
    const { owners, now } = this.parts;
    const missedAt = this.asked.get(key)?.missedAt;
    this.asked.set(key, { nextAt: now() + ackTimeoutMs, missedAt });
    const answer = await owners.ask(fill);
    if (answer === 'later') {
      this.asked.set(key, { nextAt: -Infinity, missedAt });
      return 'unanswered';
    }
    if (answer.kind === 'found') return answer.report;
    if (answer.kind !== 'not_found') return 'unanswered';
    this.asked.set(key, { nextAt: now() + lostRequeryMs, missedAt: missedAt ?? now() });
    const isNobodys = fill.clientOrderId === undefined && now() - (missedAt ?? now()) >= deniedOwnerMs;
    return isNobodys ? undefined : 'unanswered';
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
