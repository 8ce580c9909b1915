import type { LiveStream } from '../live-streams';
import { FramePath } from '../frame-path';
import type { DepthView } from '../venue-types';
import { BookView, depthSince } from './gate-book-view';
import type { BookChange } from './gate-book-view';
import { SocketRefusal, bookFrame, updateFrame } from './gate-client';
import { bookTickerRow, levelRows, tickerRow } from './gate-market-rows';
import type { Row } from './gate-order-rows';
import { seconds } from './gate-pairs';
import type { GatePair, GatePairs } from './gate-pairs';
import type { GateParts } from './gate-parts';

/** One public stream, shared by everybody who hears it. */
type Maker = (pair: GatePair, parts: GateParts, terms: readonly string[]) => LiveStream;

const tickerMs = 1_000;
const bestMs = 10;
const fastMs = 20;
const slowMs = 100;

const makers: Readonly<Record<string, Maker>> = {
  'spot.tickers': tickers,
  'spot.trades': () => ({}),
  'spot.book_ticker': bookTicker,
  'spot.order_book_update': orderBookUpdate,
  'spot.order_book': orderBook,
  'spot.obu': fullBook,
};

/** Channels whose payload is a list of pairs; the others describe one stream. */
const listing: readonly string[] = ['spot.tickers', 'spot.trades', 'spot.book_ticker'];

export const isPublicChannel = (channel: string): boolean => Object.hasOwn(makers, channel);

/** The names of the streams a payload asks for. Throws a refusal for one that does not exist. */
export function streamNames(
  channel: string,
  payload: readonly string[],
  pairs: GatePairs,
): readonly string[] {
  if (payload.length === 0) throw new SocketRefusal(2, 'payload is required');
  const all = listing.includes(channel) ? payload.map((pair) => [pair]) : [payload];
  return all.map((terms) => {
    pairOfTerms(channel, terms, pairs);
    return [channel, ...terms].join(' ');
  });
}

/** The stream of a name that `streamNames` gave. */
export function openStream(name: string, parts: GateParts): LiveStream {
  const [channel = '', ...terms] = name.split(' ');
  return makers[channel]!(pairOfTerms(channel, terms, parts.pairs), parts, terms);
}

function pairOfTerms(channel: string, terms: readonly string[], pairs: GatePairs): GatePair {
  const id = channel === 'spot.obu' ? obuTerms(terms).id : (terms[0] ?? '');
  const pair = pairs.named(id);
  if (!pair) throw new SocketRefusal(2, `unknown currency pair: ${id}`);
  const isKnown = (allowed: readonly string[], at: number): boolean => allowed.includes(terms[at] ?? '');
  const isRight =
    (channel !== 'spot.order_book_update' || isKnown(['20ms', '100ms'], 1)) &&
    (channel !== 'spot.order_book' ||
      (isKnown(['5', '10', '20', '50', '100'], 1) && isKnown(['100ms', '1000ms'], 2)));
  if (!isRight) throw new SocketRefusal(2, `Invalid argument provided: ${terms.join(',')}`);
  return pair;
}

/** `ob.BTC_USDT.50` */
function obuTerms([text = '']: readonly string[]): { readonly id: string; readonly levels: number } {
  const match = /^ob\.([A-Z0-9_]+)\.(50|400)$/.exec(text);
  if (!match?.[1]) throw new SocketRefusal(2, `Invalid argument provided: ${text}`);
  return { id: match[1], levels: Number(match[2]) };
}

function tickers(pair: GatePair, { core, now }: GateParts): LiveStream {
  const row = (): Row => tickerRow(core.depth(pair.symbol, 1), core.publicTrades(pair.symbol), pair);
  return { everyMs: tickerMs, look: () => [updateFrame('spot.tickers', row(), now())] };
}

