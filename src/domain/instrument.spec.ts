import BigNumber from 'bignumber.js';
import fc from 'fast-check';
import { instrumentOf } from '../../test/support/decisions';
import { holdOf } from './hold';

describe('Instrument', () => {
  const instrument = instrumentOf({
    tickSize: '0.01',
    lotSize: '0.001',
    minQuantity: '0.0015',
    minNotional: '5',
  });

  it.each([
    ['100.00', 10_000],
    ['0.01', 1],
    ['99999.99', 9_999_999],
  ])('price %s is %d ticks', (price, ticks) => {
    expect(instrument.toTicks(price)).toBe(ticks);
  });

  it.each(['100.001', '-1', '10000000', 'x', 'Infinity'])('refuses the price %s', (price) => {
    expect(() => instrument.toTicks(price)).toThrow(expect.objectContaining({ code: 'OFF_TICK' }));
  });

  it.each([
    ['1', 1_000],
    ['0', 0],
    ['0.001', 1],
  ])('quantity %s is %d lots', (quantity, lots) => {
    expect(instrument.toLots(quantity)).toBe(lots);
  });

  it.each(['0.0001', '-0.001', '10000000000', 'x'])('refuses the quantity %s', (quantity) => {
    expect(() => instrument.toLots(quantity)).toThrow(expect.objectContaining({ code: 'OFF_LOT' }));
  });

  it('rounds settings and balances down', () => {
    expect(instrument.floorToLots('1.0009')).toBe(1_000);
  });

  it('keeps fractions of a tick for references', () => {
    expect(instrument.toFractionalTicks('100.0049')).toBeCloseTo(10_000.49, 9);
  });

  it('raises the minimum to a whole lot and to the minimum value', () => {
    expect(instrument.minLots).toBe(2);
    expect(instrument.minLotsAt(10_000)).toBe(50);
    expect(instrument.minLotsAt(9_999)).toBe(51);
    expect(instrument.minLotsAt(10_000_000)).toBe(2);
    expect(instrument.minLotsAt(0)).toBe(2);
  });

  it('the minimum is the least quantity whose exact value is enough', () => {
    const minimums = fc.integer({ min: 1, max: 1e8 }).map((n) => String(n / 1e4));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e8 }), minimums, (ticks, minNotional) => {
        const any = instrumentOf({ tickSize: '0.01', lotSize: '0.001', minQuantity: '0', minNotional });
        const least = any.minLotsAt(ticks);
        expect(new BigNumber(any.notional(ticks, least)).gte(minNotional)).toBe(true);
        if (least > 1) expect(new BigNumber(any.notional(ticks, least - 1)).lt(minNotional)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('goes to decimals and back without loss on any grid', () => {
    const grid = fc.record({ tick: fc.integer({ min: 0, max: 12 }), lot: fc.integer({ min: 0, max: 12 }) });
    const size = (decimals: number): string => (decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`);
    fc.assert(
      fc.property(
        grid,
        fc.integer({ min: 1, max: 999_999_999 }),
        fc.integer({ min: 0, max: 1e12 }),
        (g, ticks, lots) => {
          const any = instrumentOf({ tickSize: size(g.tick), lotSize: size(g.lot) });
          expect(any.toTicks(any.price(ticks))).toBe(ticks);
          expect(any.toLots(any.quantity(lots))).toBe(lots);
          expect(any.price(ticks)).not.toMatch(/e/);
        },
      ),
    );
  });

  it('multiplies exactly', () => {
    expect(instrument.notional(9_990, 1_001)).toBe('99.9999');
  });
});

describe('holdOf', () => {
  it('holds the worst fee of a buy, and nothing extra for a rebate or a sell', () => {
    expect(holdOf(instrumentOf({ makerFeeBps: 10 }), 'buy', 9_990)).toEqual({
      asset: 'USDT',
      rate: '99.9999',
    });
    expect(holdOf(instrumentOf({ makerFeeBps: -1 }), 'buy', 9_990)).toEqual({ asset: 'USDT', rate: '99.9' });
    expect(holdOf(instrumentOf(), 'sell', 9_990)).toEqual({ asset: 'BTC', rate: '1' });
  });
});
