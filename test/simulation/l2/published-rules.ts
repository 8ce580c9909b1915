import type { Market } from '../../../src/venue-simulator/venue-types';

/** What a venue publishes of one market, whatever it calls it. */
export interface PublishedMarket {
  readonly symbol: string;
  readonly isTrading: boolean;
  readonly tickSize: string;
  readonly stepSize: string;
  /** Undefined where the venue publishes none. */
  readonly minNotional: string | undefined;
}

/** Published markets in the shared words: those of the world, each with its filters. */
export const rulesBody = (rows: readonly PublishedMarket[], markets: readonly Market[]): object => ({
  symbols: rows
    .filter(({ symbol }) => markets.some((market) => market.symbol === symbol))
    .map(({ symbol, isTrading, tickSize, stepSize, minNotional }) => ({
      symbol,
      status: isTrading ? 'TRADING' : 'BREAK',
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: tickSize, tickSize },
        { filterType: 'LOT_SIZE', minQty: stepSize, stepSize },
        ...(minNotional === undefined ? [] : [{ filterType: 'NOTIONAL', minNotional }]),
      ],
    })),
});
