import type { VenueEvent } from '../../src/domain/venue-event';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { knowledgeOf } from '../../src/modules/execution/connectors/ccxt.knowledge';
import type { DepthFrame, FrameDecoder, VenueDialect } from '../../src/modules/execution/connectors/dialect';
import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { until as untilIt } from '../support/until';
import { SmallBinance } from './small-binance';

const pair = 'BTC/USDT';
let runtime: Runtime;
let venue: SmallBinance;
let feed: VenueFeed;
let books: OrderBookTracker;
let events: VenueEvent[];
/** What the decoder said of each frame that it was asked about. */
let read: boolean[];
let lie: (depth: DepthFrame) => DepthFrame;

/** The product's decoder, watched, and able to lie. */
function dialect(): VenueDialect {
  const { market } = BinanceConnector.dialect;
  const decoder: NonNullable<typeof market.decoder> = (symbolOf): FrameDecoder => {
    const real = market.decoder!(symbolOf);
    return {
      depth: (frame) => {
        const depth = real.depth(frame);
        read.push(depth !== undefined);
        return depth && lie(depth);
      },
    };
  };
  return { ...BinanceConnector.dialect, market: { ...market, decoder } };
}

beforeEach(async () => {
  [events, read, lie] = [[], [], (depth) => depth];
  runtime = createRealRuntime();
  venue = new SmallBinance();
  const simOrigin = await venue.listen();
  venue.answer('GET depth', () => ({
    body: { lastUpdateId: 10, bids: [['100.00', '1']], asks: [['101.00', '2']] },
  }));
  const venueNow = (): number => runtime.now();
  feed = new VenueFeed({
    ...{ dialect: dialect(), runtime, limiter: new RateLimiter(runtime), address: 'binance' },
    knowledge: () => knowledgeOf({ venue: 'binance', environment: 'sim', simOrigin, venueNow }),
  });
  await feed.connect();
  books = new OrderBookTracker(runtime);
  books.follow(feed, { id: pair });
  feed.onEvent((event) => events.push(event));
  await until(() => books.isSynced('binance', pair));
});

afterEach(async () => {
  books.unfollow(feed, pair);
  await feed.disconnect();
  await runtime.close();
  await venue.close();
});

const until = (holds: () => boolean): Promise<void> => untilIt(runtime, 'the condition', holds, 5_000);
const depth = (id: number, price: string, stream = ''): string => {
  const frame = `{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":${id},"u":${id},"b":[["${price}","1"]],"a":[]}`;
  return stream === '' ? frame : `{"stream":"${stream}","data":${frame}}`;
};
function bid(): number | undefined {
  books.onTick({ id: 1, now: runtime.now(), mono: runtime.monotonic() });
  return books.view('binance', pair).publicTouch?.bid;
}
const quarantined = (): readonly string[] =>
  events.flatMap((event) => (event.type === 'quarantine' ? [event.raw] : []));

it('keeps the book by bytes, and by JSON where a frame has another form', async () => {
  read = [];
  venue.pushMarket(depth(11, '100.10'));
  await until(() => bid() === 10_010);
  venue.pushMarket(depth(12, '100.20', 'btcusdt@depth@100ms'));
  await until(() => bid() === 10_020);
  venue.pushMarket(depth(13, '100.30'));
  await until(() => bid() === 10_030);
  expect(read).toEqual([true, false, true]);
  const ids = events.flatMap((event) => (event.type === 'depth' ? [event.lastId] : []));
  expect([ids, quarantined(), books.counters().gaps]).toEqual([[10, 11, 12, 13], [], 0]);
});

it('believes JSON when the two differ, reports the frame and goes on without the bytes', async () => {
  read = [];
  lie = (depth) => ({ ...depth, last: 99 });
  venue.pushMarket(depth(11, '100.10'));
  venue.pushMarket(depth(12, '100.20'));
  await until(() => bid() === 10_020);
  expect(quarantined()).toEqual([depth(11, '100.10')]);
  expect([read, books.counters().gaps]).toEqual([[true], 0]);
});

it('leaves the frames of two connections to their handover', async () => {
  const before = venue.marketSockets.size;
  venue.pushMarket('{"e":"serverShutdown"}');
  await until(() => venue.marketSockets.size === before + 1);
  read = [];
  venue.pushMarket(depth(11, '100.10'));
  await until(() => bid() === 10_010);
  expect(read).toEqual([]);
  await until(() => venue.marketSockets.size === before);
  venue.pushMarket(depth(12, '100.20'));
  await until(() => bid() === 10_020);
  expect([read, books.counters().gaps]).toEqual([[true], 0]);
});
