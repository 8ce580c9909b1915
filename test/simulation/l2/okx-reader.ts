import type { WireRequest } from '../../../src/venue-simulator/dialect.server';
import type { Market } from '../../../src/venue-simulator/venue-types';
import type { RequestKind, WireAnswer } from '../wire';
import { rowOf, termsOf, text } from './dialect-reader';
import type { BookWord, DialectReader, EventKind, Reading, Retelling, Row } from './dialect-reader';
import { rulesBody } from './published-rules';
import { isShared, meaningOf, sharedRefusal } from './refusal-words';
import type { Meaning } from './refusal-words';

const api = '/api/v5/';
const kinds: Readonly<Record<string, RequestKind>> = {
  'POST trade/order': 'create',
  'POST trade/cancel-order': 'cancel',
  'GET trade/order': 'order',
  'GET trade/orders-pending': 'openOrders',
  'GET trade/orders-history': 'history',
  'GET trade/fills': 'trades',
  'GET account/balance': 'balances',
  'GET market/books': 'depth',
  'GET public/time': 'time',
  'GET public/instruments': 'rules',
};

const meanings: Readonly<Record<string, Meaning>> = {
  ...{ '51008': 'BALANCE', '51019': 'POST_ONLY', '51016': 'EXISTS', '51174': 'LIMIT' },
  ...{ '51020': 'FILTER', '51121': 'FILTER', '51137': 'FILTER', '51138': 'FILTER', '51005': 'FILTER' },
  ...{ '51022': 'MARKET_CLOSED', '51001': 'SYMBOL', '50011': 'RATE', '50061': 'RATE' },
  ...{ '50036': 'CLOCK', '50037': 'CLOCK', '50102': 'CLOCK', '50112': 'CLOCK' },
  ...{ '50111': 'AUTH', '50113': 'AUTH', '50105': 'AUTH', '50101': 'AUTH' },
  ...{ '50027': 'RESTRICTED', '50014': 'BAD_REQUEST', '51000': 'BAD_REQUEST', '50002': 'BAD_REQUEST' },
  ...{ '51603': 'NOT_FOUND', '51400': 'NOT_FOUND', '51401': 'NOT_FOUND', '51402': 'NOT_FOUND' },
};

/** How OKX says it: of an order with status 200, of a request with one of its own. */
const said: Readonly<Record<Meaning, readonly [code: string, status: number]>> = {
  ...{ BALANCE: ['51008', 200], POST_ONLY: ['51019', 200], EXISTS: ['51016', 200], LIMIT: ['51174', 200] },
  ...{ FILTER: ['51020', 200], MARKET_CLOSED: ['51022', 200], SYMBOL: ['51001', 200] },
  ...{ RATE: ['50011', 429], CLOCK: ['50102', 401], AUTH: ['50111', 401], RESTRICTED: ['50027', 403] },
  ...{ BAD_REQUEST: ['50014', 400], NOT_FOUND: ['51603', 200], UNKNOWN_CODE: ['50001', 503] },
};

const stride = 49;
const closing = {
  ...{ event: 'notice', code: '64008', connId: '00000000' },
  msg: 'The connection will soon be closed for a service upgrade. Please reconnect.',
};

export const okxReader = (markets: readonly Market[]): DialectReader => ({
  venue: 'okx',
  prefix: '/okx',
  hasWholeBooks: true,
  limitsEachKind: true,
  streamOf: (path) => (path.startsWith('/ws/v5/private') ? 'private' : 'public'),
  read,
  heard: (kind, answer) => heard(kind, answer, markets),
  spoken,
  isDepth: (frame) => frame.includes('"channel":"books"') && frame.includes('"action"'),
  book,
  eventOf,
  retold,
  refusedLogin,
  noticeOf: () => JSON.stringify(closing),
  // The numbers of a book rise by up to 97: the update stands in their multiples of 49.
  updateIdOf: (lastId) => Math.floor(lastId / stride),
  tradeIdOf: ({ tradeId }) => String(tradeId),
  orderIdOf: ({ orderStamp, symbol }) => {
    const index = markets.findIndex((market) => market.symbol === symbol) + 1;
    return `${orderStamp}${String(index).padStart(3, '0')}`;
  },
});

const symbolOf = (instId: unknown): string => text(instId).replace('-', '');

