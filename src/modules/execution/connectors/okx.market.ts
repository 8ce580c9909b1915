import type { InstrumentRules } from '../../../domain/instrument';
import type { RateRule, VenueLimits } from '../common/rate-limits';
import { OkxDepthDecoder } from './depth-decoder-okx';
import type { MarketDialect, StreamAnswer } from './dialect';
import type { FramePlace } from './feed-handover';
import { listedSymbols, plain, positive } from './listed-symbol';
import { presentOf } from './parse-okx-account';
import { okxParser } from './parse-okx-market';
import type { DepthSnapshot } from './types';
import { recordOf, requireInteger, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const read = { api: 'public', method: 'GET', weight: 1 } as const;
const limits = okxLimits();
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
    ...{ ...read, path: 'public/instruments' },
    params: { instType: 'SPOT', ...(instId === undefined ? {} : { instId }) },
  }),
  symbolsOf: (json) =>
    listedSymbols(dataOf(json), rulesOf, () => ['cancel_maker', 'cancel_taker', 'cancel_both']),
  limitsOf: () => limits,
  time: { ...read, path: 'public/time', params: {} },
  timeOf: (json) => requireInteger(dataOf(json)[0] ?? {}, 'ts'),
  depth: (instId, limit) => ({
    ...{ ...read, path: 'market/books' },
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
  decoder: (symbolOf) => new OkxDepthDecoder(symbolOf),
};

/**
 * OKX counts each endpoint by itself over two seconds and tells nothing of what is left; of its documents, the lower
 * figure where they disagree. New and amended orders are counted over all endpoints as well.
 */
function okxLimits(): VenueLimits {
  const within = (limit: number, per: RateRule['per'], windowMs = 2_000): RateRule => ({
    per,
    limit,
    windowMs,
  });
  const one = within(60, 'instrument');
  const many = within(300, 'instrument');
  return {
    requests: {
      ...{ 'POST trade/order': one, 'POST trade/amend-order': one, 'GET trade/order': one },
      ...{ 'POST trade/cancel-order': one, 'POST trade/batch-orders': many },
      'POST trade/cancel-batch-orders': many,
      'POST trade/cancel-all-after': within(1, 'account', 1_000),
      'GET trade/fills-history': within(10, 'account'),
      'GET trade/orders-history': within(40, 'account'),
      'GET account/balance': within(10, 'account'),
      'GET account/config': within(5, 'account'),
      'GET public/instruments': within(20, 'address'),
      'GET market/books': within(40, 'address'),
      'GET public/time': within(10, 'address'),
      '*': within(60, 'account'),
    },
    orders: [{ ...within(1_000, 'account'), name: 'orders' }],
  };
}

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
