import { paramsOf } from '../../../src/venue-simulator/binance/binance.requests';
import type { RequestKind } from '../wire';
import { rowOf } from './dialect-reader';
import type { BookWord, DialectReader, Retelling, Row } from './dialect-reader';

const kinds: Readonly<Record<string, RequestKind>> = {
  'POST /api/v3/order': 'create',
  'DELETE /api/v3/order': 'cancel',
  'GET /api/v3/order': 'order',
  'GET /api/v3/openOrders': 'openOrders',
  'GET /api/v3/allOrders': 'history',
  'GET /api/v3/myTrades': 'trades',
  'GET /api/v3/account': 'balances',
  'GET /api/v3/depth': 'depth',
  'GET /api/v3/time': 'time',
  'GET /api/v3/exchangeInfo': 'rules',
};

const notices = {
  public: '{"e":"serverShutdown","E":1}',
  private: '{"event":{"e":"serverShutdown","E":1}}',
} as const;

/** The shared words are Binance's own. */
export const binanceReader: DialectReader = {
  venue: 'binance',
  prefix: '/binance',
  hasWholeBooks: false,
  limitsEachKind: false,
  streamOf: (path) => (path.startsWith('/ws-api') ? 'private' : 'public'),
  read: (request) => {
    const params = paramsOf(request);
    const clientOrderId = params.get('newClientOrderId') ?? params.get('origClientOrderId') ?? '';
    return { kind: kinds[`${request.method} ${request.path}`] ?? 'other', params, clientOrderId };
  },
  heard: (_kind, answer) => answer,
  spoken: (_kind, answer) => answer,
  isDepth: (text) => text.includes('"depthUpdate"'),
  book,
  eventOf: (text) => {
    if (text.includes('"x":"TRADE"')) return 'trade';
    if (text.includes('outboundAccountPosition')) return 'balance';
    return text.includes('"event"') ? 'report' : undefined;
  },
  retold,
  refusedLogin,
  noticeOf: (stream) => notices[stream],
  updateIdOf: (lastId) => lastId,
  tradeIdOf: ({ tradeId }) => String(tradeId),
  orderIdOf: ({ orderId }) => String(orderId),
};

const changes: Readonly<Record<Retelling, Row>> = {
  'without its fee': { n: null, N: null },
  'with an unknown word': { X: 'PENDING_REVIEW', x: 'REVIEW', t: -1, l: '0' },
  'without its trade': { x: 'NEW', t: -1, l: '0.00000000', L: '0.00000000', n: '0', N: null },
};

function retold(text: string, how: Retelling): string | undefined {
  const json = rowOf(text);
  const event = json['event'] as Row | undefined;
  return event && JSON.stringify({ ...json, event: { ...event, ...changes[how] } });
}

function refusedLogin(text: string): string | undefined {
  if (!text.includes('"subscriptionId"') || text.includes('"event"')) return undefined;
  const { id } = rowOf(text);
  const error = { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' };
  return JSON.stringify({ id, status: 401, error });
}

function book(text: string): BookWord | undefined {
  if (!text.includes('"depthUpdate"')) return undefined;
  try {
    const json = JSON.parse(text) as BookWord & { readonly data?: BookWord };
    const { s, U, u, b, a } = json.data ?? json;
    return { isWhole: false, s, U, u, b, a };
  } catch {
    return undefined;
  }
}
