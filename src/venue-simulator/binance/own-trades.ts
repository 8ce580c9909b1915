import type { OwnTrade } from '../venue-types';
import { refusals } from './binance-errors';
import type { Params } from './order-params';

const tradesPerPage = 500;
const mostTrades = 1_000;
const longestWindowMs = 86_400_000;

/** What may be asked for together, besides the symbol and the limit. */
const combinations: readonly string[] = [
  ...['', 'orderId', 'startTime', 'endTime', 'fromId'],
  ...['startTime,endTime', 'orderId,fromId'],
];

/**
 * A page of `myTrades`, ascending by id: the oldest from `fromId`, which is inclusive, or from `startTime` on, otherwise
 * the latest. Throws a refusal for a combination or a window that the venue does not take.
 */
export function ownTradesPage(params: Params, trades: readonly OwnTrade[]): readonly OwnTrade[] {
  const wholeOf = (name: string): number | undefined => whole(params, name);
  const [orderId, fromId, from, to] = ['orderId', 'fromId', 'startTime', 'endTime'].map(wholeOf);
  checkCombination(params);
  if (from !== undefined && to !== undefined && to - from > longestWindowMs) throw refusals.longWindow();
  const limit = wholeOf('limit') ?? tradesPerPage;
  if (limit < 1) throw refusals.illegal('limit');
  const found = trades.filter(
    (trade) =>
      (orderId === undefined || trade.orderId === orderId) &&
      trade.tradeId >= (fromId ?? 0) &&
      trade.at >= (from ?? 0) &&
      trade.at <= (to ?? Infinity),
  );
  const isForward = fromId !== undefined || from !== undefined;
  const count = Math.min(limit, mostTrades);
  return isForward ? found.slice(0, count) : found.slice(-count);
}

function checkCombination(params: Params): void {
  const named = ['orderId', 'startTime', 'endTime', 'fromId'].filter((name) => params.has(name));
  if (!combinations.includes(named.join(','))) throw refusals.combination();
}

function whole(params: Params, name: string): number | undefined {
  const text = params.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,16}$/.test(text)) throw refusals.illegal(name);
  return Number(text);
}