/** The touch, whenever it has changed. */
function bookTicker(pair: GatePair, { core, changes, now }: GateParts): LiveStream {
  let last: string | undefined;
  const look = (): readonly string[] => {
    const depth = core.depth(pair.symbol, 1);
    const touch = JSON.stringify([depth.bids, depth.asks]);
    if (touch === last) return [];
    last = touch;
    return [updateFrame('spot.book_ticker', bookTickerRow(depth, pair, changes.ofBook(pair.symbol)), now())];
  };
  return { everyMs: bestMs, look };
}

/** The whole of the first levels, when any of the book has changed. */
function orderBook(
  pair: GatePair,
  parts: GateParts,
  [, level = '', interval = '']: readonly string[],
): LiveStream {
  const { core, changes, now } = parts;
  let last = -1;
  const look = (): readonly string[] => {
    const depth = core.depth(pair.symbol, Number(level));
    if (depth.updateId === last) return [];
    last = depth.updateId;
    const [bids, asks] = [levelRows(depth.bids, pair), levelRows(depth.asks, pair)];
    const book = { lastUpdateId: depth.updateId, s: pair.id, l: level, bids, asks };
    return [updateFrame('spot.order_book', { t: changes.ofBook(pair.symbol), ...book }, now())];
  };
  return { everyMs: Number.parseInt(interval, 10), look };
}

/** Changes to the first levels, for a client that takes its base from REST. */
function orderBookUpdate(pair: GatePair, parts: GateParts, [, interval = '']: readonly string[]): LiveStream {
  const { core, changes, now } = parts;
  const levels = interval === '20ms' ? 20 : 100;
  const { symbol } = pair;
  const view = new BookView(core.depth(symbol, levels));
  const seen = (): DepthView => depthSince(view.whole, core, symbol, levels);
  const look = onItsWay(pair, parts, () => {
    const change = view.take(seen());
    if (!change) return undefined;
    const at = changes.ofBook(pair.symbol);
    const { first, last } = change;
    const names = { t: at, l: String(levels), e: 'depthUpdate', E: seconds(at), s: pair.id };
    const result = { ...names, U: first, u: last, ...sidesOf(change, pair) };
    return updateFrame('spot.order_book_update', result, now());
  });
  return { everyMs: levels === 20 ? fastMs : slowMs, look };
}

/** The whole book first, then what changed: a side without changes is left out, and ids alone may go by. */
function fullBook(pair: GatePair, parts: GateParts, terms: readonly string[]): LiveStream {
  const { core, changes, now } = parts;
  const { levels } = obuTerms(terms);
  const s = terms[0] ?? '';
  const { symbol } = pair;
  const view = new BookView(core.depth(symbol, levels));
  const seen = (): DepthView => depthSince(view.whole, core, symbol, levels);
  const t = (): number => changes.ofBook(pair.symbol);
  const first = (): string => {
    const { updateId: u, bids, asks } = view.whole;
    return bookFrame({ t: t(), full: true, s, u, b: levelRows(bids, pair), a: levelRows(asks, pair) }, now());
  };
  const look = onItsWay(pair, parts, () => {
    const change = view.take(seen());
    if (!change) return undefined;
    const { b, a } = sidesOf(change, pair);
    const sides = { ...(b.length > 0 ? { b } : {}), ...(a.length > 0 ? { a } : {}) };
    return bookFrame({ t: t(), s, U: change.first, u: change.last, ...sides }, now());
  });
  return { everyMs: levels === 50 ? fastMs : slowMs, look, first };
}

const sidesOf = ({ bids, asks }: BookChange, pair: GatePair) => ({
  b: levelRows(bids, pair),
  a: levelRows(asks, pair),
});

/** A frame that is to be lost has been made, so that its ids show a gap. */
function onItsWay(pair: GatePair, { faults }: GateParts, make: () => string | undefined) {
  const path = new FramePath<string>(faults, pair.symbol);
  return (): readonly string[] => {
    const frame = make();
    return frame === undefined ? [] : path.pass(frame);
  };
}
