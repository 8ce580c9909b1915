import type { CoreEvent, Movement } from '../venue-types';
import type { MarketFormat } from './market-format';
import { shown } from './market-format';
import { preventedOf, shownPrice, sideText, timeInForceOf, typeOf } from './order-rows';
import type { Row } from './order-rows';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;
type BalanceEvent = Extract<CoreEvent, { type: 'balance' }>;

const zero = '0.00000000';

/** The id a cancel of this order carries when the caller names none. */
export const cancelIdOf = (orderId: number): string => `simCancel${orderId}`;

/** One report per change of an order; a trade has a report of its own. */
export function executionReport(event: OrderEvent, format: MarketFormat, sequence: number): Row {
  const { order, execution } = event;
  return {
    e: 'executionReport',
    E: event.at,
    T: event.at,
    s: order.symbol,
    ...idsOf(event),
    S: sideText(order.side),
    o: typeOf(order),
    f: timeInForceOf(order),
    V: order.stp,
    q: format.quantity(order.quantity),
    p: shownPrice(order, format),
    P: zero,
    F: zero,
    Q: zero,
    g: -1,
    x: order.prevented ? 'TRADE_PREVENTION' : execution,
    X: order.status,
    z: format.quantity(order.filled),
    I: sequence,
    O: order.createdAt,
    Z: format.quote(order.filledTickLots),
    ...tradeFields(event, format),
    ...restFields(order),
    ...(order.prevented ? preventionFields(order, format) : {}),
    ...(execution === 'EXPIRED' && !order.prevented ? { eR: 0 } : {}),
  };
}

/** The match that did not happen: its number, the order on its other side, and what both gave up. */
function preventionFields(order: OrderEvent['order'], format: MarketFormat): Row {
  const { prevented } = order;
  if (!prevented) return {};
  const quantity = preventedOf(order, format);
  const matched = Math.min(prevented.taker, prevented.maker);
  return {
    v: prevented.id,
    A: quantity,
    B: quantity,
    u: -1,
    U: prevented.counterOrderId,
    Cs: order.symbol,
    pl: format.quantity(matched),
    pL: format.price(prevented.price),
    pY: format.quote(matched * prevented.price),
  };
}

/**
 * A cancel moves our id into `C` and puts its own into `c`, an amend leaves the former one in `C`; an order that never
 * was has no venue id.
 */
function idsOf({ order, execution }: OrderEvent): Row {
  const { orderId, clientOrderId } = order;
  if (execution === 'REPLACED')
    return { i: orderId, c: clientOrderId, C: order.memo?.['formerId'] ?? '', r: 'NONE' };
  if (execution === 'CANCELED') return { i: orderId, c: cancelIdOf(orderId), C: clientOrderId, r: 'NONE' };
  if (execution === 'REJECTED') return { i: -1, c: clientOrderId, C: '', r: 'WOULD_MATCH_IMMEDIATELY' };
  return { i: orderId, c: clientOrderId, C: '', r: 'NONE' };
}

function restFields({ status, createdAt }: OrderEvent['order']): Row {
  return status === 'NEW' || status === 'PARTIALLY_FILLED' ? { w: true, W: createdAt } : { w: false };
}

function tradeFields({ trade }: OrderEvent, format: MarketFormat): Row {
  if (!trade) return { l: zero, L: zero, n: '0', N: null, Y: zero, t: -1, m: false, M: false };
  return {
    t: trade.tradeId,
    m: trade.isMaker,
    M: true,
    l: format.quantity(trade.quantity),
    L: format.price(trade.price),
    n: shown(trade.fee),
    N: trade.feeAsset,
    Y: format.quote(trade.price * trade.quantity),
  };
}

/** A change of one balance that no order made. */
export const movementUpdate = (at: number, { kind, asset, quantity }: Movement): Row => ({
  e: kind === 'transfer' ? 'balanceUpdate' : 'externalLockUpdate',
  E: at,
  a: asset,
  d: shown(quantity),
  T: at,
});

export const accountPosition = (event: BalanceEvent): Row => ({
  e: 'outboundAccountPosition',
  E: event.at,
  u: event.at,
  B: event.balances.map(({ asset, free, locked }) => ({ a: asset, f: shown(free), l: shown(locked) })),
});
