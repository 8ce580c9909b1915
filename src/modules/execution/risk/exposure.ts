import type { ClientOrder } from '../../../domain/order';
import { remainingOf, unbookedOf } from '../../../domain/order';
import type { Side } from '../../../domain/units';

/** What the orders of a side may still add to the position, in lots: what may fill and what is not booked. */
export const outstanding = (orders: readonly ClientOrder[], side: Side): number =>
  orders
    .filter((order) => order.side === side)
    .reduce((sum, order) => sum + remainingOf(order) + unbookedOf(order), 0);

/** The position if every buy fills and no sell does. `position` is what the books hold, in lots. */
export const worstLong = (position: number, orders: readonly ClientOrder[]): number =>
  position + outstanding(orders, 'buy');

/** The position if every sell fills and no buy does. */
export const worstShort = (position: number, orders: readonly ClientOrder[]): number =>
  position - outstanding(orders, 'sell');
