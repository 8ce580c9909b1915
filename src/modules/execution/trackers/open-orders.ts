import type { Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import { mayRest } from '../../../domain/order';

interface Open {
  readonly order: ClientOrder;
  readonly rules: Instrument;
}

/** What lies open on one market, over all strategies and accounts. */
export interface OpenOnMarket {
  readonly orders: readonly ClientOrder[];
  /** Those the venue's book may show. */
  readonly resting: readonly ClientOrder[];
  /** The rules they were made under, each once. */
  readonly rules: readonly Instrument[];
}

type Market = Pick<Instrument, 'venue' | 'id'>;

/**
 * The orders whose end is not committed, strategy by strategy in the order they were admitted. Every session asks for
 * the same lists several times a tick and few orders change between two ticks, so a list is kept until one of its
 * orders does.
 */
export class OpenOrders {
  private readonly strategies = new Map<string, Map<string, Open>>();
  private every: readonly ClientOrder[] | undefined;
  private readonly lists = new Map<string, readonly ClientOrder[]>();
  private readonly markets = new Map<InstrumentId, Map<VenueId, OpenOnMarket>>();

  /** Adds an order, or replaces what was known of it. */
  set(order: ClientOrder, rules: Instrument): void {
    const orders = this.strategies.get(order.strategyId) ?? new Map<string, Open>();
    this.strategies.set(order.strategyId, orders.set(order.clientOrderId, { order, rules }));
    this.changed(order);
  }

  delete(order: ClientOrder): void {
    this.strategies.get(order.strategyId)?.delete(order.clientOrderId);
    this.changed(order);
  }

  of(strategyId: string): readonly ClientOrder[] {
    const known = this.lists.get(strategyId);
    if (known) return known;
    const list = [...(this.strategies.get(strategyId)?.values() ?? [])].map(({ order }) => order);
    this.lists.set(strategyId, list);
    return list;
  }

  all(): readonly ClientOrder[] {
    this.every ??= [...this.each()].map(({ order }) => order);
    return this.every;
  }

  on({ venue, id }: Market): OpenOnMarket {
    const known = this.markets.get(id)?.get(venue);
    if (known) return known;
    const open = [...this.each()].filter(({ order }) => order.instrument === id && order.venue === venue);
    const orders = open.map(({ order }) => order);
    const rules = [...new Set(open.map((one) => one.rules))];
    const found: OpenOnMarket = { orders, resting: orders.filter(mayRest), rules };
    const ofVenues = this.markets.get(id) ?? new Map<VenueId, OpenOnMarket>();
    this.markets.set(id, ofVenues.set(venue, found));
    return found;
  }

  private *each(): Generator<Open> {
    for (const orders of this.strategies.values()) yield* orders.values();
  }

  private changed({ strategyId, instrument, venue }: ClientOrder): void {
    this.every = undefined;
    this.lists.delete(strategyId);
    this.markets.get(instrument)?.delete(venue);
  }
}
