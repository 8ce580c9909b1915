import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { instrumentOf } from '../../test/support/decisions';
import { holdOf } from './hold';

describe('what an order holds', () => {
  it('is itself for a sale', () => {
    expect(holdOf(instrumentOf(), 'sell', 9_990)).toEqual({ asset: 'BTC', rate: '1' });
  });

  it.each([
    ['0.01', 7.5, 9_990, '99.974925'],
    ['0.01', -2, 9_990, '99.9'],
    ['1', 0, 100, '100'],
    ['0.000000000000001', 1.25, 3, '0.000000000000003001'],
  ])(
    'is price and fee for a buy, rounded up to 18 places: tick %s, %s bps',
    (tickSize, makerFeeBps, ticks, rate) => {
      expect(holdOf(instrumentOf({ tickSize, makerFeeBps }), 'buy', ticks)).toEqual({ asset: 'USDT', rate });
    },
  );

  it('is never less than the exact figure, and at most one unit of its last place more', () => {
    const decimals = fc.integer({ min: 0, max: 15 });
    const fee = fc.integer({ min: -100, max: 10_000 }).map((x) => x / 100);
    fc.assert(
      fc.property(decimals, fee, fc.integer({ min: 1, max: 999_999_999 }), (places, makerFeeBps, ticks) => {
        const tickSize = new BigNumber(10).pow(-places).toFixed();
        const rate = new BigNumber(holdOf(instrumentOf({ tickSize, makerFeeBps }), 'buy', ticks).rate);
        const exact = new BigNumber(Math.max(0, makerFeeBps)).div(1e4).plus(1).times(tickSize).times(ticks);
        expect(rate.gte(exact) && rate.minus(exact).lt('1e-18')).toBe(true);
      }),
    );
  });
});
