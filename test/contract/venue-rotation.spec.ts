import type { Instrument, VenueId } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { ExchangeConnector } from '../../src/modules/execution/connectors/types';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { until as untilIt } from '../support/until';

const instruments = ['BTC/USDT', 'ETH/USDT'];
const symbol = 'BTCUSDT';
const runtime = createRealRuntime();
jest.setTimeout(30_000);

/** What each venue says before it closes connections, and how it is made to say it. */
const announcements = {
  binance: ['/binance/shutdown', { closeAfterSeconds: 4 }],
  okx: ['/okx/notice', { closeAfterSeconds: 4 }],
} as const;

/** The venue closes connections, announced and not, over real sockets. */
describe.each<VenueId & keyof typeof announcements>(['binance', 'okx'])('%s', (venueId) => {
  let venue: VenueSimulator;
  let factory: ConnectorFactory;
  let connector: ExchangeConnector;
  let rules: readonly Instrument[];
  let books: OrderBookTracker;
  let events: VenueEvent[];
  let publicEvents: VenueEvent[];

  const admin = async (path: string, fields: object): Promise<void> => {
    const url = `http://127.0.0.1:${venue.adminPort}${path}`;
    expect((await fetch(url, { method: 'POST', body: JSON.stringify(fields) })).status).toBe(200);
  };
  const until = (holds: () => boolean, ms = 8_000): Promise<void> => untilIt(runtime, 'it', holds, ms);
  const connections = (of: readonly VenueEvent[]) =>
    of.flatMap((event) => (event.type === 'connection' ? [event] : []));
  const isInStep = (): boolean => instruments.every((id) => books.isSynced(venueId, id));

  beforeEach(async () => {
    venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 40 });
    factory = new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime) },
      credentials: () =>
        Promise.resolve({
          ...{ apiKey: demoAccount.apiKey, secret: demoAccount.secret, passphrase: usualPassphrase },
        }),
      simOrigin: venue.origin,
    });
    connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    await connector.connect();
    [events, publicEvents] = [[], []];
    connector.onEvent((event) => events.push(event));
    rules = instruments.map((id) => connector.feed.rulesOf(id)!);
    books = new OrderBookTracker(runtime);
    for (const one of rules) books.follow(connector.feed, one);
    await until(isInStep);
    connector.feed.onEvent((event) => publicEvents.push(event));
  });

  afterEach(async () => {
    for (const one of rules) books.unfollow({ venue: venueId }, one.id);
    await factory.closeAll();
    await venue.stop();
  });

  afterAll(async () => {
    if (venueId === 'okx') await runtime.close();
  });

  /** Trades of ours while the connections change, by the venue's own count. */
  const trade = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const price = venue.core.depth(symbol, 1).asks[0]![0];
      venue.core.place({
        ...{ account: demoAccount.apiKey, symbol, clientOrderId: `own${i}x${venue.port}`, side: 'buy' },
        ...{ type: 'limit', timeInForce: 'IOC', price: price + 2_000, quantity: 10, stp: 'NONE' },
      });
      await runtime.sleep(40);
    }
  };

  it('case 63: moves to new connections before the venue closes the old ones, and misses nothing', async () => {
    const [path, fields] = announcements[venueId];
    let [isConnected, wasInStep] = [true, true];
    const watch = runtime.timers.every(2, () => {
      isConnected &&= connector.isConnected();
      wasInStep &&= isInStep();
    });
    await admin(path, fields);
    await trade(60);
    await until(() => connections(events).some(({ generation }) => generation === 2));
    await until(() => publicEvents.some(({ generation }) => generation === 2));
    // The venue closes what it has announced.
    await runtime.sleep(4_500);
    runtime.timers.clear(watch);
    expect([isConnected, wasInStep]).toEqual([true, true]);
    expect(books.counters()).toEqual({
      ...{ resyncs: instruments.length, gaps: 0, crossed: 0, offGrid: 0, frozen: 0 },
    });
    expect(connections(events).map(({ state, isOverlap }) => [state, isOverlap])).toEqual([['live', true]]);
    expect(connections(publicEvents)).toEqual([]);
    expect(connector.health().reconnects).toBe(0);
    const heard = events.flatMap((event) => (event.type === 'fill' ? [event.fill.tradeId] : []));
    const own = venue.core.trades(demoAccount.apiKey, symbol).map(({ tradeId }) => String(tradeId));
    expect([...new Set(heard)].sort()).toEqual(own.sort());
    expect(own.length).toBeGreaterThan(50);
  });

  it('case 63: hears every public trade once while it moves', async () => {
    const [path, fields] = announcements[venueId];
    const from = venue.core.publicTrades(symbol).at(-1)?.tradeId ?? 0;
    await runtime.sleep(200);
    publicEvents.length = 0;
    await admin(path, fields);
    await until(() => publicEvents.some(({ generation }) => generation === 2));
    venue.setFlow(false);
    await runtime.sleep(300);
    const heard = publicEvents.flatMap((event) =>
      event.type === 'publicTrade' && event.instrument === 'BTC/USDT' ? [Number(event.tradeId)] : [],
    );
    expect(from).toBeGreaterThan(0);
    const all = venue.core.publicTrades(symbol).map(({ tradeId }) => tradeId);
    expect(heard).toEqual(all.slice(all.indexOf(heard[0]!)));
    expect(heard.length).toBeGreaterThan(5);
  });

  it('case 63: ends with the books of the venue', async () => {
    const [path, fields] = announcements[venueId];
    await admin(path, fields);
    await until(() => publicEvents.some(({ generation }) => generation === 2));
    await runtime.sleep(500);
    venue.setFlow(false);
    const agrees = (): boolean => {
      books.onTick({ id: 1, now: runtime.now(), mono: runtime.monotonic() });
      return rules.every(({ id, rules: { base } }) => {
        const { publicTouch } = books.view(venueId, id);
        const { bids, asks } = venue.core.depth(`${base}USDT`, 1);
        return publicTouch?.bid === bids[0]![0] && publicTouch.ask === asks[0]![0];
      });
    };
    await until(agrees);
    expect(books.counters().resyncs).toBe(instruments.length);
  });

  it('case 64: comes back as a new generation when it is cut without a word', async () => {
    venue.faults.cutSockets('private');
    venue.faults.cutSockets('public');
    await until(() =>
      connections(events).some(({ state, generation }) => state === 'live' && generation === 2),
    );
    await until(isInStep);
    expect(connections(events).every(({ isOverlap }) => !isOverlap)).toBe(true);
    expect(connector.health().reconnects).toBe(2);
  });

  it('case 63: takes a cut while it moves for what it is', async () => {
    const [path, fields] = announcements[venueId];
    await admin(path, fields);
    await runtime.sleep(30);
    venue.faults.cutSockets('public');
    venue.faults.cutSockets('private');
    await runtime.sleep(100);
    await until(() => connector.isConnected() && isInStep());
  });
});
