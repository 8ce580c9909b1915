import type { InstrumentRules } from '../../../domain/instrument';
import type { VenueLimits } from '../common/rate-limits';
import type { MarketDialect, StreamAnswer } from './dialect';
import type { FramePlace } from './feed-handover';
import { listedSymbols, plain, positive } from './listed-symbol';
import { presentOf } from './parse-okx-account';
import { okxParser } from './parse-okx-market';
import type { DepthSnapshot } from './types';
import { recordOf, requireInteger, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const read = { api: 'public', method: 'GET' } as const;
/** OKX limits each endpoint by itself over two seconds. A weight is what a request takes of the 60 of the common ones. */
const weights = { instruments: 3, time: 6, books: 2 } as const;
const limits: VenueLimits = {
  ...{ weightPerMinute: 1_800, ordersPer10s: 300, ordersPerDay: 100_000_000 },
  burst: { orders: 60, windowMs: 2_000 },
};
const makerFeeBps = 8;
const takerFeeBps = 10;
const maxOpenOrders = 200;
/** The venue is about to close this connection. */
const closingNotice = '64008';

/** Markets of OKX spot. A book begins with a snapshot on the stream and goes on as a chain of changes. */
export const okxMarket: MarketDialect = {
  socketPath: '',
  pingText: 'ping',
  instruments: (instId) => ({
    ...{ ...read, path: 'public/instruments', weight: weights.instruments },
    params: { instType: 'SPOT', ...(instId === undefined ? {} : { instId }) },
  }),
  symbolsOf: (json) =>
    listedSymbols(dataOf(json), rulesOf, () => ['cancel_maker', 'cancel_taker', 'cancel_both']),
  limitsOf: () => limits,
  time: { ...read, path: 'public/time', params: {}, weight: weights.time },
  timeOf: (json) => requireInteger(dataOf(json)[0] ?? {}, 'ts'),
  depth: (instId, limit) => ({
    ...{ ...read, path: 'market/books', weight: weights.books },
    params: { instId, sz: String(Math.min(limit, 400)) },
  }),
  depthOf: (json, instrument) => {
    const row = dataOf(json)[0] ?? {};
    const bids = row['bids'] as DepthSnapshot['bids'];
    return { instrument, lastId: requireInteger(row, 'seqId'), bids, asks: row['asks'] as typeof bids };
  },
  nameOf: (instrument) => instrument.replace('/', '-'),
  frames: (method, symbols) => [
    {
      op: method.toLowerCase(),
      args: symbols.flatMap((instId) => [
        { channel: 'books', instId },
        { channel: 'trades', instId },
      ]),
    },
  ],
  answerOf,
  placeOf,
  parser: okxParser,
};

/** The rows of an answer. */
export function dataOf(json: unknown): readonly JsonRecord[] {
  const rows = rowsOf(recordOf(json)?.['data']);
  if (!rows) throw new Error('the answer holds no data');
  return rows;
}

/** Each channel of a subscription is answered by itself; that of the book counts. */
function answerOf(json: unknown): StreamAnswer | undefined {
  const frame = recordOf(json);
  const event = frame && textOf(frame, 'event');
  if (!frame || event === undefined) return undefined;
  if (event === 'notice' && textOf(frame, 'code') === closingNotice)
    return { kind: 'shutdown', reason: 'the venue announces that it closes the connection' };
  const arg = recordOf(frame['arg']);
  if (!arg || arg['channel'] !== 'books') return { kind: 'other' };
  const venueSymbol = textOf(arg, 'instId');
  if (event === 'subscribe') return { kind: 'confirmed', venueSymbol };
  return event === 'unsubscribe' ? { kind: 'left', venueSymbol } : { kind: 'other' };
}

/** A book names the state it follows; trades of a frame follow each other. */
function placeOf(json: unknown): FramePlace | undefined {
  const frame = recordOf(json) ?? {};
  const arg = recordOf(frame['arg']) ?? {};
  const rows = rowsOf(frame['data']) ?? [];
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return undefined;
  const instId = requireText(arg, 'instId');
  if (arg['channel'] === 'trades') {
    const [from, to] = [requireInteger(first, 'tradeId') - 1, requireInteger(last, 'tradeId')];
    return { lane: `trades ${instId}`, from, to };
  }
  if (arg['channel'] !== 'books') return undefined;
  const [from, to] = [requireInteger(first, 'prevSeqId'), requireInteger(last, 'seqId')];
  return { lane: `book ${instId}`, from, to, isFirst: frame['action'] === 'snapshot' };
}

function rulesOf(row: JsonRecord): InstrumentRules {
  const base = requireText(row, 'baseCcy');
  const quote = requireText(row, 'quoteCcy');
  return {
    venue: 'okx',
    id: `${base}/${quote}`,
    venueSymbol: requireText(row, 'instId'),
    base,
    quote,
    tickSize: positive(requireText(row, 'tickSz')),
    lotSize: positive(requireText(row, 'lotSz')),
    minQuantity: plain(requireText(row, 'minSz')),
    maxQuantity: plain(presentOf(row, 'maxLmtSz') ?? '99999999999'),
    minNotional: '0',
    makerFeeBps,
    takerFeeBps,
    maxOpenOrders,
    status: textOf(row, 'state') === 'live' ? 'trading' : 'halted',
  };
}
