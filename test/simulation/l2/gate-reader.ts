import type { WireRequest } from '../../../src/venue-simulator/dialect.server';
import type { Market } from '../../../src/venue-simulator/venue-types';
import type { RequestKind, WireAnswer } from '../wire';
import { rowOf, termsOf, text } from './dialect-reader';
import type { BookWord, DialectReader, EventKind, Reading, Retelling, Row } from './dialect-reader';
import { rulesBody } from './published-rules';
import { isShared, meaningOf, sharedRefusal } from './refusal-words';
import type { Meaning } from './refusal-words';

const api = '/api/v4/spot/';
const kinds: Readonly<Record<string, RequestKind>> = {
  'POST orders': 'create',
  'DELETE orders/': 'cancel',
  'GET orders/': 'order',
  'GET open_orders': 'openOrders',
  'GET my_trades': 'trades',
  'GET accounts': 'balances',
  'GET order_book': 'depth',
  'GET time': 'time',
  'GET currency_pairs': 'rules',
  'GET currency_pairs/': 'rules',
};

const meanings: Readonly<Record<string, Meaning>> = {
  ...{ BALANCE_NOT_ENOUGH: 'BALANCE', POC_FILL_IMMEDIATELY: 'POST_ONLY', REPEATED_CREATION: 'EXISTS' },
  ...{ TOO_MANY_ORDERS: 'LIMIT', INVALID_PRECISION: 'FILTER', INVALID_PARAM_VALUE: 'FILTER' },
  ...{ AMOUNT_TOO_MUCH: 'FILTER', PRICE_TOO_DEVIATED: 'FILTER', INVALID_CURRENCY_PAIR: 'SYMBOL' },
  ...{ TOO_MANY_REQUESTS: 'RATE', REQUEST_EXPIRED: 'CLOCK', INVALID_KEY: 'AUTH', INVALID_SIGNATURE: 'AUTH' },
  ...{ MISSING_REQUIRED_HEADER: 'AUTH', TRADE_RESTRICTED: 'RESTRICTED' },
  ...{ MISSING_REQUIRED_PARAM: 'BAD_REQUEST', INVALID_REQUEST_BODY: 'BAD_REQUEST' },
  ...{ ORDER_NOT_FOUND: 'NOT_FOUND', CLIENT_ID_NOT_FOUND: 'NOT_FOUND' },
  ...{ ORDER_CLOSED: 'NOT_FOUND', ORDER_CANCELLED: 'NOT_FOUND' },
};

/** How Gate says it. It has no word for a market that is closed but that of one that is not there. */
const said: Readonly<Record<Meaning, readonly [label: string, status: number]>> = {
  ...{ BALANCE: ['BALANCE_NOT_ENOUGH', 400], POST_ONLY: ['POC_FILL_IMMEDIATELY', 400] },
  ...{ EXISTS: ['REPEATED_CREATION', 400], LIMIT: ['TOO_MANY_ORDERS', 400] },
  ...{ FILTER: ['INVALID_PRECISION', 400], MARKET_CLOSED: ['INVALID_CURRENCY_PAIR', 400] },
  ...{ SYMBOL: ['INVALID_CURRENCY_PAIR', 400], RATE: ['TOO_MANY_REQUESTS', 429] },
  ...{ CLOCK: ['REQUEST_EXPIRED', 403], AUTH: ['INVALID_KEY', 401], RESTRICTED: ['TRADE_RESTRICTED', 403] },
  ...{ BAD_REQUEST: ['MISSING_REQUIRED_PARAM', 400], NOT_FOUND: ['ORDER_NOT_FOUND', 404] },
  ...{ UNKNOWN_CODE: ['SERVER_ERROR', 500] },
};

const idsPerNumber = 100;
/** What stands before every text of a client. */
export const textMark = 't-';

export interface GateParts {
  readonly markets: readonly Market[];
  /** Our id of an order that a request names by the number of its venue. */
  readonly nameOf: NameOf;
  /** The venue's clock. */
  readonly now: () => number;
}

export const gateReader = ({ markets, nameOf, now }: GateParts): DialectReader => ({
  venue: 'gate',
  prefix: '/gate',
  hasWholeBooks: true,
  limitsEachKind: true,
  // One address serves both.
  streamOf: () => undefined,
  read: (request) => read(request, nameOf),
  heard: (kind, answer) => heard(kind, withWait(answer, now()), markets),
  spoken,
  isDepth: (frame) => frame.startsWith('{"channel":"spot.obu"') && frame.includes('"update"'),
  book,
  eventOf,
  retold,
  refusedLogin,
  noticeOf: () => undefined,
  updateIdOf: (lastId) => lastId,
  tradeIdOf: ({ tradeId, symbol }) => numberOf(tradeId, symbol, markets),
  orderIdOf: ({ orderId, symbol }) => numberOf(orderId, symbol, markets),
});

/** Gate counts over all pairs: the last two digits tell the market. */
function numberOf(number: number, symbol: string, markets: readonly Market[]): string {
  const index = markets.findIndex((market) => market.symbol === symbol);
  return String(number * idsPerNumber + index);
}

const symbolOf = (pair: unknown): string => text(pair).replace('_', '');

