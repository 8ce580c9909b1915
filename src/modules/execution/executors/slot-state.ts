import type { Instrument } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import { isSettled, unbookedOf } from '../../../domain/order';
import { quoteSideOf } from '../../../domain/units';
import type { Reason, ReasonCode, ReasonEffect } from '../../../domain/reason';

export type SlotState = 'EMPTY' | 'PENDING' | 'LIVE' | 'BUSY' | 'UNRESOLVED';

/** What may be done with the slot of this order; `undefined` is a slot without an order. */
export function slotStateOf(order: ClientOrder | undefined): SlotState {
  if (order === undefined || isSettled(order)) return 'EMPTY';
  if (order.ended || order.doubtSince !== undefined || order.command === 'CANCEL_UNKNOWN')
    return 'UNRESOLVED';
  if (order.command === 'CANCEL_SENT') return 'BUSY';
  return order.acknowledged ? 'LIVE' : 'PENDING';
}

/** Why a slot that is neither empty nor live is left alone; undefined while a create simply awaits its answer. */
export function waitReason(order: ClientOrder, instrument: Instrument): Reason | undefined {
  if (order.ended) {
    const quantity = instrument.quantity(unbookedOf(order));
    return about(order, 'FILL_UNBOOKED', 'restrict', { quantity });
  }
  if (order.doubtSince !== undefined) {
    const code = order.acknowledged ? 'ORDER_LOST' : 'ORDER_UNKNOWN';
    return about(order, code, 'hold', { clientOrderId: order.clientOrderId });
  }
  return order.command === 'NONE' ? undefined : about(order, 'CANCEL_PENDING', 'hold');
}

/** A reason about the slot of one order. */
export const about = (
  order: ClientOrder,
  code: ReasonCode,
  effect: ReasonEffect,
  params: Reason['params'] = {},
): Reason => ({ code, effect, side: quoteSideOf(order.side), slot: order.slotKey, params });
