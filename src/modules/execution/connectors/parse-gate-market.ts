import type { VenueEvent } from '../../../domain/venue-event';
import { ChainedDepth } from './chained-depth';
import type { DepthRow } from './chained-depth';
import type { DepthFrame, FrameStamp, MarketParser, MarketSymbol, SymbolFinder } from './dialect';
import { gateMs } from './parse-gate-account';
import { integerOf, recordOf, requireInteger, requireText, rowsOf } from './venue-json';
import type { JsonRecord } from './venue-json';

/**
 * Frames of `spot.obu` and `spot.trades`. A book is a whole one (`full`) followed by ranges that touch; a side that did
 * not change is left out.
 */
export function gateParser(symbolOf: SymbolFinder): MarketParser {
  const depth = new ChainedDepth('gate', false);
  const { chains } = depth;
  const read = (row: JsonRecord): DepthFrame | undefined => {
    const symbol = symbolOf(pairOf(requireText(row, 's')));
    return symbol && depth.read(rowOf(row), symbol);
  };
  return {
    depthOf: (json) => {
      const { frame, rows } = partsOf(json);
      const [row] = rows;
      return frame['channel'] === 'spot.obu' && row && rows.length === 1 ? read(row) : undefined;
    },
    depth: (frame, stamp, emit) => depth.emit(frame, stamp, emit),
    frame: (json, stamp, emit) => {
      const { frame, rows } = partsOf(json);
      for (const row of rows) {
        const change = frame['channel'] === 'spot.obu' ? read(row) : undefined;
        if (change) depth.emit(change, stamp, emit);
        if (frame['channel'] === 'spot.trades') emitTrade(row, symbolOf, stamp, emit);
      }
    },
    begin: (instrument) => chains.begin(instrument),
    hasBegun: (instrument) => chains.hasBegun(instrument),
    numberOf: (instrument, lastId) => chains.numberOf(instrument, lastId),
  };
}

/** A frame that is no update has no rows. */
function partsOf(json: unknown): { readonly frame: JsonRecord; readonly rows: readonly JsonRecord[] } {
  const frame = recordOf(json) ?? {};
  const rows = frame['event'] === 'update' ? rowsOf([frame['result']].flat()) : undefined;
  return { frame, rows: rows ?? [] };
}

/** `ob.BTC_USDT.50` */
const pairOf = (stream: string): string => stream.split('.')[1] ?? '';

function rowOf(row: JsonRecord): DepthRow {
  const isSnapshot = row['full'] === true;
  return {
    isSnapshot,
    previous: isSnapshot ? -1 : requireInteger(row, 'U') - 1,
    last: requireInteger(row, 'u'),
    venueTime: integerOf(row, 't'),
    bids: levelsOf(row['b']),
    asks: levelsOf(row['a']),
  };
}

function levelsOf(levels: unknown): readonly unknown[] {
  if (levels === undefined || levels === null) return [];
  if (!Array.isArray(levels)) throw new Error('levels are not a list');
  return levels;
}

function emitTrade(
  row: JsonRecord,
  symbolOf: SymbolFinder,
  stamp: FrameStamp,
  emit: (event: VenueEvent) => void,
): void {
  const symbol: MarketSymbol | undefined = symbolOf(requireText(row, 'currency_pair'));
  if (!symbol) return;
  const venueTime = gateMs(row, 'create_time_ms');
  if (venueTime === undefined) throw new Error('field create_time_ms is not a time');
  emit({
    type: 'publicTrade',
    venue: 'gate',
    receivedAt: stamp.receivedAt,
    generation: stamp.generation,
    instrument: symbol.instrument,
    tradeId: requireText(row, 'id'),
    price: requireText(row, 'price'),
    quantity: requireText(row, 'amount'),
    taker: requireText(row, 'side') === 'buy' ? 'buy' : 'sell',
    venueTime,
  });
}
