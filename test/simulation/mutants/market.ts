import type { TargetQuote } from '../../../src/domain/quote';
import { parseSlotKey } from '../../../src/domain/slot';
import type { Runtime } from '../../../src/runtime/runtime';
import { decide } from '../../../src/modules/execution/controllers/market-making.controller';
import { follows } from '../../../src/modules/execution/trackers/local-order-book';
import type { OrderBookTracker } from '../../../src/modules/execution/trackers/order-book-tracker.service';
import { instead, withRows } from './helpers';
import type { Mutant } from './mutant';

interface Tracked {
  readonly instrument: string;
  readonly book: { readonly lastId: number };
}

const trackedOf = (books: OrderBookTracker): Iterable<Tracked> =>
  (books as unknown as { readonly books: ReadonlyMap<string, Tracked> }).books.values();

interface GateChange {
  readonly channel?: unknown;
  readonly event?: unknown;
  readonly result?: { readonly s: string; readonly full?: boolean; readonly U: number; readonly u: number };
}

/** The channel of books with its numbers mended: each change begins where the one before it ended. */
function withoutGaps(runtime: Runtime, reached: () => void): Runtime {
  const openSocket: Runtime['openSocket'] = (url, options, events) => {
    const newest = new Map<string, number>();
    const mended = (frame: Buffer): Buffer => {
      const text = frame.toString();
      if (!text.startsWith('{"channel":"spot.obu"')) return frame;
      const json = JSON.parse(text) as GateChange;
      if (json.event !== 'update' || !json.result) return frame;
      const { s, full, U, u } = json.result;
      const last = newest.get(s);
      newest.set(s, u);
      if (full === true || last === undefined || U === last + 1) return frame;
      reached();
      return Buffer.from(JSON.stringify({ ...json, result: { ...json.result, U: last + 1 } }));
    };
    return runtime.openSocket(url, options, {
      ...events,
      onFrame: (frame) => events.onFrame(mended(frame)),
    });
  };
  return instead(runtime, { openSocket });
}

/** Bugs in what is made of the market. */
export const marketMutants: readonly Mutant[] = [
  {
    id: 'M04',
    bug: 'the sign of the skew is inverted',
    expect: ['skewDirection'],
    plant: ({ reached }) => ({
      parts: {
        decide: (view, config) => {
          const { priceSkew, sizeSkew } = config.inventory;
          const inventory = { ...config.inventory, priceSkew: -priceSkew, sizeSkew: -sizeSkew };
          const decision = decide(view, { ...config, inventory });
          if (decision.trace.shiftBps !== 0) reached();
          return decision;
        },
      },
    }),
  },
  {
    id: 'M07',
    bug: 'every change must follow by exactly one, the first after a snapshot too',
    expect: ['I20', 'I7'],
    arrange: (plan) => ({ ...withRows({})(plan), stepsPerSecond: 30 }),
    plant: ({ reached }) => ({
      parts: {
        follows: (change, last, joined) => {
          const isNext = change.prevId === undefined ? change.firstId === last + 1 : change.prevId === last;
          if (isNext !== follows(change, last, joined)) reached();
          return isNext;
        },
      },
    }),
  },
  {
    id: 'M16',
    bug: 'a change of a Gate book counts as the next one, whatever its number',
    expect: ['I7'],
    dialect: 'gate',
    row: 'D2',
    plant: ({ reached }) => ({ runtime: (runtime) => withoutGaps(runtime, reached) }),
  },
  {
    id: 'M23',
    bug: 'prices are rounded to the nearest tick',
    expect: ['I10', 'I11'],
    plant: ({ reached }) => ({
      parts: {
        decide: (view, config) => {
          const decision = decide(view, config);
          const { referenceTicks: reference, shiftBps } = decision.trace;
          if (reference === undefined) return decision;
          const nearest = (quote: TargetQuote): number => {
            const away = (parseSlotKey(quote.slot)?.level ?? 0) * config.levelSpacingBps;
            const exact =
              quote.side === 'bid'
                ? reference * (1 - Math.max(0, config.bidSpreadBps + shiftBps + away) / 1e4)
                : reference * (1 + Math.max(0, config.askSpreadBps - shiftBps + away) / 1e4);
            const isIt = Math.abs(exact - quote.priceTicks) < 1;
            if (isIt && Math.round(exact) !== quote.priceTicks) reached();
            return isIt ? Math.round(exact) : quote.priceTicks;
          };
          const targets = decision.targets.map((quote) => ({ ...quote, priceTicks: nearest(quote) }));
          return { ...decision, targets };
        },
      },
    }),
  },
  {
    id: 'M24',
    bug: 'that the venue answers counts as a sign of life of a book, whatever it answers',
    expect: ['I8'],
    row: 'D8',
    plant: ({ reached }) => ({
      engine: ({ books, connectors }) => {
        const feed = connectors.feed('binance', 'sim');
        const getOrderBook = feed.getOrderBook.bind(feed);
        feed.getOrderBook = async (instrument, limit) => {
          const shown = await getOrderBook(instrument, limit);
          const known = [...trackedOf(books)].find((one) => one.instrument === instrument);
          if (!known || known.book.lastId === shown.lastId) return shown;
          reached();
          return { ...shown, lastId: known.book.lastId };
        };
      },
    }),
  },
];
