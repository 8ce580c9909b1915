import { classOf, unbookedOf } from '../../domain/order';
import type { ClientOrder } from '../../domain/order';
import { parseSlotKey } from '../../domain/slot';

/**
 * Whether an order can be left to another engine as it is: the venue has shown it, nothing we asked for is outstanding,
 * and its fills are in the books. One that has ended and is not settled yet cannot: its slot is not free.
 */
export const canChangeHands = (order: ClientOrder): boolean =>
  classOf(order) === 'live' &&
  order.command === 'NONE' &&
  unbookedOf(order) === 0 &&
  parseSlotKey(order.slotKey) !== undefined;

/** What becomes of an order that an owner before us left: `over` needs nothing, an `own` one is of this tenure. */
export type Inherited = 'own' | 'over' | 'adopt' | 'cancel';

/**
 * A live order that was left on purpose goes on in its slot under its id; whatever cannot be said to be live, and
 * everything of an owner that left nothing on purpose, is unwanted. A fill that is being booked keeps nothing from going on.
 */
export function inheritedAs(
  order: ClientOrder,
  tenure: { readonly epoch: number; readonly isHandover: boolean },
): Inherited {
  if (order.ended) return 'over';
  // Without a lease, nothing is ours to keep.
  if (tenure.epoch > 0 && order.epoch >= tenure.epoch) return 'own';
  const isKept = tenure.isHandover && canChangeHands({ ...order, maxFilled: order.bookedFilled });
  return isKept ? 'adopt' : 'cancel';
}
