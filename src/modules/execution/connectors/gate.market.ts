import BigNumber from 'bignumber.js';
import type { InstrumentRules } from '../../../domain/instrument';
import type { RateRule, VenueLimits } from '../common/rate-limits';
import { GateDepthDecoder } from './depth-decoder-gate';
import type { MarketDialect, StreamAnswer } from './dialect';
import { listedSymbols, plain } from './listed-symbol';
import { gateParser } from './parse-gate-market';
import type { DepthSnapshot } from './types';
import { integerOf, recordOf, requireInteger, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const read = { api: 'public', method: 'GET', weight: 1 } as const;
const second = { windowMs: 1_000, leftIn: 'x-gate-ratelimit-requests-remain' } as const;
/** Placing and amending share a count of the pair, and cancels one of the user. */
const placing: RateRule = { ...second, name: 'place', per: 'instrument', limit: 10 };
const canceling: RateRule = { ...second, name: 'cancel', per: 'account', limit: 200 };
/** Every other endpoint is counted by itself, by user where there is one. An answer tells what is left of its count. */
const limits: VenueLimits = {
  requests: {
    ...{ 'POST orders': placing, 'POST batch_orders': placing, 'PATCH orders/{order_id}': placing },
    ...{ 'DELETE orders/{order_id}': canceling, 'POST cancel_batch_orders': canceling },
    '*': { ...second, per: 'account', limit: 200, windowMs: 10_000 },
  },
  orders: [],
};
const bookLevels = 50;
const mostReadLevels = 100;
const maxOpenOrders = 200;
const unlimited = '99999999999';

const statuses: Readonly<Record<string, InstrumentRules['status']>> = {
  tradable: 'trading',
  buyable: 'cancel_only',
  sellable: 'cancel_only',
};

/** Markets of Gate spot. A book begins with a whole one on the stream. */
export const gateMarket: MarketDialect = {
  socketPath: '',
  instruments: (pair) =>
    pair === undefined
      ? { ...read, path: 'currency_pairs', params: {} }
      : { ...read, path: 'currency_pairs/{currency_pair}', params: { currency_pair: pair } },
  symbolsOf: (json) => {
    const rows = rowsOf([json].flat());
    if (!rows) throw new Error('the answer is not a list of pairs');
    return listedSymbols(rows, rulesOf);
  },
  limitsOf: () => limits,
  time: { ...read, path: 'time', params: {} },
  timeOf: (json) => requireInteger(recordOf(json) ?? {}, 'server_time'),
  depth: (pair, limit) => ({
    ...{ ...read, path: 'order_book' },
    params: { currency_pair: pair, limit: Math.min(limit, mostReadLevels), with_id: true },
  }),
  depthOf: (json, instrument) => {
    const body = recordOf(json) ?? {};
    const bids = body['bids'] as DepthSnapshot['bids'];
    return { instrument, lastId: requireInteger(body, 'id'), bids, asks: body['asks'] as typeof bids };
  },
  nameOf: (instrument) => instrument.replace('/', '_'),
  frames: (method, pairs, id, now) => {
    const frame = { time: Math.floor(now / 1_000), event: method.toLowerCase() };
    return [
      { ...frame, id, channel: 'spot.obu', payload: pairs.map((pair) => `ob.${pair}.${bookLevels}`) },
      { ...frame, channel: 'spot.trades', payload: pairs },
    ];
  },
  answerOf,
  parser: gateParser,
  decoder: (symbolOf) => new GateDepthDecoder(symbolOf),
};

/** The answer about the book counts; one with an error is no confirmation of anything. */
function answerOf(json: unknown): StreamAnswer | undefined {
  const frame = recordOf(json);
  if (!frame || frame['event'] === 'update') return undefined;
  const id = integerOf(frame, 'id');
  if (frame['channel'] !== 'spot.obu' || id === undefined) return { kind: 'other' };
  if (recordOf(frame['error'])) return { kind: 'refused', id };
  return { kind: frame['event'] === 'unsubscribe' ? 'left' : 'confirmed', id };
}

function rulesOf(row: JsonRecord): InstrumentRules {
  const base = requireText(row, 'base');
  const quote = requireText(row, 'quote');
  const feeBps = new BigNumber(textOf(row, 'fee') ?? '0.2').times(100).toNumber();
  return {
    venue: 'gate',
    id: `${base}/${quote}`,
    venueSymbol: requireText(row, 'id'),
    base,
    quote,
    tickSize: stepOf(requireInteger(row, 'precision')),
    lotSize: stepOf(requireInteger(row, 'amount_precision')),
    minQuantity: plain(textOf(row, 'min_base_amount') || '0'),
    maxQuantity: plain(textOf(row, 'max_base_amount') || unlimited),
    minNotional: plain(textOf(row, 'min_quote_amount') || '0'),
    makerFeeBps: feeBps,
    takerFeeBps: feeBps,
    maxOpenOrders,
    status: statuses[textOf(row, 'trade_status') ?? ''] ?? 'halted',
  };
}

/** Gate counts decimals. */
const stepOf = (decimals: number): string => new BigNumber(10).pow(-decimals).toFixed();
