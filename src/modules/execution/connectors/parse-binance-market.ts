import type { VenueId } from '../../../domain/instrument';
import type { VenueEvent } from '../../../domain/venue-event';
import type { FrameStamp, MarketSymbol, SymbolFinder } from './dialect';
import { LevelBuffer } from './level-buffer';
import { integerOf, recordOf, requireInteger, requireText } from './venue-json';
import type { JsonRecord } from './venue-json';

/** Which changes an event covers. */
interface Range {
  readonly snapshot: boolean;
  readonly firstId: number;
  readonly lastId: number;
  readonly prevId?: number | undefined;
  readonly venueTime?: number | undefined;
}

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
    const outer = recordOf(json);
    const frame = recordOf(outer?.['data']) ?? outer;
    if (!frame) throw new Error('a frame is not an object');
    if (frame['e'] === 'depthUpdate') return this.depth(frame, stamp);
    if (frame['e'] === 'trade') return this.trade(frame, stamp);
    return undefined;
  }

  /** The depth event of a REST snapshot. Throws on a malformed one. */
  snapshot(json: unknown, symbol: MarketSymbol, stamp: FrameStamp): VenueEvent {
    const body = recordOf(json);
    if (!body) throw new Error('a snapshot is not an object');
    const lastId = requireInteger(body, 'lastUpdateId');
    const levels = this.levels(body['bids'], body['asks'], symbol);
    if (levels !== undefined) return offGridEvent(symbol, levels, stamp);
    return this.event(symbol, stamp, { snapshot: true, firstId: lastId, lastId });
  }

  private depth(frame: JsonRecord, stamp: FrameStamp): VenueEvent | undefined {
    const symbol = this.symbolOf(requireText(frame, 's'));
    if (!symbol) return undefined;
    const firstId = requireInteger(frame, 'U');
    const lastId = requireInteger(frame, 'u');
    const prevId = integerOf(frame, 'pu');
    const venueTime = integerOf(frame, 'E');
    const problem = this.levels(frame['b'], frame['a'], symbol);
    if (problem !== undefined) return offGridEvent(symbol, problem, stamp);
    return this.event(symbol, stamp, { snapshot: false, firstId, lastId, prevId, venueTime });
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
  private event(symbol: MarketSymbol, stamp: FrameStamp, range: Range): VenueEvent {
    return {
      type: 'depth',
      venue,
      receivedAt: stamp.receivedAt,
      generation: stamp.generation,
      instrument: symbol.instrument,
      bids: this.bids,
      asks: this.asks,
      snapshot: range.snapshot,
      firstId: range.firstId,
      lastId: range.lastId,
      prevId: range.prevId,
      venueTime: range.venueTime,
    };
  }

  private levels(bids: unknown, asks: unknown, symbol: MarketSymbol): string | undefined {
    if (!Array.isArray(bids) || !Array.isArray(asks)) throw new Error('levels are not lists');
    return this.bids.fill(bids, symbol.grids) ?? this.asks.fill(asks, symbol.grids);
  }
}

const offGridEvent = (symbol: MarketSymbol, detail: string, stamp: FrameStamp): VenueEvent => ({
  type: 'offGrid',
  venue,
  ...stamp,
  instrument: symbol.instrument,
  detail,
});
