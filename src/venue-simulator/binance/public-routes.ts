import { refusals } from './binance-errors';
import type { BinanceParts } from './binance-parts';
import { exchangeInfo } from './exchange-info';
import type { MarketFormat } from './market-format';
import { aggregateTradeRow, bookTickerRow, dayTickerRow, depthRow } from './market-rows';
import { requiredOf } from './order-params';
import type { Params } from './order-params';
import type { Row } from './order-rows';

export interface PublicRoute {
  readonly weight: (params: Params) => number;
  readonly handle: (params: Params) => unknown;
}

const defaultLevels = 100;
const mostLevels = 5_000;
const defaultTrades = 500;

/** What anybody may ask. */
export function publicRoutes({ core, formats, now }: BinanceParts): ReadonlyMap<string, PublicRoute> {
  const formatOf = (params: Params): MarketFormat => known(formats, requiredOf(params, 'symbol'));
  const perSymbol = (params: Params, row: (format: MarketFormat) => Row): unknown => {
    const symbol = params.get('symbol');
    if (symbol !== undefined) return row(known(formats, symbol));
    return chosen(params, formats).map(row);
  };
  const depth = (format: MarketFormat, levels = 1) => core.depth(format.market.symbol, levels);
  return new Map<string, PublicRoute>([
    ['GET /api/v3/ping', { weight: () => 1, handle: () => ({}) }],
    ['GET /api/v3/time', { weight: () => 1, handle: () => ({ serverTime: now() }) }],
    ['GET /api/v3/exchangeInfo', { weight: () => 20, handle: () => exchangeInfo(core.markets, now()) }],
    [
      'GET /api/v3/depth',
      {
        weight: (params) => depthWeight(levelsOf(params)),
        handle: (params) => {
          const format = formatOf(params);
          return depthRow(depth(format, levelsOf(params)), format);
        },
      },
    ],
    [
      'GET /api/v3/ticker/bookTicker',
      {
        weight: () => 4,
        handle: (params) => perSymbol(params, (format) => bookTickerRow(depth(format), format)),
      },
    ],
    [
      'GET /api/v3/ticker/24hr',
      {
        weight: (params) => (params.has('symbol') ? 2 : 80),
        handle: (params) =>
          perSymbol(params, (format) =>
            dayTickerRow(depth(format), core.publicTrades(format.market.symbol), format),
          ),
      },
    ],
    [
      'GET /api/v3/aggTrades',
      {
        weight: () => 4,
        handle: (params) => {
          const format = formatOf(params);
          const limit = Number(params.get('limit') ?? defaultTrades);
          const trades = core.publicTrades(format.market.symbol).slice(-limit);
          return trades.map((trade) => aggregateTradeRow(trade, format));
        },
      },
    ],
  ]);
}

function known(formats: ReadonlyMap<string, MarketFormat>, symbol: string): MarketFormat {
  const format = formats.get(symbol);
  if (!format) throw refusals.symbol();
  return format;
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
