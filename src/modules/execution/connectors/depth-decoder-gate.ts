import type { DepthFrame, FrameDecoder, MarketSymbol, SymbolFinder } from './dialect';
import { bytesOf, FrameScanner } from './frame-scanner';
import { LevelBuffer } from './level-buffer';
import { unread } from './level-scanner';

const bit = (key: number): number => 1 << key;
const outer = ['channel":"spot.obu"', 'result":{', 'event":"update"', 'time_ms":', 'time":'].map((key) =>
  bytesOf(`"${key}`),
);
const needed = bit(0) | bit(1) | bit(2);
const inner = ['t":', 's":"ob.', 'U":', 'u":', 'b":[', 'a":[', 'full":true'].map((key) => bytesOf(`"${key}`));
const [time, name, first, last, bidSide, askSide, full] = [0, 1, 2, 3, 4, 5, 6];
const ofUpdate = bit(time) | bit(name) | bit(first) | bit(last);
const ofWhole = bit(time) | bit(name) | bit(last) | bit(full);
const openBrace = bytesOf('{');
const point = bytesOf('.');
const quote = bytesOf('"');

/**
 * Frames of `spot.obu`, read from their bytes into ticks and lots: the fields in whatever order they come, a side that
 * did not change left out. The name has to come before the levels, whose steps it tells. Every other is read as JSON.
 */
export class GateDepthDecoder implements FrameDecoder {
  private readonly bids = new LevelBuffer();
  private readonly asks = new LevelBuffer();
  private readonly scanner = new FrameScanner();
  private symbol: MarketSymbol | undefined;
  private venueTime = unread;
  private firstId = unread;
  private last = unread;
  private seen = 0;

  constructor(private readonly symbolOf: SymbolFinder) {}

  depth(frame: Buffer): DepthFrame | undefined {
    const { scanner, bids, asks } = this;
    this.symbol = undefined;
    this.bids.begin(0);
    this.asks.begin(0);
    if (!scanner.begin(frame) || !scanner.text(openBrace)) return undefined;
    const seen = scanner.fields(outer, this.readOuter);
    if (seen === unread || (seen & needed) !== needed || !scanner.isAtEnd) return undefined;
    const isSnapshot = (this.seen & bit(full)) !== 0;
    const { symbol, venueTime } = this;
    // Without its sides, which may be left out, it is one of two forms.
    const form = this.seen & ~(bit(bidSide) | bit(askSide));
    if (!symbol || (form !== ofUpdate && form !== ofWhole)) return undefined;
    const previous = isSnapshot ? -1 : this.firstId - 1;
    const unset = { prevId: undefined, problem: undefined };
    return { symbol, isSnapshot, previous, last: this.last, venueTime, bids, asks, ...unset };
  }

  private readonly readOuter = (key: number): boolean => {
    if (key === 1) return (this.seen = this.scanner.fields(inner, this.readInner)) !== unread;
    return key > 2 ? this.scanner.integer() !== unread : true;
  };

  private readonly readInner = (key: number): boolean => {
    const { scanner } = this;
    if (key === name) return this.readName();
    if (key === time) return (this.venueTime = scanner.integer()) !== unread;
    if (key === first) return (this.firstId = scanner.integer()) !== unread;
    if (key === last) return (this.last = scanner.integer()) !== unread;
    if (key === full) return true;
    if (!this.symbol) return false;
    return scanner.levels(key === bidSide ? this.bids : this.asks, this.symbol.grids);
  };

  /** `ob.BTC_USDT.50`, whose beginning was the key. */
  private readName(): boolean {
    const { scanner } = this;
    this.symbol = this.symbolOf(scanner.name());
    return scanner.text(point) && scanner.integer() !== unread && scanner.text(quote);
  }
}
