import type { Dec } from '../../../domain/units';

/** What `units` answers for a text that is not on the grid. */
export const offGrid = -1;
const zero = 48;

/**
 * Turns decimal strings into whole multiples of a step by walking digits: no floating point division, no
 * intermediate objects. Exact up to 2^53 units of the step's last decimal.
 */
export class DecimalGrid {
  readonly decimals: number;
  /** The step in units of its last decimal. */
  readonly unit: number;

  constructor(private readonly step: Dec) {
    const [whole = '0', fraction = ''] = step.split('.');
    const significant = fraction.replace(/0+$/, '');
    this.decimals = significant.length;
    this.unit = Number(whole + significant);
  }

  /** The multiple of the step, or `offGrid` for a malformed, negative, too large or unaligned text. */
  units(text: string): number {
    const scaled = this.scaled(text);
    if (scaled < 0) return offGrid;
    if (this.unit === 1) return scaled;
    return scaled % this.unit === 0 ? scaled / this.unit : offGrid;
  }

  /**
   * The multiple of the step, not always a whole one: orders from before a venue made its step coarser rest on with the
   * quantity they had. `offGrid` for what is no quantity.
   */
  amount(text: string): number {
    const whole = this.units(text);
    if (whole !== offGrid || !/^\d+(\.\d+)?$/.test(text)) return whole;
    return Number(text) / Number(this.step);
  }

  private scaled(text: string): number {
    const point = text.indexOf('.');
    const wholeEnd = point < 0 ? text.length : point;
    let value = wholeEnd === 0 ? offGrid : digits(text, 0, wholeEnd, 0);
    if (value < 0) return offGrid;
    const cut = Math.min(text.length, wholeEnd + 1 + this.decimals);
    if (point >= 0) value = digits(text, wholeEnd + 1, cut, value);
    const given = point < 0 ? 0 : Math.max(0, cut - wholeEnd - 1);
    for (let missing = given; missing < this.decimals && value >= 0; missing += 1) value *= 10;
    if (value > Number.MAX_SAFE_INTEGER) return offGrid;
    return restIsZero(text, cut) ? value : offGrid;
  }
}

function digits(text: string, from: number, to: number, start: number): number {
  let value = start;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return offGrid;
    value = value * 10 + digit;
  }
  return value;
}

function restIsZero(text: string, from: number): boolean {
  for (let i = from; i < text.length; i += 1) {
    if (text.charCodeAt(i) !== zero) return false;
  }
  return true;
}
