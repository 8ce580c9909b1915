import type { Market } from './venue-types';

const common = { quote: 'USDT', tickSize: '0.01', minNotional: '5', maxOpenOrders: 200 } as const;

/** What the simulated venue lists. */
export const defaultMarkets: readonly Market[] = [
  {
    ...{ ...common, symbol: 'BTCUSDT', base: 'BTC', startPrice: '65000' },
    ...{ lotSize: '0.00001', minQuantity: '0.00001', maxQuantity: '9000' },
  },
  {
    ...{ ...common, symbol: 'ETHUSDT', base: 'ETH', startPrice: '3100' },
    ...{ lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '9000' },
  },
  {
    ...{ ...common, symbol: 'SOLUSDT', base: 'SOL', startPrice: '148' },
    ...{ lotSize: '0.001', minQuantity: '0.001', maxQuantity: '90000' },
  },
];
