import type { Lots, Ms, Ticks } from '../domain/units';
import type { PublicTrade } from './market-state';

/** One period of trading. Periods without a trade repeat the close of the one before. */
export interface Candle {
  readonly openAt: Ms;
  readonly open: Ticks;
  readonly high: Ticks;
  readonly low: Ticks;
  readonly close: Ticks;
  readonly lots: Lots;
  /** Σ price × quantity. */
  readonly tickLots: number;
  /** Of it, bought by takers. */
  readonly takerLots: Lots;
  readonly takerTickLots: number;
  readonly trades: number;
}

const unitMs: Readonly<Record<string, Ms>> = {
  ...{ s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
  ...{ H: 3_600_000, D: 86_400_000, W: 604_800_000 },
};
const longestMs = 604_800_000;
/** So that a short period over a long memory stays small. */
const mostCandles = 2_000;

/** Milliseconds of a period as the venues write it, `5m`, `1H` or `1Dutc`; undefined for what none of them offers. */
export function periodOf(text: string): Ms | undefined {
  const [, count, unit = ''] = /^(\d{1,2})([smhdwHDW])(?:utc)?$/.exec(text) ?? [];
  const period = Number(count) * (unitMs[unit] ?? Number.NaN);
  return period > 0 && period <= longestMs ? period : undefined;
}

/** The candles of the trades that are remembered, oldest first, up to now. */
export function candlesOf(trades: readonly PublicTrade[], periodMs: Ms, now: Ms): readonly Candle[] {
  const startOf = (at: Ms): Ms => at - (at % periodMs);
  const byStart = new Map<Ms, PublicTrade[]>();
  for (const trade of trades) {
    const start = startOf(trade.at);
    byStart.set(start, [...(byStart.get(start) ?? []), trade]);
  }
  const first = trades[0];
  if (!first) return [];
  const last = startOf(now);
  const begin = Math.max(startOf(first.at), last - (mostCandles - 1) * periodMs);
  const candles: Candle[] = [];
  for (let at = begin; at <= last; at += periodMs) {
    const own = byStart.get(at) ?? [];
    const before = candles.at(-1)?.close ?? first.price;
    candles.push(own.length === 0 ? quiet(at, before) : candle(at, own));
  }
  return candles;
}

function candle(openAt: Ms, trades: readonly PublicTrade[]): Candle {
  const prices = trades.map(({ price }) => price);
  const taken = trades.filter(({ taker }) => taker === 'buy');
  return {
    openAt,
    open: prices[0]!,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1)!,
    lots: lotsOf(trades),
    tickLots: valueOf(trades),
    takerLots: lotsOf(taken),
    takerTickLots: valueOf(taken),
    trades: trades.length,
  };
}

const quiet = (openAt: Ms, price: Ticks): Candle => ({
  ...{ openAt, open: price, high: price, low: price, close: price },
  ...{ lots: 0, tickLots: 0, takerLots: 0, takerTickLots: 0, trades: 0 },
});

const lotsOf = (trades: readonly PublicTrade[]): Lots =>
  trades.reduce((sum, { quantity }) => sum + quantity, 0);
const valueOf = (trades: readonly PublicTrade[]): number =>
  trades.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
