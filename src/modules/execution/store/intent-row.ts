import type { ApprovedOrder } from '../../../domain/approved-order';
import type { Dec } from '../../../domain/units';
import type { OrderRow } from './types';

/** One order as it is written: decimals as they will be sent. */
export type IntentRow = Omit<
  OrderRow,
  'strategyId' | 'epoch' | 'committedAt' | 'deadlineAt' | 'venueOrderId' | 'bookedFilled' | 'ended'
> & { readonly holdAsset: string; readonly holdRate: Dec };

export function intentRow(order: ApprovedOrder): IntentRow {
  const { clientOrderId, accountId, venue, instrument, slotKey, side, type, timeInForce, rules } = order;
  const { holdAsset, holdRate } = order;
  return {
    clientOrderId,
    accountId,
    venue,
    instrument,
    slotKey,
    side,
    type,
    timeInForce,
    holdAsset,
    holdRate,
    price: rules.price(order.price),
    quantity: rules.quantity(order.quantity),
  };
}
