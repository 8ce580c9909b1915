import { stateOfLegs } from './money-states';

describe('the money state', () => {
  it.each([
    ['0', '0', 'intent'],
    ['1', '0', 'awaiting_funds'],
    ['5', '99.99', 'awaiting_funds'],
    ['1', '100', 'funded'],
    ['1.5', '250', 'funded'],
  ])('with %s BTC and %s USDT of 1 and 100 is %s', (base, quote, state) => {
    const legs = [
      { asset: 'BTC', required: '1', credited: base },
      { asset: 'USDT', required: '100', credited: quote },
    ];
    expect(stateOfLegs(legs)).toBe(state);
  });
});
