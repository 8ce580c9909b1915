import { maxLots, maxTicks } from '../../../domain/instrument';
import type { DecimalGrid } from './decimal-grid';
import type { Grids, LevelBuffer } from './level-buffer';

/** What a scan answers when it met a byte it does not expect. */
export const unread = -1;

const zero = 48;
const quote = 34;
const point = 46;
const comma = 44;
const openBracket = 91;
const closeBracket = 93;
/** Digits that 32 bits hold whatever they are. */
const mostDigits = 9;
/** `["1","1"],` */
const leastLevelBytes = 10;

const powers = Array.from({ length: mostDigits + 1 }, (_, i) => 10 ** i);

/**
 * Reads lists of levels, `[["price","quantity"],…]`, where some venues add texts of digits, from the bytes of a frame: no strings, no objects. It knows digits,
 * one point and the punctuation around them; whatever else it meets, it gives up, and the frame is read as JSON. The
 * frame ends in a byte that is none of these, so a scan never leaves it.
 */
export class LevelScanner {
  private at = 0;

  constructor(private readonly extraTexts = 0) {}

  /** Fills the buffer with the list whose opening bracket was before `from`; where the list ends, or `unread`. */
  levels(bytes: Uint8Array, from: number, into: LevelBuffer, grids: Grids): number {
    into.begin(bytes.length / leastLevelBytes);
    if (bytes[from] === closeBracket) return from + 1;
    if (grids.price.decimals > mostDigits || grids.quantity.decimals > mostDigits) return unread;
    this.at = from;
    do {
      if (!this.level(bytes, into, grids)) return unread;
    } while (bytes[this.at - 1] === comma);
    return bytes[this.at - 1] === closeBracket ? this.at : unread;
  }

  private level(bytes: Uint8Array, into: LevelBuffer, { price, quantity }: Grids): boolean {
    if (!this.punctuation(bytes, openBracket)) return false;
    const ticks = this.units(bytes, price, maxTicks);
    if (ticks < 0 || !this.punctuation(bytes, comma)) return false;
    const lots = this.units(bytes, quantity, maxLots);
    if (lots < 0 || !this.passExtras(bytes) || bytes[this.at] !== closeBracket) return false;
    into.ticks[into.length] = ticks;
    into.lots[into.length] = lots;
    into.length += 1;
    this.at += 2;
    return true;
  }

  private passExtras(bytes: Uint8Array): boolean {
    for (let i = 0; i < this.extraTexts; i += 1) {
      if (!this.punctuation(bytes, comma)) return false;
      this.digits(bytes);
      if (bytes[this.at] !== quote) return false;
      this.at += 1;
    }
    return true;
  }

  /** What stands before a decimal: this byte and a quote. */
  private punctuation(bytes: Uint8Array, byte: number): boolean {
    const { at } = this;
    this.at = at + 2;
    return bytes[at] === byte && bytes[at + 1] === quote;
  }

  /** The multiple of the step in the decimal up to its closing quote, and behind that. */
  private units(bytes: Uint8Array, { decimals, unit }: DecimalGrid, limit: number): number {
    const from = this.at;
    const whole = this.digits(bytes);
    if (this.at === from || this.at - from > mostDigits) return unread;
    const fraction = bytes[this.at] === point ? this.fraction(bytes, decimals) : 0;
    if (fraction < 0 || bytes[this.at] !== quote) return unread;
    this.at += 1;
    const scaled = whole * powers[decimals]! + fraction;
    const steps = unit === 1 ? scaled : stepsIn(scaled, unit);
    return steps < limit ? steps : unread;
  }

  /** The digits behind the point as an integer of so many decimals; those beyond have to be zeros. */
  private fraction(bytes: Uint8Array, decimals: number): number {
    const from = this.at + 1;
    let at = from;
    let value = 0;
    let digit = bytes[at]! - zero;
    while (digit >= 0 && digit <= 9 && at - from < decimals) {
      value = (value * 10 + digit) | 0;
      at += 1;
      digit = bytes[at]! - zero;
    }
    const missing = decimals - (at - from);
    while (digit === 0) {
      at += 1;
      digit = bytes[at]! - zero;
    }
    this.at = at;
    if (at === from) return unread;
    return missing === 0 ? value : value * powers[missing]!;
  }

  /** The digits up to the next other byte; of a number too long for 32 bits, something else. */
  private digits(bytes: Uint8Array): number {
    let { at } = this;
    let value = 0;
    let digit = bytes[at]! - zero;
    while (digit >= 0 && digit <= 9) {
      value = (value * 10 + digit) | 0;
      at += 1;
      digit = bytes[at]! - zero;
    }
    this.at = at;
    return value;
  }
}

function stepsIn(scaled: number, unit: number): number {
  return scaled <= Number.MAX_SAFE_INTEGER && scaled % unit === 0 ? scaled / unit : unread;
}
