import type { Ms } from '../../../domain/units';
import type { Ask, FillsQuery, OrderName, PageDialect, TradingDialect } from './dialect';
import { gateBalance, gateClientId, gateFill, gateOrder, gateText } from './parse-gate-account';
import type { NewOrder } from './types';
import { recordOf, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

type Params = Record<string, string | number>;

const api = 'private';
const weight = 1;
const get = { api, method: 'GET', weight } as const;
const spot = { account: 'spot' } as const;
const oneOrder = 'orders/{order_id}';
const ordersPerPage = 100;
const tradesPerPage = 1_000;
/** Thirty days, less an hour for the rounding to seconds and for our clock. */
const longestWindowMs = 30 * 86_400_000 - 3_600_000;
const beyondNowMs = 60_000;
/** How far back a trade is looked for that is known by its id alone. */
const windowsBack = 3;
const leastDeadManSeconds = 5;

const nameOf = (name: OrderName): string =>
  'clientOrderId' in name ? gateText(name.clientOrderId) : name.venueOrderId;

/** Orders of Gate spot. An answer is the order's whole state, without its trades. */
export const gateTrading: TradingDialect = {
  create: (order) => ({
    ...{ path: 'orders', api, method: 'POST', weight },
    params: paramsOf(order),
    expires: true,
  }),
  cancel: (pair, name) => ({
    ...{ path: oneOrder, api, method: 'DELETE', weight },
    params: { order_id: nameOf(name), currency_pair: pair, ...spot },
  }),
  amend: (pair, clientOrderId, { price, quantity }) => ({
    ...{ path: oneOrder, api, method: 'PATCH', weight },
    params: {
      ...{ order_id: gateText(clientOrderId), currency_pair: pair, ...spot },
      ...(quantity === undefined ? {} : { amount: quantity }),
      ...(price === undefined ? {} : { price }),
    },
  }),
  query: (pair, name) => ({
    ...{ ...get, path: oneOrder },
    params: { order_id: nameOf(name), currency_pair: pair, ...spot },
  }),
  /** The latest thousand that are over: the list begins at no id. */
  history: (pair) => ({
    ...{ ...get, path: 'orders' },
    params: { currency_pair: pair, status: 'finished', page: 1, limit: 1_000, ...spot },
  }),
  batch: {
    create: (orders) => ({
      ...{ path: 'batch_orders', api, method: 'POST', weight: orders.length, expires: true },
      params: orders.map(([order]) => paramsOf(order)),
    }),
    cancel: (orders) => ({
      ...{ path: 'cancel_batch_orders', api, method: 'POST', weight: orders.length },
      params: orders.map(({ venueSymbol, ref }) => ({
        currency_pair: venueSymbol,
        id: ref.venueOrderId ?? '',
      })),
    }),
    canName: ({ venueOrderId }) => venueOrderId !== undefined,
    rowsOf,
    answerOf: (row) => row,
  },
  deadMan: (seconds, pairs) => {
    const isLegal = seconds === 0 || (Number.isInteger(seconds) && seconds >= leastDeadManSeconds);
    if (!isLegal) return [];
    return pairs.map((pair) => ({
      ...{ path: 'countdown_cancel_all', api, method: 'POST', weight },
      params: { timeout: seconds, currency_pair: pair },
    }));
  },
  rowOf: recordOf,
  rowsOf,
  idsOf: (row) => ({ clientOrderId: gateClientId(row), venueOrderId: textOf(row, 'id') }),
  orderOf: gateOrder,
  fillsOfReply: () => undefined,
};

export const gatePages: PageDialect = {
  openOrders,
  symbolOfRow: (row) => textOf(row, 'currency_pair') ?? '',
  fills,
  fillOf: (row, instrument) => gateFill(row, instrument, 'rest-trades'),
  balances: async (ask) => {
    const rows = listOf(await ask({ ...get, path: 'accounts', params: {} }));
    return rows.map((row) => gateBalance(row, 'locked'));
  },
};

function paramsOf(order: NewOrder): Params {
  const { rules } = order;
  return {
    currency_pair: rules.venueSymbol,
    ...spot,
    side: order.side,
    amount: rules.quantity(order.quantity),
    ...termsOf(order),
    text: gateText(order.clientOrderId),
  };
}

/**
 * A market order to buy is an amount of quote currency here, so it is a limit order that does not rest, at the worst
 * price that is taken. Throws without one.
 */
function termsOf(order: NewOrder): Params {
  if (order.type === 'market' && order.side === 'sell') return { type: 'market', time_in_force: 'ioc' };
  if (order.price <= 0) throw new Error('a market order to buy needs a worst price at Gate');
  const price = order.rules.price(order.price);
  if (order.type === 'market') return { type: 'limit', price, time_in_force: 'ioc' };
  const { timeInForce } = order;
  return { type: 'limit', price, time_in_force: timeInForce === 'postOnly' ? 'poc' : timeInForce };
}

/** One pair is a plain list. All pairs are a list of lists, and a page is a page of each. */
async function openOrders(ask: Ask, pair?: string): Promise<readonly JsonRecord[]> {
  const all: JsonRecord[] = [];
  for (let page = 1; ; page += 1) {
    const lists =
      pair === undefined
        ? listOf(
            await ask({ ...get, path: 'open_orders', params: { page, limit: ordersPerPage, ...spot } }),
          ).map((row) => listOf(row['orders']))
        : [await ordersOf(ask, { currency_pair: pair, status: 'open', page, limit: ordersPerPage, ...spot })];
    all.push(...lists.flat());
    if (lists.every((list) => list.length < ordersPerPage)) return all;
  }
}

const ordersOf = async (ask: Ask, params: Params): Promise<readonly JsonRecord[]> =>
  listOf(await ask({ ...get, path: 'orders', params }));

/**
 * Trades are read by time, at most thirty days at once. One that is known by its id alone is looked for backwards, until
 * an older one is seen.
 */
async function fills(ask: Ask, query: FillsQuery): Promise<readonly JsonRecord[]> {
  const { venueSymbol, fromId, since, venueOrderId, now } = query;
  const params = { currency_pair: venueSymbol, ...spot };
  if (venueOrderId !== undefined) return trades(ask, { ...params, order_id: venueOrderId });
  const all: JsonRecord[] = [];
  if (since !== undefined) {
    for (let from = since; from <= now; from += longestWindowMs)
      all.push(...(await trades(ask, { ...params, ...windowOf(from, now) })));
    return all;
  }
  const isBefore = (row: JsonRecord): boolean => fromId !== undefined && tradeIdOf(row) < BigInt(fromId);
  for (let back = 1; back <= windowsBack && !all.some(isBefore); back += 1)
    all.push(...(await trades(ask, { ...params, ...windowOf(now - back * longestWindowMs, now) }, isBefore)));
  return all.filter((row) => !isBefore(row));
}

/**
 * Seconds, and always both: a read without its end stops a week after its beginning. The last window reaches beyond now,
 * so that no rounding and no clock cuts off the newest trade.
 */
function windowOf(from: Ms, now: Ms): Params {
  const to = Math.min(from + longestWindowMs, now + beyondNowMs);
  return { from: Math.floor(from / 1_000), to: Math.ceil(to / 1_000) };
}

/** Up to the page that ends with a row behind which nothing is wanted, where the newest are listed first. */
async function trades(
  ask: Ask,
  params: Params,
  isBefore: (row: JsonRecord) => boolean = () => false,
): Promise<readonly JsonRecord[]> {
  const all: JsonRecord[] = [];
  for (let page = 1; ; page += 1) {
    const asked = { ...params, limit: tradesPerPage, page };
    const rows = listOf(await ask({ ...get, path: 'my_trades', params: asked }));
    all.push(...rows);
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last || rows.length < tradesPerPage) return all;
    if (isBefore(last) && tradeIdOf(first) > tradeIdOf(last)) return all;
  }
}

const tradeIdOf = (row: JsonRecord): bigint => BigInt(requireText(row, 'id'));

function listOf(json: unknown): readonly JsonRecord[] {
  const rows = rowsOf(json);
  if (!rows) throw new Error('the answer is not a list');
  return rows;
}
