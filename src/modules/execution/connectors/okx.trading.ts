import type { Ask, FillsQuery, OrderName, PageDialect, TradingDialect } from './dialect';
import { dataOf } from './okx.market';
import { okxBalances, okxFill, okxOrder, presentOf } from './parse-okx-account';
import type { NewOrder } from './types';
import { recordOf, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

type Params = Record<string, string>;

const api = 'private';
const get = { api, method: 'GET', weight: 1 } as const;
const post = { api, method: 'POST', weight: 1 } as const;
const spot = { instType: 'SPOT' } as const;
const perPage = 100;
/** `trade/fills` reaches three days back; an hour of them is left for our clock and the request. */
const recentFillsMs = 3 * 86_400_000 - 3_600_000;
const deadManSeconds = { least: 10, most: 120 } as const;

const nameOf = (name: OrderName): Params =>
  'clientOrderId' in name ? { clOrdId: name.clientOrderId } : { ordId: name.venueOrderId };

/** Orders of OKX spot. An acknowledgement holds ids alone: the state comes by the stream, or is asked for. */
export const okxTrading: TradingDialect = {
  create: (order) => ({ ...post, path: 'trade/order', params: paramsOf(order), expires: true }),
  cancel: (instId, name) => ({ ...post, path: 'trade/cancel-order', params: { instId, ...nameOf(name) } }),
  amend: (instId, clOrdId, { price, quantity }) => ({
    ...{ ...post, path: 'trade/amend-order', expires: true },
    params: {
      ...{ instId, clOrdId },
      ...(quantity === undefined ? {} : { newSz: quantity }),
      ...(price === undefined ? {} : { newPx: price }),
    },
  }),
  query: (instId, name) => ({ ...get, path: 'trade/order', params: { instId, ...nameOf(name) } }),
  /** The list ends before `after`; without the venue's id it is the latest hundred. */
  history: (instId, { venueOrderId }) => ({
    ...{ ...get, path: 'trade/orders-history' },
    params: {
      ...{ ...spot, instId },
      ...(venueOrderId === undefined
        ? { limit: String(perPage) }
        : { after: (BigInt(venueOrderId) + 1n).toString(), limit: '1' }),
    },
  }),
  batch: {
    create: (orders) => ({
      ...{ ...post, path: 'trade/batch-orders', expires: true, weight: orders.length },
      params: orders.map(([order]) => paramsOf(order)),
    }),
    cancel: (orders) => ({
      ...{ ...post, path: 'trade/cancel-batch-orders', weight: orders.length },
      params: orders.map(({ venueSymbol: instId, ref }) => ({ instId, clOrdId: ref.clientOrderId })),
    }),
    canName: ({ isTextUnknown }) => isTextUnknown !== true,
    /** Each row of a batch names its order, also one that is refused; a refusal of the whole has no such rows. */
    rowsOf: (json) => {
      const rows = rowsOf(recordOf(json)?.['data']);
      return rows?.some((row) => presentOf(row, 'sCode') !== undefined) ? rows : undefined;
    },
    answerOf: (row) => ({ code: '0', msg: '', data: [row] }),
  },
  /** The switch is the account's: pairs cannot be named. Fewer seconds than the venue takes would disarm it. */
  deadMan: (seconds) => {
    const { least, most } = deadManSeconds;
    const isLegal = seconds === 0 || (Number.isInteger(seconds) && seconds >= least && seconds <= most);
    const params = { timeOut: String(seconds) };
    return isLegal ? [{ ...post, path: 'trade/cancel-all-after', params }] : [];
  },
  rowOf: (json) => rowsOf(recordOf(json)?.['data'])?.[0],
  rowsOf: (json) => rowsOf(recordOf(json)?.['data']),
  idsOf: (row) => ({ clientOrderId: presentOf(row, 'clOrdId'), venueOrderId: presentOf(row, 'ordId') }),
  orderOf: okxOrder,
  fillsOfReply: () => undefined,
};

export const okxPages: PageDialect = {
  openOrders: (ask, instId) =>
    pages(ask, {
      ...{ path: 'trade/orders-pending', idOf: (row) => requireText(row, 'ordId') },
      params: { ...spot, ...(instId === undefined ? {} : { instId }) },
    }),
  symbolOfRow: (row) => textOf(row, 'instId') ?? '',
  fills,
  fillOf: okxFill,
  balances: async (ask) => {
    const [account] = dataOf(await ask({ ...get, path: 'account/balance', params: {} }));
    return okxBalances(account?.['details']);
  },
};

function paramsOf(order: NewOrder): Params {
  const { rules } = order;
  return {
    instId: rules.venueSymbol,
    tdMode: 'cash',
    side: order.side,
    sz: rules.quantity(order.quantity),
    ...termsOf(order),
    clOrdId: order.clientOrderId,
    stpMode: 'cancel_taker',
  };
}

/** A market order is in base currency only where it says so. */
function termsOf(order: NewOrder): Params {
  if (order.type === 'market') return { ordType: 'market', tgtCcy: 'base_ccy' };
  const ordType = { gtc: 'limit', ioc: 'ioc', fok: 'fok', postOnly: 'post_only' }[order.timeInForce];
  return { ordType, px: order.rules.price(order.price) };
}

/**
 * `trade/fills` is fresh and reaches back three days; `trade/fills-history` holds three months. Neither begins at a
 * trade id, so both are read backwards until one is older than what is asked for.
 */
async function fills(ask: Ask, query: FillsQuery): Promise<readonly JsonRecord[]> {
  const { venueSymbol: instId, fromId, since, venueOrderId, now } = query;
  const params = {
    ...{ ...spot, instId },
    ...(since === undefined ? {} : { begin: String(since) }),
    ...(venueOrderId === undefined ? {} : { ordId: venueOrderId }),
  };
  const isBefore = (row: JsonRecord): boolean =>
    fromId !== undefined && BigInt(requireText(row, 'tradeId')) < BigInt(fromId);
  const idOf = (row: JsonRecord): string => requireText(row, 'billId');
  const recent = await pages(ask, { path: 'trade/fills', params, idOf, isLast: isBefore });
  const reaches = recent.some(isBefore) || (since !== undefined && now - since <= recentFillsMs);
  if (reaches) return recent.filter((row) => !isBefore(row));
  const oldest = recent.at(-1);
  const older = await pages(ask, {
    ...{ path: 'trade/fills-history', idOf, isLast: isBefore },
    params: { ...params, ...(oldest ? { after: idOf(oldest) } : {}) },
  });
  return [...recent, ...older].filter((row) => !isBefore(row));
}

interface PagedRead {
  readonly path: string;
  readonly params: Params;
  /** What the next page ends before. */
  readonly idOf: (row: JsonRecord) => string;
  /** Nothing behind this row is wanted. */
  readonly isLast?: (row: JsonRecord) => boolean;
}

/** Newest first, page by page, each ending before the last row of the one before it. */
async function pages(ask: Ask, read: PagedRead): Promise<readonly JsonRecord[]> {
  const all: JsonRecord[] = [];
  let params: Params = { ...read.params, limit: String(perPage) };
  for (;;) {
    const rows = dataOf(await ask({ ...get, path: read.path, params }));
    all.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < perPage || read.isLast?.(last)) return all;
    params = { ...params, after: read.idOf(last) };
  }
}
