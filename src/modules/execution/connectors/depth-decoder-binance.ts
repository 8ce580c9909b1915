import type { VenueEvent } from '../../../domain/venue-event';
import type { FrameDecoder, FrameStamp, SymbolFinder } from './dialect';
import { LevelBuffer } from './level-buffer';
import type { Grids } from './level-buffer';
import { LevelScanner, unread } from './level-scanner';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
/** What stands between the values of the frame, in the one order the venue writes it. */
const parts = {
  time: bytesOf('{"e":"depthUpdate","E":'),
  symbol: bytesOf(',"s":"'),
  firstId: bytesOf('","U":'),
  lastId: bytesOf(',"u":'),
  bids: bytesOf(',"b":['),
  asks: bytesOf(',"a":['),
};
const zero = 48;
const closeBrace = 125;
/** Integers of more digits are not plain numbers to `parseVenueJson`. */
const mostDigits = 15;
const mostBytes = 1_048_576;

/**
 * Depth frames of Binance spot, read from their bytes into ticks and lots: no JSON, no strings, no objects but the
 * event. It knows the one form in which the venue writes a frame; for every other it answers undefined and has told
 * nobody, and the frame is read as JSON. The level buffers are reused: an event is read before the next frame.
 */
export class BinanceDepthDecoder implements FrameDecoder {
  private readonly bids = new LevelBuffer();
  private readonly asks = new LevelBuffer();
  private readonly scanner = new LevelScanner();
  private at = 0;

  constructor(private readonly symbolOf: SymbolFinder) {}

  event(frame: Buffer, stamp: FrameStamp): VenueEvent | undefined {
    // No scan passes the brace at the end, so none leaves the frame.
    if (frame.length > mostBytes || frame[frame.length - 1] !== closeBrace) return undefined;
    this.at = 0;
    const venueTime = this.integer(frame, parts.time);
    const symbol = this.symbolOf(this.name(frame));
    const firstId = this.integer(frame, parts.firstId);
    const lastId = this.integer(frame, parts.lastId);
    if (!symbol || venueTime < 0 || firstId < 0 || lastId < 0) return undefined;
    const { instrument, grids } = symbol;
    if (!this.levels(frame, parts.bids, this.bids, grids)) return undefined;
    if (!this.levels(frame, parts.asks, this.asks, grids) || this.at !== frame.length - 1) return undefined;
    return {
      type: 'depth',
      venue: 'binance',
      receivedAt: stamp.receivedAt,
      generation: stamp.generation,
      instrument,
      bids: this.bids,
      asks: this.asks,
      snapshot: false,
      firstId,
      lastId,
      prevId: undefined,
      venueTime,
    };
  }

  private levels(frame: Buffer, behind: Uint8Array, into: LevelBuffer, grids: Grids): boolean {
    if (!this.text(frame, behind)) return false;
    this.at = this.scanner.levels(frame, this.at, into, grids);
    return this.at !== unread;
  }

  private text(frame: Buffer, wanted: Uint8Array): boolean {
    const { at } = this;
    for (let i = 0; i < wanted.length; i += 1) if (frame[at + i] !== wanted[i]) return false;
    this.at = at + wanted.length;
    return true;
  }

  /** A whole number as JSON writes it, behind this text. */
  private integer(frame: Buffer, behind: Uint8Array): number {
    if (!this.text(frame, behind)) return unread;
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

  /** Capital letters and digits; empty for anything else. */
  private name(frame: Buffer): string {
    if (!this.text(frame, parts.symbol)) return '';
    const from = this.at;
    let at = from;
    while (isNameByte(frame[at]!)) at += 1;
    this.at = at;
    return frame.toString('latin1', from, at);
  }
}

const isNameByte = (byte: number): boolean => (byte >= 65 && byte <= 90) || (byte >= zero && byte <= 57);
