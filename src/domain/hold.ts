import BigNumber from 'bignumber.js';
import { DecimalGrid } from './decimal-grid';
import type { Instrument } from './instrument';
import type { Dec, Side, Ticks } from './units';

export interface Hold {
  readonly asset: string;
  /** Held per unit of base: price × (1 + fee) of quote for a buy, 1 of base for a sell. */
  readonly rate: Dec;
}

const ratePlaces = 18;

/** What a buy holds per tick of its price, made once per instrument. */
const perTick = new WeakMap<Instrument, DecimalGrid>();

/** What an order holds while it is unended, per unit of base not yet booked. A rebate holds nothing extra. */
export function holdOf(rules: Instrument, side: Side, price: Ticks): Hold {
  if (side === 'sell') return { asset: rules.base, rate: '1' };
  let grid = perTick.get(rules);
  if (!grid) {
    const fee = new BigNumber(Math.max(0, rules.rules.makerFeeBps)).div(10_000);
    grid = new DecimalGrid(fee.plus(1).times(rules.rules.tickSize).toFixed());
    perTick.set(rules, grid);
  }
  const rate = grid.decimal(price);
  return { asset: rules.quote, rate: hasPlaces(rate) ? rate : roundedUp(rate) };
}

const hasPlaces = (rate: Dec): boolean =>
  rate.length - rate.indexOf('.') - 1 <= ratePlaces || !rate.includes('.');
const roundedUp = (rate: Dec): Dec =>
  new BigNumber(rate).decimalPlaces(ratePlaces, BigNumber.ROUND_CEIL).toFixed();
