import type { Grids, LevelBuffer } from './level-buffer';
import { LevelScanner, unread } from './level-scanner';

/** The bytes of a text of ASCII. */
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

const zero = 48;
const minus = 45;
const comma = 44;
const closeBrace = 125;
/** Integers of more digits are not plain numbers to `parseVenueJson`. */
const mostDigits = 15;
const mostBytes = 1_048_576;

/**
 * Walks the bytes of one frame from left to right. Whatever it is asked for and does not find as the venue writes it,
 * plain and without a space, it answers with false or `unread`, and the frame is read as JSON.
 */
export class FrameScanner {
  private readonly scanner: LevelScanner;
  private frame: Buffer = Buffer.alloc(0);
  private at = 0;

  /** So many texts of digits follow the price and the quantity of each level. */
  constructor(extraTexts = 0) {
    this.scanner = new LevelScanner(extraTexts);
  }

  /** No scan passes the brace at the end, so none leaves the frame. */
  begin(frame: Buffer): boolean {
    this.frame = frame;
    this.at = 0;
    return frame.length <= mostBytes && frame[frame.length - 1] === closeBrace;
  }

  get isAtEnd(): boolean {
    return this.at === this.frame.length;
  }

  text(wanted: Uint8Array): boolean {
    const { at, frame } = this;
    for (let i = 0; i < wanted.length; i += 1) if (frame[at + i] !== wanted[i]) return false;
    this.at = at + wanted.length;
    return true;
  }

  /** A whole number as JSON writes it. */
  integer(): number {
    const { frame } = this;
    const from = this.at;
    let at = from;
    let value = 0;
    let digit = frame[at]! - zero;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at += 1;
      digit = frame[at]! - zero;
    }
    this.at = at;
    const length = at - from;
    const isPlain = length === 1 || (length > 1 && length <= mostDigits && frame[from] !== zero);
    return isPlain ? value : unread;
  }

  /** Whether a whole number with or without a sign stands here, whatever it is. */
  passInteger(): boolean {
    if (this.frame[this.at] === minus) this.at += 1;
    return this.integer() !== unread;
  }

  /** Capital letters, digits and what joins two of them; empty for anything else. */
  name(): string {
    const from = this.at;
    let at = from;
    while (isNameByte(this.frame[at]!)) at += 1;
    this.at = at;
    return this.frame.toString('latin1', from, at);
  }

  /** The levels behind an opening bracket. */
  levels(into: LevelBuffer, grids: Grids): boolean {
    this.at = this.scanner.levels(this.frame, this.at, into, grids);
    return this.at !== unread;
  }

  /**
   * The fields of an object behind its opening brace, up to behind its closing one, in whatever order they come. `read`
   * is told the place of each key in `keys`. A bit for each key that was there, or `unread`: also for an unknown key, one
   * that comes twice, and an object without any.
   */
  fields(keys: readonly Uint8Array[], read: (key: number) => boolean): number {
    let seen = 0;
    do {
      const key = this.keyOf(keys);
      if (key < 0 || (seen & (1 << key)) !== 0 || !read(key)) return unread;
      seen |= 1 << key;
    } while (this.pass(comma));
    return this.pass(closeBrace) ? seen : unread;
  }

  private keyOf(keys: readonly Uint8Array[]): number {
    for (let key = 0; key < keys.length; key += 1) if (this.text(keys[key]!)) return key;
    return -1;
  }

  private pass(byte: number): boolean {
    if (this.frame[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }
}

const isNameByte = (byte: number): boolean =>
  (byte >= 65 && byte <= 90) || (byte >= zero && byte <= 57) || byte === 45 || byte === 95;
