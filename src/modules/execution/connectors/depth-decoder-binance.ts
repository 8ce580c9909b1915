import type { DepthFrame, FrameDecoder, SymbolFinder } from './dialect';
import { bytesOf, FrameScanner } from './frame-scanner';
import { LevelBuffer } from './level-buffer';
import type { Grids } from './level-buffer';
import { unread } from './level-scanner';

/** What stands between the values of the frame, in the one order the venue writes it. */
const parts = {
  time: bytesOf('{"e":"depthUpdate","E":'),
  symbol: bytesOf(',"s":"'),
  firstId: bytesOf('","U":'),
  lastId: bytesOf(',"u":'),
  bids: bytesOf(',"b":['),
  asks: bytesOf(',"a":['),
  end: bytesOf('}'),
};

/**
 * Depth frames of Binance spot, read from their bytes into ticks and lots: no JSON, no strings, no objects but one. It
 * knows the one form in which the venue writes a frame; for every other it answers undefined and has told nobody, and the
 * frame is read as JSON.
 */
export class BinanceDepthDecoder implements FrameDecoder {
  private readonly bids = new LevelBuffer();
  private readonly asks = new LevelBuffer();
  private readonly scanner = new FrameScanner();

  constructor(private readonly symbolOf: SymbolFinder) {}

  depth(frame: Buffer): DepthFrame | undefined {
    const { scanner, bids, asks } = this;
    if (!scanner.begin(frame)) return undefined;
    const venueTime = this.integer(parts.time);
    const symbol = this.symbolOf(scanner.text(parts.symbol) ? scanner.name() : '');
    const firstId = this.integer(parts.firstId);
    const last = this.integer(parts.lastId);
    if (!symbol || venueTime < 0 || firstId < 0 || last < 0) return undefined;
    if (!this.sides(symbol.grids) || !scanner.text(parts.end) || !scanner.isAtEnd) return undefined;
    const previous = firstId - 1;
    const unset = { prevId: undefined, problem: undefined };
    return { symbol, isSnapshot: false, previous, last, venueTime, bids, asks, ...unset };
  }

  private sides(grids: Grids): boolean {
    const { scanner } = this;
    if (!scanner.text(parts.bids) || !scanner.levels(this.bids, grids)) return false;
    return scanner.text(parts.asks) && scanner.levels(this.asks, grids);
  }

  private integer(behind: Uint8Array): number {
    return this.scanner.text(behind) ? this.scanner.integer() : unread;
  }
}
