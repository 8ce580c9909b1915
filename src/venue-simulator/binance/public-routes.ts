import { refusals } from './binance-errors';
import type { BinanceParts } from './binance-parts';
import { candlesOf, periodOf } from '../candles';
import type { Market } from '../venue-types';
import { exchangeInfo } from './exchange-info';
import type { MarketFormat } from './market-format';
import { aggregateTradeRow, bookTickerRow, candleRow, dayTickerRow, depthRow } from './market-rows';
import { requiredOf } from './order-params';
import type { Params } from './order-params';
import type { Row } from './order-rows';

export interface PublicRoute {
  readonly weight: (params: Params) => number;
  /** May answer with a promise. */
  readonly handle: (params: Params) => unknown;
}

const defaultLevels = 100;
const mostLevels = 5_000;
const defaultTrades = 500;
const mostRows = 1_000;

/** What anybody may ask. */
export function publicRoutes(parts: BinanceParts): ReadonlyMap<string, PublicRoute> {
  const { formats, now, meter } = parts;
  return new Map<string, PublicRoute>([
    ['GET /api/v3/ping', { weight: () => 1, handle: () => ({}) }],
    ['GET /api/v3/time', { weight: () => 1, handle: () => ({ serverTime: now() }) }],
    [
      'GET /api/v3/exchangeInfo',
      {
        weight: () => 20,
        handle: (params) => exchangeInfo(marketsOf(params, formats), now(), meter),
      },
    ],
    ...bookRoutes(parts),
    ...tickerRoutes(parts),
    ...candleRoutes(parts),
  ]);
}

type Entry = readonly [string, PublicRoute];

function bookRoutes({ core, formats, faults, timers, delivered }: BinanceParts): readonly Entry[] {
  const formatOf = (params: Params): MarketFormat => known(formats, requiredOf(params, 'symbol'));
  const depth = async (params: Params): Promise<Row> => {
    const format = formatOf(params);
    const { symbol } = format.market;
    const levels = levelsOf(params);
    if (faults.snapshotDelayMs > 0) {
      await new Promise<void>((resolve) => timers.set(faults.snapshotDelayMs, resolve));
    }
    const row = depthRow(core.depth(symbol, levels), format);
    delivered.snapshot(symbol, row.lastUpdateId, row);
    return row;
  };
  const trades = (params: Params): readonly Row[] => {
    const format = formatOf(params);
    const page = pageOf(params, core.publicTrades(format.market.symbol), ({ tradeId }) => tradeId);
    return page.map((trade) => aggregateTradeRow(trade, format));
  };
  return [
    ['GET /api/v3/depth', { weight: (params) => depthWeight(levelsOf(params)), handle: depth }],
    ['GET /api/v3/aggTrades', { weight: () => 4, handle: trades }],
  ];
}

/** A candle for each period of the trades that are remembered. */
function candleRoutes({ core, formats, now }: BinanceParts): readonly Entry[] {
  const handle = (params: Params): readonly unknown[] => {
    const format = known(formats, requiredOf(params, 'symbol'));
    const period = periodOf(requiredOf(params, 'interval'));
    if (period === undefined) throw refusals.interval();
    const candles = candlesOf(core.publicTrades(format.market.symbol), period, now());
    const page = pageOf(
      params,
      candles.map((candle) => ({ ...candle, at: candle.openAt })),
      ({ at }) => at,
    );
    return page.map((candle) => candleRow(candle, period, format));
  };
  return [['GET /api/v3/klines', { weight: () => 2, handle }]];
}

/** From an id or a time on: the oldest; otherwise the latest, ascending as well. */
function pageOf<T extends { readonly at: number }>(
  params: Params,
  rows: readonly T[],
  idOf: (row: T) => number,
): readonly T[] {
  const at = (name: string, otherwise: number): number => Number(params.get(name) ?? otherwise);
  const limit = Math.min(at('limit', defaultTrades), mostRows);
  if (!(limit > 0)) throw refusals.illegal('limit');
  const [from, start, end] = [at('fromId', 0), at('startTime', 0), at('endTime', Infinity)];
  const found = rows.filter((row) => idOf(row) >= from && row.at >= start && row.at <= end);
  const isForward = params.has('fromId') || params.has('startTime');
  return isForward ? found.slice(0, limit) : found.slice(-limit);
}

/** One row for `symbol`, a list otherwise. */
function tickerRoutes({ core, formats }: BinanceParts): readonly Entry[] {
  const perSymbol = (row: (format: MarketFormat) => Row) => (params: Params) => {
    const symbol = params.get('symbol');
    return symbol === undefined ? chosen(params, formats).map(row) : row(known(formats, symbol));
  };
  const best = perSymbol((format) => bookTickerRow(core.depth(format.market.symbol, 1), format));
  const day = perSymbol((format) => {
    const { symbol } = format.market;
    return dayTickerRow(core.depth(symbol, 1), core.publicTrades(symbol), format);
  });
  return [
    ['GET /api/v3/ticker/bookTicker', { weight: () => 4, handle: best }],
    ['GET /api/v3/ticker/24hr', { weight: (params) => (params.has('symbol') ? 2 : 80), handle: day }],
  ];
}

function known(formats: ReadonlyMap<string, MarketFormat>, symbol: string): MarketFormat {
  const format = formats.get(symbol);
  if (!format) throw refusals.symbol();
  return format;
}

/** One for `symbol`, those of `symbols`, or all. */
function marketsOf(params: Params, formats: ReadonlyMap<string, MarketFormat>): readonly Market[] {
  const symbol = params.get('symbol');
  const found = symbol === undefined ? chosen(params, formats) : [known(formats, symbol)];
  const listed = found.map(({ market }) => market).filter(({ status }) => status !== 'DELISTED');
  if (symbol !== undefined && listed.length === 0) throw refusals.symbol();
  return listed;
}

function chosen(params: Params, formats: ReadonlyMap<string, MarketFormat>): readonly MarketFormat[] {
  const text = params.get('symbols');
  if (text === undefined) return [...formats.values()];
  const symbols = text.replace(/[[\]"\s]/g, '').split(',');
  return symbols.map((symbol) => known(formats, symbol));
}

const levelsOf = (params: Params): number => {
  const levels = Number(params.get('limit') ?? defaultLevels);
  if (!(levels > 0)) throw refusals.illegal('limit');
  return Math.min(levels, mostLevels);
};

function depthWeight(levels: number): number {
  if (levels <= 100) return 5;
  if (levels <= 500) return 25;
  return levels <= 1_000 ? 50 : 250;
}
