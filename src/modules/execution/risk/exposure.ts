import type { ClientOrder } from '../../../domain/order';
import { remainingOf, unbookedOf } from '../../../domain/order';
import type { Lots, Side } from '../../../domain/units';

/** What an order may still add to the position, in lots: what may fill and what is not booked. */
export const outstandingOf = (order: ClientOrder): Lots => remainingOf(order) + unbookedOf(order);

/** What the orders of a side may still add to it. */
export function outstanding(orders: readonly ClientOrder[], side: Side): number {
  let lots = 0;
  for (const order of orders) if (order.side === side) lots += outstandingOf(order);
  return lots;
}

/** The position if every buy fills and no sell does. `position` is what the books hold, in lots. */
export const worstLong = (position: number, orders: readonly ClientOrder[]): number =>
  position + outstanding(orders, 'buy');

/** The position if every sell fills and no buy does. */
export const worstShort = (position: number, orders: readonly ClientOrder[]): number =>
  position - outstanding(orders, 'sell');
