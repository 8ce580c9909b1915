import type { Market } from '../venue-types';
import type { Row } from './order-rows';
import { limits } from './rate-meter';
import type { RateMeter } from './rate-meter';

export const multiplierUp = 5;
export const multiplierDown = 0.2;
/** How often one order may be amended. */
export const mostAmends = 10;

const stpModes = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'];

type Limits = Pick<RateMeter, 'weightPerMinute' | 'ordersPer10s'>;

export const orderLimitRows = ({ ordersPer10s }: Limits) =>
  [
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: ordersPer10s },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: limits.ordersPerDay },
  ] as const;

const rateLimitRows = (of: Limits): readonly Row[] => [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: of.weightPerMinute },
  ...orderLimitRows(of),
  { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 61_000 },
];

export const exchangeInfo = (markets: readonly Market[], now: number, of: Limits): Row => ({
  timezone: 'UTC',
  serverTime: now,
  rateLimits: rateLimitRows(of),
  exchangeFilters: [],
  symbols: markets.map(symbolRow),
});

function symbolRow(market: Market): Row {
  return {
    ...{
      symbol: market.symbol,
      status: market.status ?? 'TRADING',
      baseAsset: market.base,
      quoteAsset: market.quote,
    },
    ...{ baseAssetPrecision: 8, quotePrecision: 8, quoteAssetPrecision: 8 },
    ...{ baseCommissionPrecision: 8, quoteCommissionPrecision: 8 },
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
    ...{ icebergAllowed: false, ocoAllowed: false, otoAllowed: false, quoteOrderQtyMarketAllowed: false },
    ...{ allowTrailingStop: false, cancelReplaceAllowed: true, amendAllowed: true },
    ...{ isSpotTradingAllowed: true, isMarginTradingAllowed: false },
    ...{ permissions: [], permissionSets: [['SPOT']] },
    ...{ defaultSelfTradePreventionMode: 'EXPIRE_MAKER', allowedSelfTradePreventionModes: stpModes },
    filters: filtersOf(market),
  };
}

function filtersOf(market: Market): readonly Row[] {
  const up = String(multiplierUp);
  const down = String(multiplierDown);
  return [
    {
      ...{ filterType: 'PRICE_FILTER', minPrice: market.tickSize, maxPrice: '1000000.00000000' },
      tickSize: market.tickSize,
    },
    {
      ...{ filterType: 'LOT_SIZE', minQty: market.minQuantity, maxQty: market.maxQuantity },
      stepSize: market.lotSize,
    },
    {
      ...{ filterType: 'NOTIONAL', minNotional: market.minNotional, applyMinToMarket: true },
      ...{ maxNotional: '9000000.00000000', applyMaxToMarket: false, avgPriceMins: 5 },
    },
    {
      ...{ filterType: 'PERCENT_PRICE_BY_SIDE', bidMultiplierUp: up, bidMultiplierDown: down },
      ...{ askMultiplierUp: up, askMultiplierDown: down, avgPriceMins: 5 },
    },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: market.maxOpenOrders },
    { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: mostAmends },
  ];
}
