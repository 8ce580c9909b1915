import type { CoreEvent, DepthView } from '../venue-types';
import type { MarketFormat } from './market-format';
import type { Row } from './order-rows';

type TradeEvent = Extract<CoreEvent, { type: 'trade' }>;

export const depthRow = (depth: DepthView, format: MarketFormat): Row => ({
  lastUpdateId: depth.updateId,
  bids: depth.bids.map(([price, quantity]) => [format.price(price), format.quantity(quantity)]),
  asks: depth.asks.map(([price, quantity]) => [format.price(price), format.quantity(quantity)]),
});

export const tradeFrame = (event: TradeEvent, format: MarketFormat): Row => ({
  ...{ e: 'trade', E: event.at, s: event.symbol, t: event.tradeId },
  ...{ p: format.price(event.price), q: format.quantity(event.quantity) },
  ...{ T: event.at, m: event.taker === 'sell', M: true },
});

export const aggregateTradeRow = (event: TradeEvent, format: MarketFormat): Row => ({
  ...{ a: event.tradeId, p: format.price(event.price), q: format.quantity(event.quantity) },
  ...{ f: event.tradeId, l: event.tradeId, T: event.at, m: event.taker === 'sell', M: true },
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
    ...{ bid: format.price(bid), bidSize: format.quantity(bidSize) },
    ...{ ask: format.price(ask), askSize: format.quantity(askSize) },
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
  const { bidPrice, bidQty, askPrice, askQty } = bookTickerRow(depth, format);
  const prices = trades.map(({ price }) => price);
  const last = prices.at(-1) ?? depth.bids[0]?.[0] ?? 0;
  const first = prices[0] ?? last;
  const lots = trades.reduce((sum, { quantity }) => sum + quantity, 0);
  const tickLots = trades.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  const change = last - first;
  return {
    ...{ symbol: format.market.symbol, bidPrice, bidQty, askPrice, askQty },
    ...{ lastPrice: format.price(last), lastQty: format.quantity(trades.at(-1)?.quantity ?? 0) },
    ...{ openPrice: format.price(first), prevClosePrice: format.price(first) },
    priceChange: `${change < 0 ? '-' : ''}${format.price(Math.abs(change))}`,
    priceChangePercent: first === 0 ? '0.000' : ((100 * change) / first).toFixed(3),
    weightedAvgPrice: format.price(lots === 0 ? last : Math.round(tickLots / lots)),
    highPrice: format.price(prices.reduce((a, b) => Math.max(a, b), last)),
    lowPrice: format.price(prices.reduce((a, b) => Math.min(a, b), last)),
    ...{ volume: format.quantity(lots), quoteVolume: format.quote(tickLots) },
    ...{ openTime: trades[0]?.at ?? 0, closeTime: trades.at(-1)?.at ?? 0 },
    ...{ firstId: trades[0]?.tradeId ?? -1, lastId: trades.at(-1)?.tradeId ?? -1, count: trades.length },
  };
}