function read({ method, path, query, body }: WireRequest): Reading {
  const kind = kinds[`${method} ${path.slice(api.length)}`] ?? 'other';
  const asked: Row = method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : rowOf(body);
  const symbol = symbolOf(asked['instId']);
  const clientOrderId = text(asked['clOrdId']);
  if (kind !== 'create')
    return {
      kind,
      clientOrderId,
      params: new Map([
        ['symbol', symbol],
        ['limit', text(asked['sz'])],
      ]),
    };
  return { kind, clientOrderId, params: termsOf(symbol, asked['side'], asked['px'], asked['sz']) };
}

function heard(kind: RequestKind, answer: WireAnswer, markets: readonly Market[]): WireAnswer {
  if (isShared(answer)) return answer;
  const { status, headers, body } = answer;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return answer;
  const { code, data } = body as { readonly code?: unknown; readonly data?: readonly Row[] };
  if (typeof code !== 'string') return answer;
  const row = data?.[0] ?? {};
  const said = text(row['sCode']) || code;
  if (said !== '0') return sharedRefusal(meanings[said] ?? 'UNKNOWN_CODE', answer);
  const { ordId, seqId, bids, asks } = row;
  if (kind === 'create') return { status, headers, body: { orderId: ordId } };
  if (kind === 'depth') return { status, headers, body: { lastUpdateId: Number(seqId), bids, asks } };
  if (kind !== 'rules') return { status, headers, body: {} };
  const rows = (data ?? []).map(({ instId, state, tickSz, lotSz }) => ({
    ...{ symbol: symbolOf(instId), isTrading: state === 'live' },
    ...{ tickSize: text(tickSz), stepSize: text(lotSz), minNotional: undefined },
  }));
  return { status, headers, body: rulesBody(rows, markets) };
}

function spoken(kind: RequestKind, answer: WireAnswer): WireAnswer {
  const meaning = meaningOf(kind, answer);
  if (meaning === undefined) return answer;
  const { headers } = answer;
  const { msg } = answer.body as { readonly msg: string };
  const [word, usual] = said[meaning];
  const code = meaning === 'NOT_FOUND' && kind === 'cancel' ? '51400' : word;
  const status = answer.status >= 500 ? answer.status : usual;
  const isOfOrder = status === 200 && (kind === 'create' || kind === 'cancel');
  if (!isOfOrder) return { status, headers, body: { code, msg, data: [] } };
  const row = { clOrdId: '', ordId: '', tag: '', sCode: code, sMsg: msg };
  return { status, headers, body: { code: '1', msg: 'All operations failed', data: [row] } };
}

function book(frame: string): BookWord | undefined {
  if (!frame.includes('"channel":"books"')) return undefined;
  const { arg, action, data } = rowOf(frame) as {
    readonly arg?: Row;
    readonly action?: unknown;
    readonly data?: readonly Row[];
  };
  const row = data?.[0];
  if (!row || arg?.['channel'] !== 'books') return undefined;
  const { prevSeqId, seqId, bids, asks } = row as unknown as {
    readonly prevSeqId: number;
    readonly seqId: number;
    readonly bids: BookWord['b'];
    readonly asks: BookWord['a'];
  };
  return {
    isWhole: action === 'snapshot',
    s: symbolOf(arg['instId']),
    ...{ U: prevSeqId + 1, u: seqId, b: bids, a: asks },
  };
}

const noTrade = { tradeId: '', fillSz: '0', fillPx: '', fillTime: '', fillFee: '0', fillFeeCcy: '' };
const changes: Readonly<Record<Retelling, Row>> = {
  'without its fee': { fillFee: '', fillFeeCcy: '' },
  'with an unknown word': { ...noTrade, state: 'pending_review', execType: '' },
  'without its trade': { ...noTrade, execType: '' },
};

function retold(frame: string, how: Retelling): string | undefined {
  const json = rowOf(frame);
  const rows = json['data'] as readonly Row[] | undefined;
  return rows && JSON.stringify({ ...json, data: rows.map((row) => ({ ...row, ...changes[how] })) });
}

function refusedLogin(frame: string): string | undefined {
  if (!frame.includes('"event":"login"')) return undefined;
  const { connId } = rowOf(frame);
  return JSON.stringify({ event: 'error', code: '60005', msg: 'Invalid apiKey', connId });
}

function eventOf(frame: string): EventKind | undefined {
  if (frame.includes('"event"')) return undefined;
  if (frame.includes('"channel":"account"')) return 'balance';
  if (!frame.includes('"channel":"orders"')) return undefined;
  return frame.includes('"execType":""') ? 'report' : 'trade';
}
