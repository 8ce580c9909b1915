import { candlesOf, periodOf } from './candles';

const trade = (at: number, price: number, quantity: number, taker: 'buy' | 'sell' = 'buy') => ({
  ...({ type: 'trade', at, symbol: 'BTCUSDT', tradeId: at, price, quantity, taker } as const),
});

it('gathers trades by period, and repeats the close where nothing traded', () => {
  const trades = [trade(61_000, 10, 2), trade(62_000, 14, 1, 'sell'), trade(63_000, 12, 1)];
  expect(candlesOf([...trades, trade(185_000, 9, 5)], 60_000, 190_000)).toEqual([
    {
      ...{ openAt: 60_000, open: 10, high: 14, low: 10, close: 12 },
      ...{ lots: 4, tickLots: 46, takerLots: 3, takerTickLots: 32, trades: 3 },
    },
    {
      ...{ openAt: 120_000, open: 12, high: 12, low: 12, close: 12 },
      ...{ lots: 0, tickLots: 0, takerLots: 0, takerTickLots: 0, trades: 0 },
    },
    {
      ...{ openAt: 180_000, open: 9, high: 9, low: 9, close: 9 },
      ...{ lots: 5, tickLots: 45, takerLots: 5, takerTickLots: 45, trades: 1 },
    },
  ]);
  expect(candlesOf([], 60_000, 190_000)).toEqual([]);
});

it.each([
  ['1m', 60_000],
  ['5m', 300_000],
  ['1H', 3_600_000],
  ['1Dutc', 86_400_000],
  ['7d', 604_800_000],
  ['1s', 1_000],
  ['1M', undefined],
  ['0m', undefined],
  ['2w', undefined],
  ['m', undefined],
])('reads the period %s', (text, expected) => expect(periodOf(text)).toBe(expected));