function read({ method, path, query, body }: WireRequest, nameOf: NameOf): Reading {
  const [first = '', name] = path.slice(api.length).split('/');
  const asked: Row = method === 'POST' ? rowOf(body) : Object.fromEntries(new URLSearchParams(query));
  const symbol = symbolOf(asked['currency_pair']);
  const kind = kindOf(`${method} ${first}${name === undefined ? '' : '/'}`, asked);
  if (kind === 'create') {
    const params = termsOf(symbol, asked['side'], asked['price'], asked['amount']);
    return { kind, clientOrderId: unmarked(text(asked['text'])), params };
  }
  const params = new Map([
    ['symbol', symbol],
    ['limit', text(asked['limit'])],
  ]);
  return { kind, params, clientOrderId: ownId(decodeURIComponent(name ?? ''), symbol, nameOf) };
}

type NameOf = (symbol: string, orderId: number) => string;

const ownId = (name: string, symbol: string, nameOf: NameOf): string =>
  /^\d+$/.test(name) ? nameOf(symbol, Math.floor(Number(name) / idsPerNumber)) : unmarked(name);

const unmarked = (name: string): string => (name.startsWith(textMark) ? name.slice(textMark.length) : '');

/** One list serves orders that are open and orders that are over. */
function kindOf(route: string, asked: Row): RequestKind {
  if (route === 'GET orders') return asked['status'] === 'open' ? 'openOrders' : 'history';
  return kinds[route] ?? 'other';
}

function heard(kind: RequestKind, answer: WireAnswer, markets: readonly Market[]): WireAnswer {
  if (isShared(answer)) return answer;
  const { status, headers, body } = answer;
  if (typeof body !== 'object' || body === null) return answer;
  const row = body as Row;
  if (typeof row['label'] === 'string')
    return sharedRefusal(meanings[row['label']] ?? 'UNKNOWN_CODE', answer);
  if (kind === 'create') return { status: 200, headers, body: { orderId: row['id'] } };
  if (kind === 'depth')
    return { status, headers, body: { lastUpdateId: row['id'], bids: row['bids'], asks: row['asks'] } };
  if (kind !== 'rules') return { status, headers, body: {} };
  const rows = ([body].flat() as readonly Row[]).map((pair) => ({
    ...{ symbol: symbolOf(pair['id']), isTrading: pair['trade_status'] === 'tradable' },
    ...{ tickSize: stepOf(pair['precision']), stepSize: stepOf(pair['amount_precision']) },
    minNotional: text(pair['min_quote_amount']),
  }));
  return { status, headers, body: rulesBody(rows, markets) };
}

/** Gate names the second at which a limit begins anew. */
function withWait(answer: WireAnswer, now: number): WireAnswer {
  const until = Number(answer.headers['x-gate-ratelimit-reset-timestamp'] ?? NaN) * 1_000;
  if (answer.status !== 429 || !(until > now)) return answer;
  const headers = { ...answer.headers, 'retry-after': String((until - now) / 1_000) };
  return { ...answer, headers };
}

/** Gate counts decimals. */
const stepOf = (decimals: unknown): string =>
  decimals === 0 ? '1' : `0.${'0'.repeat(Number(decimals) - 1)}1`;

function spoken(kind: RequestKind, answer: WireAnswer): WireAnswer {
  const meaning = meaningOf(kind, answer);
  if (meaning === undefined) return answer;
  const { msg: message } = answer.body as { readonly msg: string };
  const [label, usual] = said[meaning];
  const status = answer.status >= 500 ? answer.status : usual;
  return { status, headers: answer.headers, body: { label, message } };
}

function book(frame: string): BookWord | undefined {
  if (!frame.startsWith('{"channel":"spot.obu"')) return undefined;
  const { result, event } = rowOf(frame) as { readonly result?: Row; readonly event?: unknown };
  if (!result || event !== 'update') return undefined;
  const { s, U, u, b = [], a = [], full } = result as unknown as BookWord & { readonly full?: boolean };
  const isWhole = full === true;
  return { isWhole, s: symbolOf(s.split('.')[1]), U: isWhole ? u : U, u, b, a };
}

const changes: Readonly<Record<Exclude<Retelling, 'without its trade'>, Row>> = {
  'without its fee': { fee: '', fee_currency: '' },
  'with an unknown word': { event: 'review', finish_as: 'review' },
};

/** Trades have a channel of their own: without them nothing is left of its frames. */
function retold(frame: string, how: Retelling): string | undefined {
  if (how === 'without its trade') return '';
  const json = rowOf(frame);
  const rows = json['result'] as readonly Row[] | undefined;
  return rows && JSON.stringify({ ...json, result: rows.map((row) => ({ ...row, ...changes[how] })) });
}

function refusedLogin(frame: string): string | undefined {
  if (!frame.includes('"event":"subscribe"') || !frame.includes('"spot.orders"')) return undefined;
  const { result: _result, ...asked } = rowOf(frame);
  return JSON.stringify({ ...asked, error: { code: 4, message: 'invalid key' }, result: null });
}

function eventOf(frame: string): EventKind | undefined {
  if (!frame.includes('"event":"update"')) return undefined;
  if (frame.includes('"spot.usertrades"')) return 'trade';
  if (frame.includes('"spot.balances"')) return 'balance';
  return frame.includes('"spot.orders"') ? 'report' : undefined;
}
