import BigNumber from 'bignumber.js';
import type { Dec } from '../domain/units';

const shownDecimals = 8;
const shownScale = 10 ** shownDecimals;
const shownZero = '0.00000000';
/** Decimals of a text that a plain number holds exactly together with what stands before the point. */
const exactDigits = 15;
const decimalPattern = /^\d+(\.\d+)?$/;

/**
 * Whole counts of one decimal step, such as a tick, as the eight-decimal texts venues write, and back. In integers
 * while they are exact, and otherwise in decimals: the answer is the same.
 */
export class Steps {
  private readonly size: BigNumber;
  private readonly decimals: number;
  /** One step, in the last of its own decimals. */
  private readonly units: number;
  private readonly scale: number;

  constructor(step: BigNumber.Value) {
    this.size = new BigNumber(step);
    this.decimals = this.size.decimalPlaces() ?? 0;
    this.units = this.size.shiftedBy(this.decimals).toNumber();
    this.scale = 10 ** this.decimals;
  }

  /** So many steps with eight decimals, a half rounded up. */
  textOf(count: number): Dec {
    if (count === 0) return shownZero; // Every level that goes.
    const shown = this.shownUnits(count);
    if (shown === undefined) return this.size.times(count).toFixed(shownDecimals);
    const fraction = shown % shownScale;
    return `${(shown - fraction) / shownScale}.${String(shownScale + fraction).slice(1)}`;
  }

  /** So many steps in the last of the eight decimals, a half rounded up; undefined where a number is not exact. */
  shownUnits(count: number): number | undefined {
    const units = count * this.units;
    if (this.decimals <= shownDecimals) return exact(units * 10 ** (shownDecimals - this.decimals));
    if (exact(units) === undefined) return undefined;
    const cut = 10 ** (this.decimals - shownDecimals);
    const rest = units % cut;
    return (units - rest) / cut + (2 * rest >= cut ? 1 : 0);
  }

  /** The count in a text; undefined when it is not a whole positive number of steps. */
  countOf(text: string): number | undefined {
    if (!decimalPattern.test(text)) return undefined;
    const point = text.indexOf('.');
    const places = point < 0 ? 0 : text.length - point - 1;
    if (text.length + this.decimals > exactDigits || places > this.decimals) return this.exactCountOf(text);
    const whole = Number(point < 0 ? text : text.slice(0, point));
    const fraction = point < 0 ? 0 : Number(text.slice(point + 1)) * 10 ** (this.decimals - places);
    const units = whole * this.scale + fraction;
    return units > 0 && units % this.units === 0 ? units / this.units : undefined;
  }

  private exactCountOf(text: string): number | undefined {
    const count = new BigNumber(text).div(this.size);
    return count.isInteger() && !count.isZero() ? count.toNumber() : undefined;
  }
}

const exact = (value: number): number | undefined =>
  value >= 0 && Number.isSafeInteger(value) ? value : undefined;
