import { defaultMarkets } from '../default-markets';
import { DepthFrames } from './depth-frames';
import { MarketFormat } from './market-format';

const format = new MarketFormat(defaultMarkets[0]!);
const change = (updateId: number, price: number, quantity: number) =>
  ({ type: 'depth', at: 1, symbol: 'BTCUSDT', updateId, side: 'buy', price, quantity }) as const;

it('keeps the last size of each price and covers every id without a gap', () => {
  const frames = new DepthFrames(format, 10);
  expect(frames.take(5)).toBeUndefined();
  for (const event of [change(11, 100, 7), change(12, 100, 0), change(13, 101, 2)]) frames.add(event);
  expect(frames.take(5)).toEqual({
    ...{ e: 'depthUpdate', E: 5, s: 'BTCUSDT', U: 11, u: 13, a: [] },
    b: [
      ['1.00000000', '0.00000000'],
      ['1.01000000', '0.00002000'],
    ],
  });
  frames.add(change(20, 100, 1));
  expect(frames.take(6)).toMatchObject({ U: 14, u: 20 });
});

it.each([
  ['65000.01', 6_500_001],
  ['65000.010', 6_500_001],
  ['65000.001', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['x', undefined],
])('reads %s as %s ticks', (text, ticks) => {
  expect(format.ticksOf(text)).toBe(ticks);
});

it('writes steps with eight decimals', () => {
  expect([format.price(1), format.price(6_500_001), format.quantity(123_456)]).toEqual([
    ...['0.01000000', '65000.01000000', '1.23456000'],
  ]);
  expect(format.quote(6_500_000 * 1_000)).toBe('650.00000000');
});
