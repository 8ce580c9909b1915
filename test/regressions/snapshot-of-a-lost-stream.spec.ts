import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import type { VenueKnowledge } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import type { SocketEvents } from '../../src/runtime/runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { exchangeInfo } from '../../src/venue-simulator/binance/exchange-info';
import { defaultMarkets } from '../../src/venue-simulator/default-markets';

const { dialect } = BinanceConnector;
const instrument = 'BTC/USDT';
const knowledge: VenueKnowledge = {
  urls: { publicSocket: 'ws://venue', privateSocket: 'ws://venue' },
  sign: ({ path, method }) => ({ url: `http://venue/${path}`, method, headers: {}, body: undefined }),
  signParams: () => ({}),
};
const info = exchangeInfo(defaultMarkets, 0, { weightPerMinute: 6_000, ordersPer10s: 100 });
const depth = { lastUpdateId: 10, bids: [['100.00', '1.00000000']], asks: [['101.00', '1.00000000']] };
const answers: Readonly<Record<string, object>> = { exchangeInfo: info, time: { serverTime: 0 }, depth };

/**
 * A snapshot of Binance is a read of its own. One that was under way when the stream broke put the book, which had been
 * dropped with the stream, in sync again: it passed for current while nothing could tell of a change.
 */
it('leaves a book out of sync whose stream broke before its snapshot came', async () => {
  let socket: SocketEvents | undefined;
  const runtime = createVirtualRuntime({
    ...{ seed: 1, startMs: 0 },
    http: async ({ url }) => {
      const path = url.slice('http://venue/'.length);
      await runtime.sleep(path === 'depth' ? 200 : 1);
      return { written: true, status: 200, headers: {}, body: JSON.stringify(answers[path]) };
    },
    openSocket: (_url, _options, events) => {
      socket = events;
      const send = (text: string): void => {
        const { id } = JSON.parse(text) as { readonly id: number };
        runtime.timers.set(1, () => events.onFrame(Buffer.from(JSON.stringify({ result: null, id }))));
      };
      return { send, ping: () => undefined, terminate: () => undefined };
    },
  });
  const limiter = new RateLimiter(runtime);
  const parts = { dialect, runtime, limiter, address: 'binance:sim', knowledge: () => knowledge };
  const feed = new VenueFeed(parts);
  const books = new OrderBookTracker(runtime);
  void feed.connect();
  books.follow(feed, { id: instrument });
  await runtime.advance(50);
  socket?.onOpen();
  await runtime.advance(100); // The snapshot is on its way.
  socket?.onClose(1006, 'cut');
  expect(books.problemOf('binance', instrument)).toContain('feed is down');
  await runtime.advance(190);
  expect([feed.health().publicLive, books.isSynced('binance', instrument)]).toEqual([false, false]);
});
