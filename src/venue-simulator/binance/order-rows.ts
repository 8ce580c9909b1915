import type { OwnTrade, VenueBalance, VenueOrder } from '../venue-types';
import type { MarketFormat } from './market-format';
import { shown } from './market-format';

export type Row = Readonly<Record<string, unknown>>;

export const typeOf = (order: VenueOrder): string => {
  if (order.type === 'market') return 'MARKET';
  return order.timeInForce === 'POST_ONLY' ? 'LIMIT_MAKER' : 'LIMIT';
};

export const timeInForceOf = (order: VenueOrder): string =>
  order.type === 'market' || order.timeInForce === 'POST_ONLY' ? 'GTC' : order.timeInForce;

export const sideText = (side: VenueOrder['side']): string => (side === 'buy' ? 'BUY' : 'SELL');

export const shownPrice = (order: VenueOrder, format: MarketFormat): string =>
  format.price(order.type === 'market' ? 0 : order.price);

/** The fields every answer about an order shares; they come behind its own, because a spread is costly to add to. */
export function orderRow(order: VenueOrder, format: MarketFormat): Row {
  return {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    price: shownPrice(order, format),
    origQty: format.quantity(order.quantity),
    executedQty: format.quantity(order.filled),
    origQuoteOrderQty: '0.00000000',
    cummulativeQuoteQty: format.quote(order.filledTickLots),
    status: order.status,
    timeInForce: timeInForceOf(order),
    type: typeOf(order),
    side: sideText(order.side),
    workingTime: order.createdAt,
    selfTradePreventionMode: order.stp,
    ...preventedFields(order, format),
  };
}

/** Of an order that self-trade prevention ended. */
function preventedFields(order: VenueOrder, format: MarketFormat): Row {
  if (!order.prevented) return {};
  return { preventedMatchId: order.prevented.id, preventedQuantity: preventedOf(order, format) };
}

/** What was left of an order when self-trade prevention ended it; zero for every other. */
export const preventedOf = (order: VenueOrder, format: MarketFormat): string =>
  format.quantity(order.prevented ? order.quantity - order.filled : 0);

/** The order inside the answer to an amend: it has names of its own for some of the usual fields. */
export const amendedRow = (order: VenueOrder, format: MarketFormat, formerId: string): Row => ({
  symbol: order.symbol,
  orderId: order.orderId,
  orderListId: -1,
  origClientOrderId: formerId,
  clientOrderId: order.clientOrderId,
  price: shownPrice(order, format),
  qty: format.quantity(order.quantity),
  executedQty: format.quantity(order.filled),
  preventedQty: preventedOf(order, format),
  quoteOrderQty: '0.00000000',
  cumulativeQuoteQty: format.quote(order.filledTickLots),
  status: order.status,
  timeInForce: timeInForceOf(order),
  type: typeOf(order),
  side: sideText(order.side),
  workingTime: order.createdAt,
  selfTradePreventionMode: order.stp,
});

/** A row of GET order and openOrders. */
export const queriedRow = (order: VenueOrder, format: MarketFormat): Row => ({
  stopPrice: '0.00000000',
  icebergQty: '0.00000000',
  time: order.createdAt,
  updateTime: order.updatedAt,
  isWorking: true,
  ...orderRow(order, format),
});

/** The FULL answer to a create: the trades it made at once come with it. */
export const createdRow = (order: VenueOrder, trades: readonly OwnTrade[], format: MarketFormat): Row => ({
  transactTime: order.updatedAt,
  fills: trades.map((trade) => ({
    price: format.price(trade.price),
    qty: format.quantity(trade.quantity),
    commission: shown(trade.fee),
    commissionAsset: trade.feeAsset,
    tradeId: trade.tradeId,
  })),
  ...orderRow(order, format),
});

/** The answer to a cancel: the order's id is the original one, `clientOrderId` is the cancel's own. */
export const canceledRow = (order: VenueOrder, format: MarketFormat, cancelId: string): Row => ({
  origClientOrderId: order.clientOrderId,
  transactTime: order.updatedAt,
  ...orderRow(order, format),
  clientOrderId: cancelId,
});

export const ownTradeRow = (trade: OwnTrade, format: MarketFormat): Row => ({
  symbol: trade.symbol,
  id: trade.tradeId,
  orderId: trade.orderId,
  orderListId: -1,
  price: format.price(trade.price),
  qty: format.quantity(trade.quantity),
  quoteQty: format.quote(trade.price * trade.quantity),
  commission: shown(trade.fee),
  commissionAsset: trade.feeAsset,
  time: trade.at,
  isBuyer: trade.side === 'buy',
  isMaker: trade.isMaker,
  isBestMatch: true,
});

export const balanceRow = (balance: VenueBalance): Row => ({
  asset: balance.asset,
  free: shown(balance.free),
  locked: shown(balance.locked),
});
