import type { FleetRow, OwnQuote } from '../api/types';

export interface BestOwn {
  readonly bid: OwnQuote | undefined;
  readonly ask: OwnQuote | undefined;
}

/** Our best quote on each side: the highest bid and the lowest ask. */
export function bestOwn(quotes: readonly OwnQuote[]): BestOwn {
  const pick = (side: 'bid' | 'ask', better: (a: number, b: number) => boolean): OwnQuote | undefined =>
    quotes
      .filter((quote) => quote.side === side)
      .reduce<OwnQuote | undefined>(
        (best, quote) => (best && !better(Number(quote.price), Number(best.price)) ? best : quote),
        undefined,
      );
  return { bid: pick('bid', (a, b) => a > b), ask: pick('ask', (a, b) => a < b) };
}

/** Distance between our best bid and ask over the mid, in basis points. */
export function ownSpreadBps(row: FleetRow): number | undefined {
  const { bid, ask } = bestOwn(row.quotes);
  const mid = Number(row.mid);
  if (!bid || !ask || !(mid > 0)) return undefined;
  return ((Number(ask.price) - Number(bid.price)) / mid) * 1e4;
}
