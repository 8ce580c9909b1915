import type { Instrument } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';

/**
 * The orders whose end is not committed, as they are now. Everyone who asks between two changes gets the same list: it
 * is made anew only for the first question after a change, and never altered.
 */
export class OpenOrders {
  private readonly byStrategy = new Map<string, Map<string, ClientOrder>>();
  private readonly ofStrategies = new Map<string, readonly ClientOrder[]>();
  private readonly onMarkets = new Map<string, readonly ClientOrder[]>();
  private everywhere: readonly ClientOrder[] | undefined;

  /** Adds an order, or takes the place of what was known of it. */
  put(order: ClientOrder): void {
    const orders = this.byStrategy.get(order.strategyId) ?? new Map<string, ClientOrder>();
    this.byStrategy.set(order.strategyId, orders.set(order.clientOrderId, order));
    this.changed(order);
  }

  delete(order: ClientOrder): void {
    this.byStrategy.get(order.strategyId)?.delete(order.clientOrderId);
    this.changed(order);
  }

  of(strategyId: string): readonly ClientOrder[] {
    const known = this.ofStrategies.get(strategyId);
    if (known) return known;
    const made = [...(this.byStrategy.get(strategyId)?.values() ?? [])];
    this.ofStrategies.set(strategyId, made);
    return made;
  }

  all(): readonly ClientOrder[] {
    if (this.everywhere) return this.everywhere;
    const made: ClientOrder[] = [];
    for (const orders of this.byStrategy.values()) for (const order of orders.values()) made.push(order);
    return (this.everywhere = made);
  }

  on({ venue, id }: Pick<Instrument, 'venue' | 'id'>): readonly ClientOrder[] {
    const market = `${venue} ${id}`;
    const known = this.onMarkets.get(market);
    if (known) return known;
    const made = this.all().filter((order) => order.instrument === id && order.venue === venue);
    this.onMarkets.set(market, made);
    return made;
  }

  private changed({ strategyId, venue, instrument }: ClientOrder): void {
    this.ofStrategies.delete(strategyId);
    this.onMarkets.delete(`${venue} ${instrument}`);
    this.everywhere = undefined;
  }
}
