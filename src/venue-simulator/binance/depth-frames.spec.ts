import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { defaultMarkets } from '../default-markets';
import { DepthFrames } from './depth-frames';
import { MarketFormat, shown } from './market-format';

const format = new MarketFormat(defaultMarkets[0]!);
const change = (updateId: number, price: number, quantity: number) =>
  ({ type: 'depth', at: 1, symbol: 'BTCUSDT', updateId, side: 'buy', price, quantity }) as const;

it('keeps the last size of each price and covers every id without a gap', () => {
  const frames = new DepthFrames(format, 10);
  expect(frames.take(5)).toBeUndefined();
  for (const event of [change(11, 100, 7), change(12, 100, 0), change(13, 101, 2)]) frames.add(event);
  const frame = frames.take(5)!;
  const bids = [
    ['1.00000000', '0.00000000'],
    ['1.01000000', '0.00002000'],
  ];
  const asWritten = { e: 'depthUpdate', E: 5, s: 'BTCUSDT', U: 11, u: 13, b: bids, a: [] };
  expect(frame.text).toBe(JSON.stringify(asWritten));
  expect(frame).toMatchObject({ symbol: 'BTCUSDT', range: { first: 11, last: 13 }, bids, asks: [] });
  frames.add(change(20, 100, 1));
  expect(frames.take(6)?.range).toEqual({ first: 14, last: 20 });
});

it('begins after what went by while nobody would get it', () => {
  const frames = new DepthFrames(format, 10);
  frames.pass(change(11, 100, 7));
  frames.pass(change(12, 101, 7));
  frames.add(change(13, 102, 1));
  const frame = frames.take(5);
  expect(frame).toMatchObject({ range: { first: 13, last: 13 }, bids: [['1.02000000', '0.00001000']] });
});

it('writes amounts with eight decimals, as exact arithmetic does', () => {
  const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,12})([.][0-9]{1,12})?$/);
  fc.assert(
    fc.property(digits, fc.boolean(), (text, isNegative) => {
      const amount = isNegative ? `-${text}` : text;
      expect(shown(amount)).toBe(new BigNumber(amount).toFixed(8));
    }),
  );
});

it('writes the same count the same way again, however many others were written', () => {
  const fresh = (count: number): string => new MarketFormat(defaultMarkets[0]!).price(count);
  for (let count = 0; count < 10_000; count += 7) expect(format.price(count)).toBe(fresh(count));
  for (let count = 0; count < 10_000; count += 997) expect(format.price(count)).toBe(fresh(count));
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
