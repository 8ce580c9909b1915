import type { Candle } from '../candles';
import type { CoreEvent, DepthView } from '../venue-types';
import type { OkxInstrument, Row } from './okx-instruments';

type TradeEvent = Extract<CoreEvent, { type: 'trade' }>;
type LevelRow = readonly [price: string, size: string, deprecated: '0', orders: string];

/**
 * `[price, size, "0", orders]`; a size of `0` takes the level away. The count of orders is not told apart: a level
 * that is there has one.
 */
export const levelRows = (levels: DepthView['bids'], instrument: OkxInstrument): readonly LevelRow[] =>
  levels.map(([price, lots]) => [
    ...([instrument.price(price), instrument.size(lots), '0', lots === 0 ? '0' : '1'] as const),
  ]);

export const bookRow = (
  { bids, asks }: Pick<DepthView, 'bids' | 'asks'>,
  seqId: number,
  instrument: OkxInstrument,
  at: number,
): Row => ({
  ...{ asks: levelRows(asks, instrument), bids: levelRows(bids, instrument), ts: String(at), seqId },
});

/** Empty texts where a side is empty. */
function bestOf(levels: DepthView['bids'], instrument: OkxInstrument): readonly [px: string, sz: string] {
  const [best] = levelRows(levels.slice(0, 1), instrument);
  return best ? [best[0], best[1]] : ['', ''];
}

/** Day figures over the trades the venue still remembers. */
export function tickerRow(
  depth: DepthView,
  trades: readonly TradeEvent[],
  instrument: OkxInstrument,
  at: number,
): Row {
  const [bidPx, bidSz] = bestOf(depth.bids, instrument);
  const [askPx, askSz] = bestOf(depth.asks, instrument);
  const [first, last] = [trades[0], trades.at(-1)];
  const prices = trades.map(({ price }) => price);
  const sum = (of: (trade: TradeEvent) => number): number => trades.reduce((all, one) => all + of(one), 0);
  const open = first ? instrument.price(first.price) : bidPx;
  return {
    ...{ instType: 'SPOT', instId: instrument.id, askPx, askSz, bidPx, bidSz },
    last: last ? instrument.price(last.price) : bidPx,
    lastSz: last ? instrument.size(last.quantity) : '0',
    ...{ open24h: open, sodUtc0: open, sodUtc8: open },
    high24h: last ? instrument.price(Math.max(...prices)) : bidPx,
    low24h: last ? instrument.price(Math.min(...prices)) : bidPx,
    vol24h: instrument.size(sum(({ quantity }) => quantity)),
    volCcy24h: instrument.quote(sum(({ quantity, price }) => quantity * price)),
    ts: String(at),
  };
}

/** `side` is the taker's. */
export const tradeRow = (trade: TradeEvent, instrument: OkxInstrument): Row => ({
  ...{ instId: instrument.id, tradeId: String(trade.tradeId), side: trade.taker, source: '0' },
  ...{ px: instrument.price(trade.price), sz: instrument.size(trade.quantity), ts: String(trade.at) },
});

/** A candle: time, four prices, volume in base, twice in quote, and whether its period is over. */
export const candleRow = (candle: Candle, instrument: OkxInstrument, isOver: boolean): readonly string[] => {
  const { openAt, open, high, low, close, lots, tickLots } = candle;
  const quote = instrument.quote(tickLots);
  const prices = [open, high, low, close].map((ticks) => instrument.price(ticks));
  return [String(openAt), ...prices, instrument.size(lots), quote, quote, isOver ? '1' : '0'];
};
