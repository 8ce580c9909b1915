import BigNumber from 'bignumber.js';
import type { ApprovedOrder } from '../../../domain/approved-order';
import type { Dec, Writable } from '../../../domain/units';
import { heldBy } from './ledger';
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

/** What orders hold of each asset when they are written. */
export function needsOf(rows: readonly IntentRow[]): ReadonlyMap<string, BigNumber> {
  const needs = new Map<string, BigNumber>();
  for (const { holdAsset, holdRate, quantity } of rows) {
    needs.set(holdAsset, (needs.get(holdAsset) ?? new BigNumber(0)).plus(heldBy(holdRate, quantity, '0')));
  }
  return needs;
}

/** A stored order with what each unit of it holds. */
export type HeldOrder = OrderRow & Pick<IntentRow, 'holdAsset' | 'holdRate'>;

export const heldNow = (order: HeldOrder): BigNumber =>
  heldBy(order.holdRate, order.quantity, order.bookedFilled);

export function rowOf(order: HeldOrder): OrderRow {
  const { holdAsset: _asset, holdRate: _rate, ...row } = order;
  return row;
}

/** Neither its venue id nor a fill is on record: the venue has never been seen to show it. */
export const isUnshown = ({ ended, venueOrderId, bookedFilled }: HeldOrder): boolean =>
  !ended && venueOrderId === undefined && new BigNumber(bookedFilled).isZero();

type Change = Pick<Partial<HeldOrder>, 'venueOrderId' | 'ended'>;

/** The row with more known of it: a venue id that is on record stays. Copied, then set, which is quick. */
export function changed(
  order: HeldOrder,
  { venueOrderId, ended }: Change,
  bookedFilled = order.bookedFilled,
): HeldOrder {
  const row: Writable<HeldOrder> = { ...order };
  row.venueOrderId ??= venueOrderId;
  row.bookedFilled = bookedFilled;
  row.ended = ended ?? row.ended;
  return row;
}

/** As the database lists them. */
export const inOrderOfCommit = (a: HeldOrder, b: HeldOrder): number =>
  a.committedAt - b.committedAt || (a.clientOrderId < b.clientOrderId ? -1 : 1);
