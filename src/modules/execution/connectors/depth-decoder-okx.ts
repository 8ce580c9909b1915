import type { DepthFrame, FrameDecoder, MarketSymbol, SymbolFinder } from './dialect';
import { bytesOf, FrameScanner } from './frame-scanner';
import { LevelBuffer } from './level-buffer';
import { unread } from './level-scanner';

const parts = {
  symbol: bytesOf('{"arg":{"channel":"books","instId":"'),
  update: bytesOf('"},"action":"update","data":[{'),
  snapshot: bytesOf('"},"action":"snapshot","data":[{'),
  end: bytesOf(']}'),
  quote: bytesOf('"'),
  minusOne: bytesOf('-1'),
};
const keys = ['asks":[', 'bids":[', 'ts":"', 'checksum":', 'prevSeqId":', 'seqId":'].map((key) =>
  bytesOf(`"${key}`),
);
const everyKey = (1 << keys.length) - 1;
/** Behind price and quantity: one that is not in use any more, and the number of orders. */
const extraTexts = 2;

/**
 * Frames of `books`, read from their bytes into ticks and lots. It knows a frame of one row with its six fields, in
 * whatever order those come; every other is read as JSON.
 */
export class OkxDepthDecoder implements FrameDecoder {
  private readonly bids = new LevelBuffer();
  private readonly asks = new LevelBuffer();
  private readonly scanner = new FrameScanner(extraTexts);
  private symbol: MarketSymbol | undefined;
  private venueTime = unread;
  private previous = 0;
  private last = unread;

  constructor(private readonly symbolOf: SymbolFinder) {}

  depth(frame: Buffer): DepthFrame | undefined {
    const { scanner, bids, asks } = this;
    if (!scanner.begin(frame) || !scanner.text(parts.symbol)) return undefined;
    const symbol = (this.symbol = this.symbolOf(scanner.name()));
    const isSnapshot = scanner.text(parts.snapshot);
    if (!symbol || (!isSnapshot && !scanner.text(parts.update))) return undefined;
    if (scanner.fields(keys, this.read) !== everyKey) return undefined;
    if (!scanner.text(parts.end) || !scanner.isAtEnd) return undefined;
    const { previous, last, venueTime } = this;
    return {
      symbol,
      isSnapshot,
      previous,
      last,
      venueTime,
      bids,
      asks,
      prevId: undefined,
      problem: undefined,
    };
  }

  private readonly read = (key: number): boolean => {
    const { scanner, symbol } = this;
    if (key === 0) return scanner.levels(this.asks, symbol!.grids);
    if (key === 1) return scanner.levels(this.bids, symbol!.grids);
    if (key === 2) return (this.venueTime = scanner.integer()) !== unread && scanner.text(parts.quote);
    if (key === 3) return scanner.passInteger();
    if (key === 5) return (this.last = scanner.integer()) !== unread;
    // A snapshot follows nothing.
    if (scanner.text(parts.minusOne)) return (this.previous = -1) < 0;
    return (this.previous = scanner.integer()) !== unread;
  };
}
