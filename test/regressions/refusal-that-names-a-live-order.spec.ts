import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { UserStream } from '../../src/modules/execution/connectors/venue.user-stream';
import type { VenueKnowledge } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import type { SocketEvents } from '../../src/runtime/runtime';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';
import { exchangeInfo } from '../../src/venue-simulator/binance/exchange-info';
import { defaultMarkets } from '../../src/venue-simulator/default-markets';

const { dialect } = BinanceConnector;
const knowledge: VenueKnowledge = {
  urls: { publicSocket: 'ws://venue', privateSocket: 'ws://venue' },
  sign: ({ path, method }) => ({ url: `http://venue/${path}`, method, headers: {}, body: undefined }),
  signParams: () => ({}),
};
const report = {
  ...{
    e: 'executionReport',
    E: 1,
    T: 1,
    s: 'BTCUSDT',
    c: 'ours',
    C: '',
    S: 'BUY',
    o: 'LIMIT_MAKER',
    f: 'GTC',
  },
  ...{
    q: '1.00000000',
    p: '100.00000000',
    z: '0.00000000',
    l: '0.00000000',
    L: '0.00000000',
    Z: '0.00000000',
  },
  ...{ n: '0', N: null, t: -1, m: false, r: 'NONE', O: 1 },
};

/**
 * Found by the simulation: a refusal on the stream that names one of our ids but no order ended the order, which the
 * venue then showed alive. It answers some create of that id; ours is decided by its own reply.
 */
it('takes a refusal without an order for no evidence about ours', async () => {
  const body = JSON.stringify(exchangeInfo(defaultMarkets, 0, { weightPerMinute: 6_000, ordersPer10s: 100 }));
  let socket: SocketEvents | undefined;
  const runtime = createVirtualRuntime({
    ...{ seed: 1, startMs: 0 },
    http: () => Promise.resolve({ written: true, status: 200, headers: {}, body }),
    openSocket: (_url, _options, events) => {
      socket = events;
      return { send: () => undefined, ping: () => undefined, terminate: () => undefined };
    },
  });
  const limiter = new RateLimiter(runtime);
  const feed = new VenueFeed({
    dialect,
    runtime,
    limiter,
    address: 'binance:sim',
    knowledge: () => knowledge,
  });
  await feed.loadInstruments();
  const stream = new UserStream({
    dialect,
    runtime,
    accountId: 'a',
    feed,
    knowledge,
    connectDelayMs: () => 0,
    tooOften: () => undefined,
  });
  const words: string[] = [];
  stream.sinks.add((event) => void words.push(event.type === 'order' ? event.report.status : event.type));
  stream.socket.start();
  await runtime.advance(10);
  const say = (event: object): void =>
    socket?.onFrame(Buffer.from(JSON.stringify({ subscriptionId: 0, event })));
  socket?.onOpen();
  say({ ...report, x: 'REJECTED', X: 'REJECTED', i: -1 });
  say({ ...report, x: 'NEW', X: 'NEW', i: 7 });
  expect(words.filter((word) => word !== 'connection')).toEqual(['open']);
});
