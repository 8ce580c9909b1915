import type { LiveStream } from '../live-streams';
import { FramePath } from '../frame-path';
import { depthSince } from '../gate/gate-book-view';
import type { DepthView } from '../venue-types';
import { BookFeed } from './okx-book-feed';
import type { BookUpdate } from './okx-book-feed';
import { feeTier, noChannel, push } from './okx-client';
import type { SocketKind } from './okx-client';
import type { Fields } from './okx-fields';
import { instrumentRow, instrumentRows } from './okx-instruments';
import type { OkxInstrument } from './okx-instruments';
import { bookRow, tickerRow } from './okx-market-rows';
import type { OkxParts } from './okx-parts';

/** One public stream, shared by everybody who hears it. */
type Maker = (instrument: OkxInstrument, parts: OkxParts) => LiveStream;

const fastMs = 10;
const usualMs = 100;
const slowMs = 1_000;
const bookLevels = 400;

const makers: Readonly<Record<string, Maker>> = {
  books: chainedBook,
  books5: wholeBook({ channel: 'books5', levels: 5, everyMs: usualMs }),
  'bbo-tbt': wholeBook({ channel: 'bbo-tbt', levels: 1, everyMs: fastMs }),
  trades: () => ({}),
  'trades-all': () => ({}),
  tickers: ticker,
};
/** Channels that ask for a better fee tier than anybody has here. */
const forOthers: readonly string[] = ['books-l2-tbt', 'books50-l2-tbt'];
const businessChannels: readonly string[] = ['trades-all'];

export const tradeChannels = ['trades', 'trades-all'] as const;

/** The name of the stream that a subscription asks for. Throws a refusal for one that does not exist here. */
export function streamName(arg: Fields, kind: SocketKind, parts: OkxParts): string {
  const { channel, instId, instType } = arg;
  if (channel === 'instruments' && kind === 'public' && instType === 'SPOT') return 'instruments SPOT';
  const isListed = typeof instId === 'string' && parts.instruments.named(instId) !== undefined;
  if (typeof channel !== 'string' || !isListed || kind !== homeOf(channel)) throw noChannel(arg);
  if (forOthers.includes(channel)) throw feeTier();
  return `${channel} ${instId}`;
}

/** Where a channel is heard. */
function homeOf(channel: string): SocketKind | undefined {
  if (businessChannels.includes(channel)) return 'business';
  return Object.hasOwn(makers, channel) || forOthers.includes(channel) ? 'public' : undefined;
}

/** The stream of a name that `streamName` gave. */
export function openStream(name: string, parts: OkxParts): LiveStream {
  const [channel = '', instId = ''] = name.split(' ');
  if (channel === 'instruments') return instrumentList(parts);
  return makers[channel]!(parts.instruments.named(instId)!, parts);
}

/** The whole book first, then what changed, each frame linked to the one before. */
function chainedBook(
  instrument: OkxInstrument,
  { core, faults, sequences, control, now }: OkxParts,
): LiveStream {
  const { symbol, id: instId } = instrument;
  const sequenceOf = (updateId: number): number => sequences.of(symbol, updateId);
  const feed = new BookFeed(core.depth(symbol, bookLevels), sequenceOf, now());
  const path = new FramePath<string>(faults, symbol);
  const frame = (action: 'snapshot' | 'update', book: BookUpdate): string => {
    const row = bookRow(book, book.seqId, instrument, now());
    const { prevSeqId } = book;
    return push({ channel: 'books', instId }, [{ ...row, checksum: 0, prevSeqId }], { action });
  };
  const look = (): readonly string[] => {
    const depth = depthSince(feed.seen, core, symbol, bookLevels);
    const update = feed.take(depth, now(), control.quietMs);
    return update ? path.pass(frame('update', update)) : [];
  };
  return { everyMs: usualMs, look, first: () => frame('snapshot', feed.snapshot) };
}

interface WholeBook {
  readonly channel: string;
  readonly levels: number;
  readonly everyMs: number;
}

/** All of the first levels, whenever they have changed. */
function wholeBook({ channel, levels, everyMs }: WholeBook): Maker {
  return (instrument, { core, sequences, now }) => {
    const { symbol, id: instId } = instrument;
    const frame = (depth: DepthView): string => {
      const row = bookRow(depth, sequences.of(symbol, depth.updateId), instrument, now());
      return push({ channel, instId }, [levels === 1 ? row : { ...row, instId }]);
    };
    const see = (): DepthView => core.depth(symbol, levels);
    const look = whenChanged(see, ({ bids, asks }) => [bids, asks], frame);
    return { everyMs, look, first: () => frame(see()) };
  };
}

function ticker(instrument: OkxInstrument, { core, now }: OkxParts): LiveStream {
  const { symbol, id: instId } = instrument;
  const row = (at: number) => tickerRow(core.depth(symbol, 1), core.publicTrades(symbol), instrument, at);
  const frame = (): string => push({ channel: 'tickers', instId }, [row(now())]);
  return {
    everyMs: usualMs,
    look: whenChanged(
      () => row(0),
      (seen) => seen,
      frame,
    ),
    first: frame,
  };
}

/** Every instrument first, then those whose rules or state have changed. */
function instrumentList({ instruments }: OkxParts): LiveStream {
  const arg = { channel: 'instruments', instType: 'SPOT' };
  const rows = instruments.all.map((instrument) =>
    whenChanged(
      () => instrumentRow(instrument),
      (row) => row,
      (row) => JSON.stringify(row),
    ),
  );
  const look = (): readonly string[] => {
    const changed = rows.flatMap((changedRow) => changedRow()).map((text) => JSON.parse(text) as unknown);
    return changed.length === 0 ? [] : [push(arg, changed)];
  };
  return { everyMs: slowMs, look, first: () => push(arg, instrumentRows(instruments.all)) };
}

/** The frame of what is seen, when it is not what was seen before; the first look sees what the listener got. */
function whenChanged<T>(
  see: () => T,
  partsOf: (seen: T) => unknown,
  frame: (seen: T) => string,
): () => readonly string[] {
  let last = JSON.stringify(partsOf(see()));
  return () => {
    const seen = see();
    const text = JSON.stringify(partsOf(seen));
    if (text === last) return [];
    last = text;
    return [frame(seen)];
  };
}
