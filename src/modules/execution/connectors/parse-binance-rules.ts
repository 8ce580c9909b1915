import type { InstrumentRules } from '../../../domain/instrument';
import { cautious, countedTogether } from '../common/rate-limits';
import type { VenueLimits } from '../common/rate-limits';
import type { ListedSymbol } from './dialect';
import { listedSymbols, plain, positive } from './listed-symbol';
import { integerOf, recordOf, requireText, rowsOf, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';

const defaultFeeBps = 10;
const defaultMaxOrders = 200;

/** The spot symbols of `exchangeInfo`. One that cannot be read is left out: it is not tradable here. */
export function symbolsOf(json: unknown): readonly ListedSymbol[] {
  const rows = rowsOf(recordOf(json)?.['symbols']);
  if (!rows) throw new Error('exchangeInfo holds no symbols');
  return listedSymbols(
    rows.filter((row) => row['isSpotTradingAllowed'] !== false),
    rulesOf,
    stpModesOf,
  );
}

/** The limits the venue states; what it does not state stays cautious. */
export function limitsOf(json: unknown): VenueLimits {
  const rows = rowsOf(recordOf(json)?.['rateLimits']) ?? [];
  const find = (type: string, interval: string, count: number): number | undefined => {
    const row = rows.find(
      (r) =>
        r['rateLimitType'] === type && r['interval'] === interval && integerOf(r, 'intervalNum') === count,
    );
    return row ? integerOf(row, 'limit') : undefined;
  };
  return countedTogether({
    weightPerMinute: find('REQUEST_WEIGHT', 'MINUTE', 1) ?? cautious.weightPerMinute,
    ordersPer10s: find('ORDERS', 'SECOND', 10) ?? cautious.ordersPer10s,
    ordersPerDay: find('ORDERS', 'DAY', 1) ?? cautious.ordersPerDay,
  });
}

function stpModesOf(row: JsonRecord): readonly string[] {
  const modes = row['allowedSelfTradePreventionModes'];
  return Array.isArray(modes) ? modes.filter((mode) => typeof mode === 'string') : [];
}

function rulesOf(row: JsonRecord): InstrumentRules {
  const filters = rowsOf(row['filters']) ?? [];
  const filter = (type: string): JsonRecord | undefined => filters.find((f) => f['filterType'] === type);
  const price = required(filter('PRICE_FILTER'));
  const lot = required(filter('LOT_SIZE'));
  const notional = filter('NOTIONAL') ?? filter('MIN_NOTIONAL');
  const base = requireText(row, 'baseAsset');
  const quote = requireText(row, 'quoteAsset');
  return {
    venue: 'binance',
    id: `${base}/${quote}`,
    venueSymbol: requireText(row, 'symbol'),
    base,
    quote,
    tickSize: positive(requireText(price, 'tickSize')),
    lotSize: positive(requireText(lot, 'stepSize')),
    minQuantity: plain(requireText(lot, 'minQty')),
    maxQuantity: plain(requireText(lot, 'maxQty')),
    minNotional: plain((notional && textOf(notional, 'minNotional')) ?? '0'),
    makerFeeBps: defaultFeeBps,
    takerFeeBps: defaultFeeBps,
    maxOpenOrders: integerOf(filter('MAX_NUM_ORDERS') ?? {}, 'maxNumOrders') ?? defaultMaxOrders,
    status: statusOf(textOf(row, 'status')),
    ...percentPriceOf(filter('PERCENT_PRICE_BY_SIDE')),
  };
}

/** How far from its average price the venue takes orders; nothing when it does not say so. */
function percentPriceOf(row: JsonRecord | undefined): Pick<InstrumentRules, 'percentPrice'> {
  const factor = (name: string): number => Number((row && textOf(row, name)) ?? NaN);
  const bid = { down: factor('bidMultiplierDown'), up: factor('bidMultiplierUp') };
  const ask = { down: factor('askMultiplierDown'), up: factor('askMultiplierUp') };
  const isWhole = [bid.down, bid.up, ask.down, ask.up].every((value) => value > 0);
  return isWhole ? { percentPrice: { bid, ask } } : {};
}

function statusOf(status: string | undefined): InstrumentRules['status'] {
  if (status === 'TRADING') return 'trading';
  return status === 'CANCEL_ONLY' ? 'cancel_only' : 'halted';
}

function required(row: JsonRecord | undefined): JsonRecord {
  if (!row) throw new Error('a filter is missing');
  return row;
}
