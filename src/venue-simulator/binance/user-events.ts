import type { CoreEvent } from '../venue-types';
import type { MarketFormat } from './market-format';
import { shown } from './market-format';
import { shownPrice, sideText, timeInForceOf, typeOf } from './order-rows';
import type { Row } from './order-rows';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;
type BalanceEvent = Extract<CoreEvent, { type: 'balance' }>;

const zero = '0.00000000';

/** The id a cancel of this order carries when the caller names none. */
export const cancelIdOf = (orderId: number): string => `simCancel${orderId}`;

/** One report per change of an order; a trade has a report of its own. A cancel moves our id into `C`. */
export function executionReport(event: OrderEvent, format: MarketFormat, sequence: number): Row {
  const { order, execution, trade } = event;
  const isCancel = execution === 'CANCELED';
  const isResting = order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';
  return {
    ...{ e: 'executionReport', E: event.at, s: order.symbol },
    ...{ c: isCancel ? cancelIdOf(order.orderId) : order.clientOrderId, C: isCancel ? order.clientOrderId : '' },
    ...{ S: sideText(order.side), o: typeOf(order), f: timeInForceOf(order) },
    ...{ q: format.quantity(order.quantity), p: shownPrice(order, format), P: zero, F: zero, g: -1 },
    ...{ x: execution, X: order.status, r: execution === 'REJECTED' ? 'WOULD_MATCH_IMMEDIATELY' : 'NONE' },
    ...{ i: execution === 'REJECTED' ? -1 : order.orderId, z: format.quantity(order.filled) },
    ...tradeFields(event, format),
    ...{ T: event.at, t: trade?.tradeId ?? -1, I: sequence, w: isResting, m: trade?.isMaker ?? false },
    ...{ M: trade !== undefined, O: order.createdAt, Z: format.quote(order.filledTickLots), Q: zero },
    ...(isResting ? { W: order.createdAt } : {}),
    V: order.stp,
    ...(execution === 'EXPIRED' ? { eR: 0 } : {}),
  };
}

function tradeFields({ trade }: OrderEvent, format: MarketFormat): Row {
  if (!trade) return { l: zero, L: zero, n: '0', N: null, Y: zero };
  return {
    l: format.quantity(trade.quantity),
    L: format.price(trade.price),
    n: shown(trade.fee),
    N: trade.feeAsset,
    Y: format.quote(trade.price * trade.quantity),
  };
}

export const accountPosition = (event: BalanceEvent): Row => ({
  e: 'outboundAccountPosition',
  E: event.at,
  u: event.at,
  B: event.balances.map(({ asset, free, locked }) => ({ a: asset, f: shown(free), l: shown(locked) })),
});
