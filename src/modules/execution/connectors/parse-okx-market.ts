import type { VenueEvent } from '../../../domain/venue-event';
import { ChainedDepth } from './chained-depth';
import type { DepthRow } from './chained-depth';
import type { FrameStamp, MarketParser, MarketSymbol, SymbolFinder } from './dialect';
import { integerOf, recordOf, requireInteger, requireText, rowsOf } from './venue-json';
import type { JsonRecord } from './venue-json';

type Sink = (event: VenueEvent) => void;

/**
 * Frames of `books` and `trades`. A book is a chain: each update names the state it follows; a number that stands still
 * says that the venue lives, one that steps back where the link holds is a reset.
 */
export function okxParser(symbolOf: SymbolFinder): MarketParser {
  const depth = new ChainedDepth('okx', true);
  const { chains } = depth;
  return {
    depthOf: (json) => {
      const { arg, rows } = partsOf(json);
      const [row] = rows;
      const symbol = symbolOf(requireText(arg, 'instId'));
      if (arg['channel'] !== 'books' || !symbol || !row || rows.length > 1) return undefined;
      return depth.read(rowOf(row, isSnapshot(json)), symbol);
    },
    depth: (frame, stamp, emit) => depth.emit(frame, stamp, emit),
    frame: (json, stamp, emit) => {
      const { arg, rows } = partsOf(json);
      const symbol = symbolOf(requireText(arg, 'instId'));
      if (!symbol) return;
      for (const row of rows) {
        if (arg['channel'] === 'books')
          depth.emit(depth.read(rowOf(row, isSnapshot(json)), symbol), stamp, emit);
        if (arg['channel'] === 'trades') emitTrade(row, symbol, stamp, emit);
      }
    },
    begin: (instrument) => chains.begin(instrument),
    hasBegun: (instrument) => chains.hasBegun(instrument),
    numberOf: (instrument, lastId) => chains.numberOf(instrument, lastId),
  };
}

function partsOf(json: unknown): { readonly arg: JsonRecord; readonly rows: readonly JsonRecord[] } {
  const frame = recordOf(json) ?? {};
  const arg = recordOf(frame['arg']);
  const rows = rowsOf(frame['data']);
  if (!arg || !rows) throw new Error('a frame holds no data');
  return { arg, rows };
}

const isSnapshot = (json: unknown): boolean => recordOf(json)?.['action'] === 'snapshot';

function rowOf(row: JsonRecord, isFirst: boolean): DepthRow {
  const { bids, asks } = row;
  if (!Array.isArray(bids) || !Array.isArray(asks)) throw new Error('levels are not lists');
  return {
    isSnapshot: isFirst,
    previous: requireInteger(row, 'prevSeqId'),
    last: requireInteger(row, 'seqId'),
    venueTime: integerOf(row, 'ts'),
    bids: bids as readonly unknown[],
    asks: asks as readonly unknown[],
  };
}

function emitTrade(row: JsonRecord, symbol: MarketSymbol, stamp: FrameStamp, emit: Sink): void {
  emit({
    type: 'publicTrade',
    venue: 'okx',
    receivedAt: stamp.receivedAt,
    generation: stamp.generation,
    instrument: symbol.instrument,
    tradeId: requireText(row, 'tradeId'),
    price: requireText(row, 'px'),
    quantity: requireText(row, 'sz'),
    taker: requireText(row, 'side') === 'buy' ? 'buy' : 'sell',
    venueTime: requireInteger(row, 'ts'),
  });
}
