import ccxt from 'ccxt';
import WebSocket from 'ws';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { emptyHash, fold } from '../case';

/** One way to keep the venue's book. */
export interface ReceiveClient {
  /** Asks the venue for its next frames by `send`; resolves when the last of them is in the book. */
  batch(send: () => void): Promise<void>;
  /** A hash of the best levels of both sides. */
  top(): string;
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
export async function ourClient(origin: string, { frames }: Batch): Promise<ReceiveClient> {
  const runtime = createRealRuntime();
  const factory = new ConnectorFactory({
    ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
    ...{ simOrigin: origin, credentials: () => Promise.reject(new Error('nobody trades here')) },
  });
  const feed = factory.feed('binance', 'sim');
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
      await factory.closeAll();
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
  const whole = (levels: readonly Level[]): Level[] =>
    levels.slice(0, depth).map(([price, size]) => [Math.round(price / tick), Math.round(size / lot)]);
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

interface Depth {
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: Depth['b'];
}
interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: Depth['b'];
  readonly asks: Depth['b'];
}

/** A book as anyone would write it: the judge of the others. */
class PlainBook {
  private readonly bids = new Map<number, number>();
  private readonly asks = new Map<number, number>();
  private lastId: number;

  constructor({ lastUpdateId, bids, asks }: Snapshot) {
    this.lastId = lastUpdateId;
    this.apply({ u: lastUpdateId, b: bids, a: asks });
  }

  apply({ u, b, a }: Depth): void {
    this.lastId = u;
    for (const [price, size] of b)
      this.bids.set(Math.round(Number(price) / tick), Math.round(Number(size) / lot));
    for (const [price, size] of a)
      this.asks.set(Math.round(Number(price) / tick), Math.round(Number(size) / lot));
  }

  top(): string {
    const best = (side: ReadonlyMap<number, number>, sign: 1 | -1): Level[] =>
      [...side]
        .filter(([, lots]) => lots > 0)
        .sort(([x], [y]) => sign * (y - x))
        .slice(0, depth);
    return hashOf(this.lastId, [best(this.bids, 1), best(this.asks, -1)]);
  }
}

/** Takes the messages off the socket and looks at none before the time is over: the floor under every other. */
export async function bareClient(origin: string, { frames }: Batch): Promise<ReceiveClient> {
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/binance/stream/ws`, {
    perMessageDeflate: false,
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const answer = await fetch(`${origin}/binance/api/v3/depth`);
  const book = new PlainBook((await answer.json()) as Snapshot);
  let received: Buffer[] = [];
  let done = (): void => undefined;
  socket.on('message', (data) => {
    if (received.push(data as Buffer) === frames) done();
  });
  return {
    batch(send) {
      const whole = new Promise<void>((resolve) => (done = resolve));
      send();
      return whole;
    },
    top() {
      for (const frame of received) book.apply(JSON.parse(frame.toString()) as Depth);
      received = [];
      return book.top();
    },
    close: () => Promise.resolve(socket.terminate()),
  };
}
