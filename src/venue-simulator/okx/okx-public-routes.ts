import { candlesOf, periodOf } from '../candles';
import type { OkxInstrument, Row } from './okx-instruments';
import { instrumentRows } from './okx-instruments';
import { isOlder, instrumentOf, isSpot, optionalInstrumentOf, textOf, wholeOf } from './okx-fields';
import { refusals } from './okx-errors';
import type { Fields } from './okx-fields';
import { bookRow, candleRow, tickerRow, tradeRow } from './okx-market-rows';
import type { OkxParts } from './okx-parts';
import { route } from './okx-routes';
import type { OpenRoute, Routes } from './okx-routes';

const mostLevels = 400;
const mostLevelsFull = 5_000;
const mostTrades = 500;
const mostTradesPerPage = 100;
const mostCandles = 300;
const fiveSeconds = 5_000;

/** What anybody may ask. */
export function publicRoutes(parts: OkxParts): Routes<OpenRoute> {
  const { now, instruments } = parts;
  const ofSpot = (rows: (chosen: readonly OkxInstrument[]) => readonly Row[]) => (query: Fields) => {
    if (!isSpot(query)) return [];
    const given = optionalInstrumentOf(query, instruments);
    return rows(given ? [given] : instruments.all);
  };
  const tickers = (chosen: readonly OkxInstrument[]): readonly Row[] =>
    chosen.map((instrument) => ticker(parts, instrument));
  return [
    [route('GET', 'public/time'), { limit: 10, handle: () => [{ ts: String(now()) }] }],
    [route('GET', 'public/instruments'), { limit: 20, handle: ofSpot(instrumentRows) }],
    [route('GET', 'system/status'), { limit: 1, windowMs: fiveSeconds, handle: () => [] }],
    [route('GET', 'market/tickers'), { limit: 20, handle: ofSpot(tickers) }],
    [
      route('GET', 'market/ticker'),
      { limit: 20, handle: (query) => [ticker(parts, instrumentOf(query, instruments))] },
    ],
    [
      route('GET', 'market/books'),
      { limit: 40, handle: async (query) => [await book(parts, query, mostLevels)] },
    ],
    [
      route('GET', 'market/books-full'),
      { limit: 10, handle: async (query) => [await book(parts, query, mostLevelsFull)] },
    ],
    [route('GET', 'market/trades'), { limit: 100, handle: (query) => trades(parts, query, mostTrades) }],
    [
      route('GET', 'market/history-trades'),
      { limit: 20, handle: (query) => trades(parts, query, mostTradesPerPage) },
    ],
    [route('GET', 'market/candles'), { limit: 40, handle: (query) => candles(parts, query) }],
    [route('GET', 'market/history-candles'), { limit: 20, handle: (query) => candles(parts, query) }],
  ];
}

/** The price that trades next, and the day. */
function ticker({ core, now }: OkxParts, instrument: OkxInstrument): Row {
  const { symbol } = instrument;
  return tickerRow(core.depth(symbol, 1), core.publicTrades(symbol), instrument, now());
}

/** One level unless more are asked for; its sequence id is that of the channel. */
async function book(parts: OkxParts, query: Fields, most: number): Promise<Row> {
  const { core, faults, timers, now, sequences } = parts;
  const instrument = instrumentOf(query, parts.instruments);
  const levels = wholeOf(query, 'sz') ?? 1;
  if (levels < 1 || levels > most) throw refusals.illegal('sz');
  if (faults.snapshotDelayMs > 0) {
    await new Promise<void>((resolve) => timers.set(faults.snapshotDelayMs, resolve));
  }
  const depth = core.depth(instrument.symbol, levels);
  return bookRow(depth, sequences.of(instrument.symbol, depth.updateId), instrument, now());
}

/** Newest first; pages by trade id. */
function trades({ core, instruments }: OkxParts, query: Fields, most: number): readonly Row[] {
  const instrument = instrumentOf(query, instruments);
  const limit = wholeOf(query, 'limit') ?? 100;
  if (limit < 1 || limit > most) throw refusals.illegal('limit');
  const [after, before] = [textOf(query, 'after'), textOf(query, 'before')];
  const rows = core.publicTrades(instrument.symbol).toReversed();
  return rows
    .filter(({ tradeId }) => after === undefined || isOlder(String(tradeId), after))
    .filter(({ tradeId }) => before === undefined || isOlder(before, String(tradeId)))
    .slice(0, limit)
    .map((trade) => tradeRow(trade, instrument));
}

/** Newest first; pages by the time a candle begins. The one that still grows is marked as not confirmed. */
function candles({ core, instruments, now }: OkxParts, query: Fields): readonly unknown[] {
  const instrument = instrumentOf(query, instruments);
  const period = periodOf(textOf(query, 'bar') ?? '1m');
  if (period === undefined) throw refusals.illegal('bar');
  const limit = wholeOf(query, 'limit') ?? 100;
  if (limit < 1 || limit > mostCandles) throw refusals.illegal('limit');
  const [after = Infinity, before = -Infinity] = [wholeOf(query, 'after'), wholeOf(query, 'before')];
  return candlesOf(core.publicTrades(instrument.symbol), period, now())
    .filter(({ openAt }) => openAt < after && openAt > before)
    .slice(-limit)
    .toReversed()
    .map((candle) => candleRow(candle, instrument, candle.openAt + period <= now()));
}
