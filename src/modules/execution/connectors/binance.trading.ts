import { requestExpiryMs } from '../common/constants';
import type { Ask, FillsQuery, ListedSymbol, OrderName, PageDialect, TradingDialect } from './dialect';
import { balancesOf, fillOfTrade, fillsOfReply, orderOfRow } from './parse-binance-account';
import type { NewOrder } from './types';
import { recordOf, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

type Params = Record<string, string | number>;

const api = 'private';
const tradesPerPage = 1_000;
const longestWindowMs = 86_400_000;

/** Orders of Binance spot (`api/v3/order`). An answer is the order's whole state. */
export const binanceTrading: TradingDialect = {
  create: (order, symbol) => ({
    path: 'order',
    api,
    method: 'POST',
    params: paramsOf(order, symbol),
    weight: 1,
  }),
  cancel: (symbol, name) => ({
    ...{ path: 'order', api, method: 'DELETE', weight: 1 },
    params: { symbol, ...nameOf(name) },
  }),
  amend: (symbol, clientOrderId, { quantity }) => ({
    ...{ path: 'order/amend/keepPriority', api, method: 'PUT', weight: 4 },
    params: {
      ...{ symbol, origClientOrderId: clientOrderId, newClientOrderId: clientOrderId },
      newQty: quantity ?? '',
    },
  }),
  query: (symbol, name) => ({
    ...{ path: 'order', api, method: 'GET', weight: 4 },
    params: { symbol, ...nameOf(name) },
  }),
  /** The list begins at the venue's id; without one it holds the latest thousand. */
  history: (symbol, { venueOrderId }) => ({
    ...{ path: 'allOrders', api, method: 'GET', weight: 20 },
    params: {
      symbol,
      ...(venueOrderId === undefined ? { limit: 1_000 } : { orderId: venueOrderId, limit: 1 }),
    },
  }),
  /** The answer to an amend holds the order inside. */
  rowOf: (json) => {
    const body = recordOf(json);
    return recordOf(body?.['amendedOrder']) ?? body;
  },
  rowsOf,
  /** The reply to a cancel names our order as `origClientOrderId`. */
  idsOf: (row) => ({
    clientOrderId: textOf(row, 'origClientOrderId') ?? textOf(row, 'clientOrderId'),
    venueOrderId: textOf(row, 'orderId'),
  }),
  orderOf: orderOfRow,
  fillsOfReply,
};

export const binancePages: PageDialect = {
  openOrders: async (ask, symbol) => {
    const params = symbol === undefined ? {} : { symbol };
    return rows(ask, 'openOrders', params, symbol === undefined ? 80 : 6);
  },
  symbolOfRow: (row) => String(row['symbol']),
  fills: trades,
  fillOf: fillOfTrade,
  balances: async (ask) => {
    const params = { omitZeroBalances: true };
    const json = await ask({ path: 'account', api, method: 'GET', params, weight: 20 });
    return balancesOf(recordOf(json)?.['balances'], ['asset', 'free', 'locked']);
  },
};

const nameOf = (name: OrderName): Params =>
  'clientOrderId' in name ? { origClientOrderId: name.clientOrderId } : { orderId: name.venueOrderId };

function paramsOf(order: NewOrder, symbol: ListedSymbol | undefined): Params {
  const { rules } = order;
  return {
    symbol: rules.venueSymbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    ...termsOf(order),
    quantity: rules.quantity(order.quantity),
    newClientOrderId: order.clientOrderId,
    newOrderRespType: 'FULL',
    ...(symbol?.stpModes.includes('EXPIRE_TAKER') ? { selfTradePreventionMode: 'EXPIRE_TAKER' } : {}),
    recvWindow: requestExpiryMs,
  };
}

function termsOf(order: NewOrder): Params {
  if (order.type === 'market') return { type: 'MARKET' };
  const price = order.rules.price(order.price);
  if (order.timeInForce === 'postOnly') return { type: 'LIMIT_MAKER', price };
  return { type: 'LIMIT', price, timeInForce: order.timeInForce.toUpperCase() };
}

/** By id where one is known; else by time, a day at a time, until the first trade names an id to go on from. */
async function trades(ask: Ask, query: FillsQuery): Promise<readonly JsonRecord[]> {
  const { venueSymbol: symbol, fromId, since, venueOrderId, now } = query;
  // Without an id to begin at the venue gives the latest page, and what is before it would be lost.
  if (venueOrderId !== undefined) return tradesFrom(ask, { symbol, orderId: venueOrderId, fromId: '0' }, 5);
  if (fromId !== undefined || since === undefined)
    return tradesFrom(ask, { symbol, fromId: fromId ?? '0' }, 20);
  for (let start = since; start <= now; start += longestWindowMs) {
    const params = { symbol, startTime: start, endTime: start + longestWindowMs - 1, limit: tradesPerPage };
    const found = await rows(ask, 'myTrades', params, 20);
    if (found.length === 0) continue;
    return [...found, ...(await tradesFrom(ask, { symbol, fromId: afterLast(found) }, 20))];
  }
  return [];
}

async function tradesFrom(ask: Ask, params: Params, weight: number): Promise<readonly JsonRecord[]> {
  const all: JsonRecord[] = [];
  let next: Params = params;
  for (;;) {
    const page = await rows(ask, 'myTrades', { ...next, limit: tradesPerPage }, weight);
    all.push(...page);
    if (page.length < tradesPerPage) return all;
    next = { ...params, fromId: afterLast(page) };
  }
}

async function rows(ask: Ask, path: string, params: Params, weight: number): Promise<readonly JsonRecord[]> {
  const found = rowsOf(await ask({ path, api, method: 'GET', params, weight }));
  if (!found) throw new Error(`the answer of ${path} is not a list`);
  return found;
}

/** Trade ids may exceed what a double holds. */
const afterLast = (page: readonly JsonRecord[]): string =>
  (BigInt(String(page.at(-1)?.['id'])) + 1n).toString();
