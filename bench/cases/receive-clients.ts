import ccxt from 'ccxt';
import WebSocket from 'ws';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { knowledgeOf } from '../../src/modules/execution/connectors/ccxt.knowledge';
import type { VenueDialect } from '../../src/modules/execution/connectors/dialect';
import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { emptyHash, fold } from '../case';

/** One way to keep the venue's book. */
export interface ReceiveClient {
  /** Asks the venue for its next frames by `send`; resolves when the last of them is in the book. */
  batch(send: () => void): Promise<void>;
  /** A hash of the best levels of both sides. */
  top(): string | Promise<string>;
  close(): Promise<void>;
}

/** What the venue sends at once. */
export interface Batch {
  readonly frames: number;
  readonly idsPerFrame: number;
}

type Level = readonly [ticks: number, lots: number];

const pair = 'BTC/USDT';
const depth = 50;
const tick = 0.01;
const lot = 0.00001;

function hashOf(lastId: number, sides: readonly (readonly Level[])[]): string {
  let hash = fold(emptyHash, lastId % 1e9);
  for (const side of sides) {
    hash = fold(hash, side.length);
    for (const [ticks, lots] of side) hash = fold(fold(hash, ticks), lots);
  }
  return String(hash >>> 0);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The engine's own way from the socket to the book. */
export const ourClient = (origin: string, batch: Batch): Promise<ReceiveClient> =>
  engineClient(origin, batch, BinanceConnector.dialect);

/** The same without the byte lane: every frame is JSON. */
export function jsonClient(origin: string, batch: Batch): Promise<ReceiveClient> {
  const { decoder: _unused, ...market } = BinanceConnector.dialect.market;
  return engineClient(origin, batch, { ...BinanceConnector.dialect, market });
}

async function engineClient(
  origin: string,
  { frames }: Batch,
  dialect: VenueDialect,
): Promise<ReceiveClient> {
  const runtime = createRealRuntime();
  const feed = new VenueFeed({
    ...{ dialect, runtime, limiter: new RateLimiter(runtime), address: 'binance' },
    knowledge: () =>
      knowledgeOf({ venue: 'binance', environment: 'sim', simOrigin: origin, venueNow: () => Date.now() }),
  });
  const books = new OrderBookTracker(runtime);
  await feed.connect();
  const rules = feed.rulesOf(pair)!;
  books.follow(feed, rules);
  while (!books.isSynced('binance', pair)) await pause(5);
  let left = 0;
  let done = (): void => undefined;
  // Heard after the book has it.
  feed.onEvent((event) => {
    if (event.type === 'depth' && (left -= 1) === 0) done();
  });
  return {
    batch(send) {
      left = frames;
      const whole = new Promise<void>((resolve) => (done = resolve));
      send();
      return whole;
    },
    top() {
      books.onTick({} as never);
      const { bids, asks, sequence } = books.view('binance', pair);
      return hashOf(sequence, [bids, asks]);
    },
    async close() {
      books.unfollow(feed, pair);
      await feed.disconnect();
      await runtime.close();
    },
  };
}

interface PeerBook {
  readonly nonce: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
interface UrlTree {
  [key: string]: string | UrlTree;
}

/** Unmodified ccxt, watched in the loop that its manual shows; only its addresses are the venue's. */
export async function ccxtClient(origin: string, { frames, idsPerFrame }: Batch): Promise<ReceiveClient> {
  const client = new ccxt.pro.binance({ options: { fetchMarkets: { types: ['spot'] } } });
  const { api } = client.urls as unknown as { api: UrlTree };
  for (const name of Object.keys(api)) api[name] = `${origin}/blocked`; // Nothing may reach a real venue.
  const ws = origin.replace(/^http/, 'ws');
  Object.assign(api, { public: `${origin}/binance/api/v3`, ws: { spot: `${ws}/binance/stream/ws` } });
  await client.loadHttpProxyAgent(); // It dials no socket without TLS before.
  let book = (await client.watchOrderBook(pair)) as unknown as PeerBook;
  let isOpen = true;
  let target = 0;
  let done = (): void => undefined;
  const watch = async (): Promise<void> => {
    while (isOpen) {
      book = (await client.watchOrderBook(pair)) as unknown as PeerBook;
      if (book.nonce === target) done();
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (isOpen) throw error;
  });
  const whole = (levels: readonly Level[]): Level[] => levels.slice(0, depth).map(wholeLevel);
  return {
    batch(send) {
      target = book.nonce + frames * idsPerFrame;
      const last = new Promise<void>((resolve) => (done = resolve));
      send();
      return last;
    },
    top: () => hashOf(book.nonce, [whole(book.bids), whole(book.asks)]),
    async close() {
      isOpen = false;
      await client.close();
      await watching;
    },
  };
}

interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: Snapshot['bids'];
}

/** Takes the messages off the socket and looks at none, the floor under every other; its book is the venue's own word. */
export async function bareClient(origin: string, { frames }: Batch): Promise<ReceiveClient> {
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/bare`, { perMessageDeflate: false });
  await new Promise((resolve) => socket.once('open', resolve));
  let left = 0;
  let done = (): void => undefined;
  socket.on('message', () => {
    if ((left -= 1) === 0) done();
  });
  const whole = (levels: Snapshot['bids']): Level[] => levels.slice(0, depth).map(wholeLevel);
  return {
    batch(send) {
      left = frames;
      const last = new Promise<void>((resolve) => (done = resolve));
      send();
      return last;
    },
    async top() {
      const answer = await fetch(`${origin}/binance/api/v3/depth`);
      const { lastUpdateId, bids, asks } = (await answer.json()) as Snapshot;
      return hashOf(lastUpdateId, [whole(bids), whole(asks)]);
    },
    close: () => Promise.resolve(socket.terminate()),
  };
}

const wholeLevel = ([price, size]: readonly [number | string, number | string]): Level => [
  Math.round(Number(price) / tick),
  Math.round(Number(size) / lot),
];
