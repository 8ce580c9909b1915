import { pnlOf } from './fleet-row';

describe('the worth of a strategy', () => {
  const given = { base: '1', quote: '100' };

  it('is unknown without a price', () => {
    expect(pnlOf(given, given, undefined, '100')).toEqual({ equityQuote: null, netQuote: null });
  });

  it('is nothing gained when nothing happened', () => {
    expect(pnlOf(given, given, '100', '100')).toEqual({ equityQuote: '200', netQuote: '0' });
  });

  it('counts trades and the move of the price', () => {
    // Bought 0.5 at 90, now at 110: 1.5 × 110 + 55 against 200.
    expect(pnlOf({ base: '1.5', quote: '55' }, given, '110', '100')).toEqual({
      equityQuote: '220',
      netQuote: '20',
    });
  });
});
