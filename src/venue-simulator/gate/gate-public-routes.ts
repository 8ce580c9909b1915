import { candlesOf, periodOf } from '../candles';
import { refusals } from './gate-errors';
import { isSet, optionalPairOf, pageFrom, pageOf, pairOf, textOf, wholeOf } from './gate-fields';
import type { Fields } from './gate-fields';
import {
  candleRow,
  currencyRow,
  levelRows,
  namedTickerRow,
  pairRow,
  publicTradeRow,
  tickerRow,
} from './gate-market-rows';
import type { Row } from './gate-order-rows';
import type { GatePair } from './gate-pairs';
import type { GateParts } from './gate-parts';
import { route } from './gate-routes';
import type { OpenRoute, Routes } from './gate-routes';

const usualLevels = 10;
const mostLevels = 1_000;
const mostTrades = 1_000;
const usualCandles = 100;

/** What anybody may ask. */
export function publicRoutes(parts: GateParts): Routes<OpenRoute> {
  const { pairs, now } = parts;
  return [
    [route('GET', '/spot/time'), () => ({ server_time: now() })],
    [route('GET', '/spot/currency_pairs'), () => pairs.all.map(pairRow)],
    [route('GET', '/spot/currency_pairs/{id}'), ({ id }) => pairRow(pairOf({ currency_pair: id }, pairs))],
    [route('GET', '/spot/currencies'), () => currenciesOf(parts).map(currencyRow)],
    [route('GET', '/spot/currencies/{id}'), ({ id }) => currency(parts, id)],
    // No margin here; clients that list every kind of market ask all the same.
    [route('GET', '/margin/currency_pairs'), () => []],
    [route('GET', '/margin/uni/currency_pairs'), () => []],
    [route('GET', '/spot/order_book'), ({ query }) => orderBook(parts, query)],
    [route('GET', '/spot/tickers'), ({ query }) => tickers(parts, query)],
    [route('GET', '/spot/candlesticks'), ({ query }) => candles(parts, query)],
    [route('GET', '/spot/trades'), ({ query }) => trades(parts, query)],
  ];
}

function currenciesOf({ pairs }: GateParts): readonly string[] {
  const listed = pairs.all.flatMap(({ format: { market } }) => [market.base, market.quote]);
  return [...new Set(listed)];
}

function currency(parts: GateParts, id: string): Row {
  if (!currenciesOf(parts).includes(id)) throw refusals.currency(id);
  return currencyRow(id);
}

async function orderBook(
  { core, faults, timers, pairs, changes, now }: GateParts,
  query: Fields,
): Promise<Row> {
  const pair = pairOf(query, pairs);
  const levels = wholeOf(query, 'limit') ?? usualLevels;
  if (levels < 1) throw refusals.illegal('limit');
  if (faults.snapshotDelayMs > 0)
    await new Promise<void>((resolve) => timers.set(faults.snapshotDelayMs, resolve));
  const depth = core.depth(pair.symbol, Math.min(levels, mostLevels));
  return {
    ...(isSet(query, 'with_id') ? { id: depth.updateId } : {}),
    current: now(),
    update: changes.ofBook(pair.symbol),
    asks: levelRows(depth.asks, pair),
    bids: levelRows(depth.bids, pair),
  };
}

function tickers({ core, pairs }: GateParts, query: Fields): readonly Row[] {
  const named = optionalPairOf(query, pairs);
  const row = (pair: GatePair): Row => {
    const toRow = named ? namedTickerRow : tickerRow;
    return toRow(core.depth(pair.symbol, 1), core.publicTrades(pair.symbol), pair);
  };
  return (named ? [named] : pairs.all).map(row);
}

/** Newest first. Behind `last_id`, or before it with `reverse`, else by time. */
function trades({ core, pairs }: GateParts, query: Fields): readonly Row[] {
  const pair = pairOf(query, pairs);
  const lastId = wholeOf(query, 'last_id');
  const isBackward = isSet(query, 'reverse');
  const [from = 0, to = Number.MAX_SAFE_INTEGER] = [wholeOf(query, 'from'), wholeOf(query, 'to')];
  const found = core
    .publicTrades(pair.symbol)
    .filter(({ tradeId, at }) => {
      if (lastId === undefined) return at >= from * 1_000 && at <= to * 1_000;
      const id = pair.globalId(tradeId);
      return isBackward ? id < lastId : id > lastId;
    })
    .toReversed();
  return pageFrom(found, pageOf(query, mostTrades)).map((trade) => publicTradeRow(trade, pair));
}

/** Oldest first: those between two times in seconds, or the latest. */
function candles({ core, pairs, now }: GateParts, query: Fields): readonly unknown[] {
  const pair = pairOf(query, pairs);
  const period = periodOf(textOf(query, 'interval') ?? '30m');
  if (period === undefined) throw refusals.illegal('interval');
  const limit = wholeOf(query, 'limit') ?? usualCandles;
  if (limit < 1 || limit > mostTrades) throw refusals.illegal('limit');
  const [from = 0, to = Infinity] = [wholeOf(query, 'from'), wholeOf(query, 'to')];
  return candlesOf(core.publicTrades(pair.symbol), period, now())
    .filter(({ openAt }) => openAt >= from * 1_000 && openAt <= to * 1_000)
    .slice(-limit)
    .map((candle) => candleRow(candle, pair, candle.openAt + period <= now()));
}
