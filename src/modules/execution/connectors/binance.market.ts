import { BinanceDepthDecoder } from './depth-decoder-binance';
import type { MarketDialect, StreamAnswer } from './dialect';
import type { FramePlace } from './feed-handover';
import { BinanceMarketParser } from './parse-binance-market';
import { limitsOf, symbolsOf } from './parse-binance-rules';
import type { DepthSnapshot } from './types';
import { integerOf, recordOf, requireInteger, requireText } from './venue-json';

const read = { api: 'public', method: 'GET' } as const;

/** Markets of Binance spot. A book is a snapshot that is read, joined to a stream of ranges of update ids. */
export const binanceMarket: MarketDialect = {
  socketPath: '/0',
  instruments: (symbol) => ({
    ...read,
    path: 'exchangeInfo',
    params: symbol === undefined ? {} : { symbol },
    weight: 20,
  }),
  symbolsOf,
  limitsOf,
  time: { ...read, path: 'time', params: {}, weight: 1 },
  timeOf: (json) => requireInteger(recordOf(json) ?? {}, 'serverTime'),
  depth: (symbol, limit) => ({
    ...read,
    path: 'depth',
    params: { symbol, limit },
    weight: depthWeight(limit),
  }),
  depthOf: (json, instrument) => {
    const body = recordOf(json) ?? {};
    const bids = body['bids'] as DepthSnapshot['bids'];
    const asks = body['asks'] as typeof bids;
    return { instrument, lastId: requireInteger(body, 'lastUpdateId'), bids, asks };
  },
  nameOf: (instrument) => instrument.replace('/', ''),
  frames: (method, symbols, id) => [{ method, params: symbols.flatMap(streamsOf), id }],
  answerOf,
  placeOf,
  parser: (symbolOf) => {
    const parser = new BinanceMarketParser(symbolOf);
    return {
      frame: (json, stamp, emit) => {
        const event = parser.frame(json, stamp);
        if (event) emit(event);
      },
      depthOf: (json) => parser.depthOf(json),
      depth: (frame, stamp, emit) => emit(parser.event(frame, stamp)),
      snapshot: (json, symbol, stamp) => parser.snapshot(json, symbol, stamp),
    };
  },
  decoder: (symbolOf) => new BinanceDepthDecoder(symbolOf),
};

/** The book, and the trades whose average price checks it. */
function streamsOf(venueSymbol: string): readonly string[] {
  const name = venueSymbol.toLowerCase();
  return [`${name}@depth@100ms`, `${name}@trade`];
}

function depthWeight(limit: number): number {
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1_000 ? 50 : 250;
}

/** A refused subscription is asked for again when it stays unconfirmed. */
function answerOf(json: unknown): StreamAnswer | undefined {
  const frame = recordOf(json);
  if (!frame) return undefined;
  if (frame['e'] === 'serverShutdown')
    return { kind: 'shutdown', reason: 'the venue shuts this server down' };
  const id = frame['e'] === undefined ? integerOf(frame, 'id') : undefined;
  if (id === undefined) return undefined;
  return frame['error'] === undefined ? { kind: 'confirmed', id } : { kind: 'other' };
}

/** Update ids and trade ids are counted one by one, per symbol. */
function placeOf(json: unknown): FramePlace | undefined {
  const frame = recordOf(json) ?? {};
  if (frame['e'] === 'depthUpdate') {
    const from = requireInteger(frame, 'U') - 1;
    return { lane: `book ${requireText(frame, 's')}`, from, to: requireInteger(frame, 'u') };
  }
  if (frame['e'] !== 'trade') return undefined;
  const id = requireInteger(frame, 't');
  return { lane: `trades ${requireText(frame, 's')}`, from: id - 1, to: id };
}
