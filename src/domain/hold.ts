import BigNumber from 'bignumber.js';
import type { Instrument } from './instrument';
import type { Dec, Side, Ticks } from './units';

export interface Hold {
  readonly asset: string;
  /** Held per unit of base: price × (1 + fee) of quote for a buy, 1 of base for a sell. */
  readonly rate: Dec;
}

/** What an order holds while it is unended, per unit of base not yet booked. A rebate holds nothing extra. */
export function holdOf(rules: Instrument, side: Side, price: Ticks): Hold {
  if (side === 'sell') return { asset: rules.base, rate: '1' };
  const fee = new BigNumber(Math.max(0, rules.rules.makerFeeBps)).div(10_000);
  return {
    asset: rules.quote,
    rate: fee.plus(1).times(rules.price(price)).decimalPlaces(18, BigNumber.ROUND_CEIL).toFixed(),
  };
}
