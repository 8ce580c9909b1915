import type { Candle } from '../candles';
import type { CoreEvent, DepthView, Market } from '../venue-types';
import { preciseTime } from './gate-order-rows';
import type { Row } from './gate-order-rows';
import { seconds } from './gate-pairs';
import type { GatePair } from './gate-pairs';

type TradeEvent = Extract<CoreEvent, { type: 'trade' }>;
type Levels = DepthView['bids'];

const tradingSince = 1_516_378_650;
const mostQuote = '10000000';

const decimalsOf = (step: string): number => step.split('.')[1]?.length ?? 0;

export function pairRow(pair: GatePair): Row {
  const { market } = pair.format;
  return {
    id: pair.id,
    base: market.base,
    base_name: market.base,
    quote: market.quote,
    quote_name: market.quote,
    fee: '0.1',
    min_base_amount: market.minQuantity,
    min_quote_amount: market.minNotional,
    max_base_amount: market.maxQuantity,
    max_quote_amount: mostQuote,
    amount_precision: decimalsOf(market.lotSize),
    precision: decimalsOf(market.tickSize),
    trade_status: isTradable(market) ? 'tradable' : 'untradable',
    sell_start: tradingSince,
    buy_start: tradingSince,
    delisting_time: 0,
    type: 'normal',
    trade_url: `https://www.gate.com/trade/${pair.id}`,
    st_tag: false,
  };
}

export const isTradable = ({ status }: Market): boolean => (status ?? 'TRADING') === 'TRADING';

export const currencyRow = (currency: string): Row => ({
  currency,
  name: currency,
  delisted: false,
  withdraw_disabled: true,
  withdraw_delayed: false,
  deposit_disabled: true,
  trade_disabled: false,
  fixed_rate: '',
  chain: currency,
  chains: [],
});

/** `[price, amount]` of each level; an amount of `0` takes the level away. */
export const levelRows = (levels: Levels, pair: GatePair): readonly (readonly [string, string])[] =>
  levels.map(([price, lots]) => [pair.price(price), pair.amount(lots)]);

interface Best {
  readonly bid: string;
  readonly bidSize: string;
  readonly ask: string;
  readonly askSize: string;
}

/** Empty texts where a side is empty. */
function bestOf({ bids, asks }: DepthView, pair: GatePair): Best {
  const [[bid = '', bidSize = ''] = [], [ask = '', askSize = ''] = []] = [
    levelRows(bids.slice(0, 1), pair)[0],
    levelRows(asks.slice(0, 1), pair)[0],
  ];
  return { bid, bidSize, ask, askSize };
}

/** Day figures over the trades the venue still remembers. */
export function tickerRow(depth: DepthView, trades: readonly TradeEvent[], pair: GatePair): Row {
  const { bid, ask } = bestOf(depth, pair);
  const [first, last] = [trades[0], trades.at(-1)];
  const prices = trades.map(({ price }) => price);
  const sum = (of: (trade: TradeEvent) => number): number =>
    trades.reduce((all, trade) => all + of(trade), 0);
  const change = first && last ? (100 * (last.price - first.price)) / first.price : 0;
  return {
    currency_pair: pair.id,
    last: last ? pair.price(last.price) : bid,
    lowest_ask: ask,
    highest_bid: bid,
    change_percentage: change.toFixed(4),
    base_volume: pair.amount(sum(({ quantity }) => quantity)),
    quote_volume: pair.quote(sum(({ quantity, price }) => quantity * price)),
    high_24h: last ? pair.price(Math.max(...prices)) : bid,
    low_24h: last ? pair.price(Math.min(...prices)) : bid,
  };
}

/** The sizes at the touch are told of one pair asked for by name only. */
export function namedTickerRow(depth: DepthView, trades: readonly TradeEvent[], pair: GatePair): Row {
  const { bidSize, askSize } = bestOf(depth, pair);
  return { ...tickerRow(depth, trades, pair), lowest_size: askSize, highest_size: bidSize };
}

/** `taker` is the side. */
export const publicTradeRow = (trade: TradeEvent, pair: GatePair): Row => ({
  id: String(pair.globalId(trade.tradeId)),
  create_time: String(seconds(trade.at)),
  create_time_ms: preciseTime(trade.at),
  currency_pair: pair.id,
  side: trade.taker,
  amount: pair.amount(trade.quantity),
  price: pair.price(trade.price),
  sequence_id: String(trade.tradeId),
});

/** Of `spot.trades`; ids and seconds are numbers here. */
export const tradeEventRow = (trade: TradeEvent, pair: GatePair): Row => ({
  id: pair.globalId(trade.tradeId),
  id_market: trade.tradeId,
  create_time: seconds(trade.at),
  create_time_ms: preciseTime(trade.at),
  side: trade.taker,
  currency_pair: pair.id,
  amount: pair.amount(trade.quantity),
  price: pair.price(trade.price),
  range: `${trade.tradeId}-${trade.tradeId}`,
});

export function bookTickerRow(depth: DepthView, pair: GatePair, at: number): Row {
  const { bid, bidSize, ask, askSize } = bestOf(depth, pair);
  return { t: at, u: depth.updateId, s: pair.id, b: bid, B: bidSize, a: ask, A: askSize };
}

/** A candle: time in seconds, volume in quote, close, high, low, open, volume in base, and whether its period is over. */
export const candleRow = (candle: Candle, pair: GatePair, isOver: boolean): readonly string[] => {
  const { openAt, open, high, low, close, lots, tickLots } = candle;
  const prices = [close, high, low, open].map((ticks) => pair.price(ticks));
  return [String(seconds(openAt)), pair.quote(tickLots), ...prices, pair.amount(lots), String(isOver)];
};
