import BigNumber from 'bignumber.js';
import type { Dec } from './units';

/** Divides to more places than the nearest double of a tiny quotient needs. */
const Precise = BigNumber.clone({ DECIMAL_PLACES: 60 });
/** Powers of ten that a double holds exactly. */
const powers: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Below this, a product of two doubles is off by less than half, so rounding finds the integer that was meant. */
const surelyRounded = 2 ** 51;
const plainDecimal = /^\d+(\.\d+)?$/;

/** The grid of a step such as 0.0025, kept as 25 × 10^-4. Doubles where they are exact, bignumber.js elsewhere. */
export class DecimalGrid {
  readonly step: BigNumber;
  private readonly units: number;
  private readonly decimals: number;

  constructor(step: Dec) {
    this.step = new BigNumber(step);
    this.decimals = this.step.decimalPlaces() ?? 0;
    this.units = this.step.shiftedBy(this.decimals).toNumber();
  }

  /** `count` steps as a decimal, exact. */
  decimal(count: number): Dec {
    const whole = count * this.units;
    const power = powers[this.decimals];
    if (!(whole >= 0 && whole < surelyRounded) || !Number.isInteger(count) || power === undefined) {
      return this.step.times(count).toFixed();
    }
    return withoutTrailingZeros((whole / power).toFixed(this.decimals));
  }

  /** A decimal in steps, the nearest double; it need not be on the grid. */
  count(decimal: Dec): number {
    if (decimal === '0') return 0; // A limit that is not set, asked for each tick.
    const dot = decimal.indexOf('.');
    const places = dot < 0 ? 0 : decimal.length - dot - 1;
    const power = powers[places];
    const whole = power === undefined ? NaN : Math.round(Number(decimal) * power);
    const steps = this.quotient(whole, places);
    return steps === undefined || !plainDecimal.test(decimal)
      ? new Precise(decimal).div(this.step).toNumber()
      : steps;
  }

  /** `whole` × 10^-`places` in steps by one division of exact integers; undefined when they are too large. */
  private quotient(whole: number, places: number): number | undefined {
    if (!(whole < surelyRounded)) return undefined;
    const by = powers[Math.abs(this.decimals - places)];
    if (by === undefined) return undefined;
    const [over, under] = this.decimals >= places ? [whole * by, this.units] : [whole, this.units * by];
    return over <= Number.MAX_SAFE_INTEGER && under <= Number.MAX_SAFE_INTEGER ? over / under : undefined;
  }
}

function withoutTrailingZeros(decimal: string): Dec {
  if (!decimal.includes('.')) return decimal;
  let end = decimal.length;
  while (decimal[end - 1] === '0') end -= 1;
  return decimal.slice(0, decimal[end - 1] === '.' ? end - 1 : end);
}
