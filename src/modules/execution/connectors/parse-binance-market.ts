import type { VenueId } from '../../../domain/instrument';
import type { VenueEvent } from '../../../domain/venue-event';
import type { DepthFrame, FrameStamp, MarketSymbol, SymbolFinder } from './dialect';
import { LevelBuffer } from './level-buffer';
import { integerOf, recordOf, requireInteger, requireText } from './venue-json';
import type { JsonRecord } from './venue-json';

const venue: VenueId = 'binance';

/**
 * Market frames and snapshots of Binance as events. The level buffers are reused: an event is read before the next
 * one is parsed.
 */
export class BinanceMarketParser {
  private readonly bids = new LevelBuffer();
  private readonly asks = new LevelBuffer();

  constructor(private readonly symbolOf: SymbolFinder) {}

  /** The event in a stream frame, bare or wrapped in `{stream, data}`; undefined for frames that carry none. Throws on a malformed one. */
  frame(json: unknown, stamp: FrameStamp): VenueEvent | undefined {
    const depth = this.depthOf(json);
    if (depth) return this.event(depth, stamp);
    const frame = frameOf(json);
    return frame['e'] === 'trade' ? this.trade(frame, stamp) : undefined;
  }

  /** What a depth frame says; undefined for every other. Throws on a malformed one. */
  depthOf(json: unknown): DepthFrame | undefined {
    const frame = frameOf(json);
    if (frame['e'] !== 'depthUpdate') return undefined;
    const symbol = this.symbolOf(requireText(frame, 's'));
    if (!symbol) return undefined;
    const previous = requireInteger(frame, 'U') - 1;
    const last = requireInteger(frame, 'u');
    const prevId = integerOf(frame, 'pu');
    const venueTime = integerOf(frame, 'E');
    const numbers = { symbol, isSnapshot: false, previous, last, prevId, venueTime };
    return this.withLevels(numbers, frame['b'], frame['a']);
  }

  /** The depth event of a REST snapshot. Throws on a malformed one. */
  snapshot(json: unknown, symbol: MarketSymbol, stamp: FrameStamp): VenueEvent {
    const body = recordOf(json);
    if (!body) throw new Error('a snapshot is not an object');
    const lastId = requireInteger(body, 'lastUpdateId');
    const unset = { prevId: undefined, venueTime: undefined };
    const numbers = { symbol, isSnapshot: true, previous: lastId - 1, last: lastId, ...unset };
    return this.event(this.withLevels(numbers, body['bids'], body['asks']), stamp);
  }

  private trade(frame: JsonRecord, stamp: FrameStamp): VenueEvent | undefined {
    const symbol = this.symbolOf(requireText(frame, 's'));
    if (!symbol) return undefined;
    return {
      type: 'publicTrade',
      venue,
      receivedAt: stamp.receivedAt,
      generation: stamp.generation,
      instrument: symbol.instrument,
      tradeId: requireText(frame, 't'),
      price: requireText(frame, 'p'),
      quantity: requireText(frame, 'q'),
      taker: frame['m'] === true ? 'sell' : 'buy',
      venueTime: requireInteger(frame, 'T'),
    };
  }

  /** Field by field, because it is made for every frame. */
  event(frame: DepthFrame, stamp: FrameStamp): VenueEvent {
    const { symbol, problem } = frame;
    if (problem !== undefined)
      return { type: 'offGrid', venue, ...stamp, instrument: symbol.instrument, detail: problem };
    return {
      type: 'depth',
      venue,
      receivedAt: stamp.receivedAt,
      generation: stamp.generation,
      instrument: symbol.instrument,
      bids: frame.bids,
      asks: frame.asks,
      snapshot: frame.isSnapshot,
      firstId: frame.previous + 1,
      lastId: frame.last,
      prevId: frame.prevId,
      venueTime: frame.venueTime,
    };
  }

  private withLevels(
    numbers: Omit<DepthFrame, 'bids' | 'asks' | 'problem'>,
    bidRows: unknown,
    askRows: unknown,
  ): DepthFrame {
    if (!Array.isArray(bidRows) || !Array.isArray(askRows)) throw new Error('levels are not lists');
    const { bids, asks } = this;
    const { grids } = numbers.symbol;
    const problem = bids.fill(bidRows, grids) ?? asks.fill(askRows, grids);
    return { ...numbers, bids, asks, problem };
  }
}

/** The frame, bare or wrapped. */
function frameOf(json: unknown): JsonRecord {
  const outer = recordOf(json);
  const frame = recordOf(outer?.['data']) ?? outer;
  if (!frame) throw new Error('a frame is not an object');
  return frame;
}
