import type { Candle } from '../candles';
import type { CoreEvent, DepthView } from '../venue-types';
import type { MarketFormat } from './market-format';
import type { Row } from './order-rows';

type TradeEvent = Extract<CoreEvent, { type: 'trade' }>;

export const depthRow = (depth: DepthView, format: MarketFormat) => ({
  lastUpdateId: depth.updateId,
  bids: depth.bids.map(([price, quantity]) => [format.price(price), format.quantity(quantity)] as const),
  asks: depth.asks.map(([price, quantity]) => [format.price(price), format.quantity(quantity)] as const),
});

export const tradeFrame = (event: TradeEvent, format: MarketFormat): Row => ({
  e: 'trade',
  E: event.at,
  s: event.symbol,
  t: event.tradeId,
  p: format.price(event.price),
  q: format.quantity(event.quantity),
  T: event.at,
  m: event.taker === 'sell',
  M: true,
});

export const aggregateTradeFrame = (event: TradeEvent, format: MarketFormat): Row => {
  const id = event.tradeId;
  return { ...tradeFrame(event, format), e: 'aggTrade', a: id, f: id, l: id };
};

export const aggregateTradeRow = (event: TradeEvent, format: MarketFormat): Row => ({
  a: event.tradeId,
  p: format.price(event.price),
  q: format.quantity(event.quantity),
  f: event.tradeId,
  l: event.tradeId,
  T: event.at,
  m: event.taker === 'sell',
  M: true,
});

interface Best {
  readonly bid: string;
  readonly bidSize: string;
  readonly ask: string;
  readonly askSize: string;
}

export function bestOf(depth: DepthView, format: MarketFormat): Best {
  const [bid, bidSize] = depth.bids[0] ?? [0, 0];
  const [ask, askSize] = depth.asks[0] ?? [0, 0];
  return {
    bid: format.price(bid),
    bidSize: format.quantity(bidSize),
    ask: format.price(ask),
    askSize: format.quantity(askSize),
  };
}

export const bookTickerFrame = (depth: DepthView, format: MarketFormat): Row => {
  const best = bestOf(depth, format);
  const { symbol } = format.market;
  return { u: depth.updateId, s: symbol, b: best.bid, B: best.bidSize, a: best.ask, A: best.askSize };
};

export const bookTickerRow = (depth: DepthView, format: MarketFormat): Row => {
  const best = bestOf(depth, format);
  const sizes = { bidQty: best.bidSize, askQty: best.askSize };
  return { symbol: format.market.symbol, bidPrice: best.bid, askPrice: best.ask, ...sizes };
};

/** Day figures over the trades the venue still remembers. */
export function dayTickerRow(depth: DepthView, trades: readonly TradeEvent[], format: MarketFormat): Row {
  const best = bookTickerRow(depth, format);
  const [first, last] = [trades[0], trades.at(-1)];
  if (!first || !last) return { ...best, ...quietDay(depth.bids[0]?.[0] ?? 0, format) };
  const lots = trades.reduce((sum, { quantity }) => sum + quantity, 0);
  const tickLots = trades.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  const prices = trades.map(({ price }) => price);
  const change = last.price - first.price;
  return {
    ...best,
    lastPrice: format.price(last.price),
    lastQty: format.quantity(last.quantity),
    openPrice: format.price(first.price),
    prevClosePrice: format.price(first.price),
    priceChange: `${change < 0 ? '-' : ''}${format.price(Math.abs(change))}`,
    priceChangePercent: ((100 * change) / first.price).toFixed(3),
    weightedAvgPrice: format.price(Math.round(tickLots / lots)),
    highPrice: format.price(Math.max(...prices)),
    lowPrice: format.price(Math.min(...prices)),
    volume: format.quantity(lots),
    quoteVolume: format.quote(tickLots),
    openTime: first.at,
    closeTime: last.at,
    firstId: first.tradeId,
    lastId: last.tradeId,
    count: trades.length,
  };
}

const shortNames = {
  ...{ c: 'lastPrice', o: 'openPrice', h: 'highPrice', l: 'lowPrice', v: 'volume', q: 'quoteVolume' },
};

/** The day of `ticker/24hr` as the stream says it. */
export function tickerFrame(day: Row, symbol: string, at: number): Row {
  const more = {
    ...{ p: 'priceChange', P: 'priceChangePercent', w: 'weightedAvgPrice', x: 'prevClosePrice' },
    ...{ Q: 'lastQty', b: 'bidPrice', B: 'bidQty', a: 'askPrice', A: 'askQty', O: 'openTime' },
    ...{ C: 'closeTime', F: 'firstId', L: 'lastId', n: 'count' },
  };
  return { e: '24hrTicker', E: at, s: symbol, ...renamed(day, { ...shortNames, ...more }) };
}

/** Its short form: prices and volumes alone. */
export function miniTickerFrame(day: Row, symbol: string, at: number): Row {
  return { e: '24hrMiniTicker', E: at, s: symbol, ...renamed(day, shortNames) };
}

const renamed = (row: Row, names: Readonly<Record<string, string>>): Row =>
  Object.fromEntries(Object.entries(names).map(([short, long]) => [short, row[long]]));

/** A row of `klines`; its last field is out of use. */
export const candleRow = (candle: Candle, periodMs: number, format: MarketFormat): readonly unknown[] => [
  candle.openAt,
  format.price(candle.open),
  format.price(candle.high),
  format.price(candle.low),
  format.price(candle.close),
  format.quantity(candle.lots),
  candle.openAt + periodMs - 1,
  format.quote(candle.tickLots),
  candle.trades,
  format.quantity(candle.takerLots),
  format.quote(candle.takerTickLots),
  '0',
];

function quietDay(ticks: number, format: MarketFormat): Row {
  const price = format.price(ticks);
  const none = format.quantity(0);
  return {
    lastPrice: price,
    openPrice: price,
    prevClosePrice: price,
    highPrice: price,
    lowPrice: price,
    weightedAvgPrice: price,
    priceChange: format.price(0),
    priceChangePercent: '0.000',
    lastQty: none,
    volume: none,
    quoteVolume: none,
    openTime: 0,
    closeTime: 0,
    firstId: -1,
    lastId: -1,
    count: 0,
  };
}
