import { genericVenues } from '../../src/domain/instrument';
import type { Instrument } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ccxtProfiles } from '../../src/modules/execution/connectors/ccxt.profiles';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { ExchangeConnector, NewOrder } from '../../src/modules/execution/connectors/types';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { until as untilIt } from '../support/until';
import { goldenOf, goldenUrls, GoldenVenue } from './golden-venue';

const id = 'BTC/USDT';
/** As the payloads have it. */
const clientOrderId = 'm00000000000000000001z';
const runtime = createRealRuntime();
jest.setTimeout(60_000);
const until = (what: string, holds: () => boolean, ms = 8_000): Promise<void> =>
  untilIt(runtime, what, holds, ms);

/** ccxt's genuine class of each declared venue, fed with the shapes of the venue's public documents. */
describe.each(genericVenues)('%s', (venueId) => {
  const golden = goldenOf(venueId);
  const { expected } = golden;
  let venue: GoldenVenue;
  let factory: ConnectorFactory;
  let connector: ExchangeConnector;
  let rules: Instrument;
  let events: VenueEvent[] = [];

  beforeAll(async () => {
    venue = new GoldenVenue(venueId, golden);
    const simOrigin = await venue.listen();
    const profile = { ...ccxtProfiles[venueId], simulated: goldenUrls[venueId] };
    factory = new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime), simOrigin },
      profiles: { [venueId]: profile },
      credentials: () => Promise.resolve({ apiKey: 'key', secret: 'c2VjcmV0', passphrase: 'word' }),
    });
    connector = await factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    connector.onEvent((event) => events.push(event));
    await connector.connect();
    rules = connector.feed.rulesOf(id)!;
  });

  afterAll(async () => {
    await factory?.closeAll();
    await venue?.close();
  });

  const order = (change: Partial<NewOrder> = {}): NewOrder => ({
    ...{ clientOrderId, rules, side: 'buy', type: 'limit', price: rules.toTicks('60000.1') },
    ...{ quantity: rules.toLots('0.002'), timeInForce: 'postOnly' },
    ...change,
  });
  const call = () => ({ sendBy: runtime.monotonic() + 3_000, canSend: () => true });
  const ref = { instrument: id, clientOrderId, venueOrderId: expected.venueOrderId };

  it('is live once the venue has confirmed its streams, with exact rules', () => {
    expect([connector.isConnected(), connector.health().blockedReason]).toEqual([true, undefined]);
    expect(rules.rules).toMatchObject(expected.rules as object);
  });

  it('sends a post-only order under our id, with exact decimals, in one request', async () => {
    const before = venue.requests.length;
    expect(await connector.place(order(), call())).toEqual({
      kind: 'accepted',
      venueOrderId: expected.venueOrderId,
    });
    const sent = venue.requests.slice(before);
    expect(sent).toHaveLength(1);
    for (const part of [clientOrderId, ...expected.sent]) expect(sent[0]).toContain(part);
  });

  it('reads every pushed order and trade', async () => {
    events = [];
    for (const frame of [...golden.orders, ...golden.trades]) venue.push(frame);
    const reports = () => events.flatMap((event) => (event.type === 'order' ? [event.report] : []));
    const fills = () => events.flatMap((event) => (event.type === 'fill' ? [event.fill] : []));
    await until(
      'all is heard',
      () => fills().length >= expected.fills.length && reports().length >= expected.orders.length,
    );
    expect(reports()).toMatchObject(expected.orders);
    expect(fills()).toMatchObject(expected.fills);
    expect(events.filter(({ type }) => type === 'quarantine')).toEqual([]);
  });

  // Kraken counts its reads dearly, and ccxt waits for it.
  it('finds the order, and reads lists, trades and balances', async () => {
    expect(await connector.queryOrder(ref)).toMatchObject({
      kind: 'found',
      report: expected.query as object,
    });
    expect((await connector.openOrders(id)).rows).toMatchObject(expected.open);
    expect((await connector.openOrders()).rows).toMatchObject(expected.open);
    const { rows } = await connector.fillsSince({ instrument: id, since: runtime.now() - 3_600_000 });
    expect(rows).toMatchObject(expected.trades);
    expect((await connector.getBalances()).rows).toEqual(
      expect.arrayContaining(expected.balances as unknown[]),
    );
    expect(await connector.feed.getOrderBook(id, 2)).toMatchObject(expected.book as object);
    expect(await connector.cancel(ref)).toEqual({ kind: 'accepted', final: false });
    expect(venue.unknown).toEqual([]);
  });

  it.each(golden.refusals.map((one) => [JSON.stringify(one.body).slice(0, 90), one] as const))(
    'judges %s',
    async (_name, { status, body, outcome }) => {
      venue.refuse({ status, body });
      expect(await connector.place(order(), call())).toMatchObject(outcome as object);
    },
  );

  it('keeps a book, and drops it when a frame does not fit', async () => {
    const books = new OrderBookTracker(runtime);
    const states: string[] = [];
    const leave = connector.feed.onEvent((event) => {
      if (event.type === 'connection') states.push(`${event.state} ${event.reason ?? ''}`.trim());
    });
    books.follow(connector.feed, rules);
    await runtime.sleep(400);
    for (const frame of golden.book) venue.push(frame);
    const touch = () => {
      books.onTick({ id: 1, now: runtime.now(), mono: runtime.monotonic() });
      const { publicTouch } = books.view(venueId, id);
      return publicTouch && { bid: rules.price(publicTouch.bid), ask: rules.price(publicTouch.ask) };
    };
    await until('the book stands', () => touch() !== undefined);
    await until(
      'the last frame',
      () => JSON.stringify(touch()) === JSON.stringify(expected.touch),
      3_000,
    ).catch(() => undefined);
    expect(touch()).toEqual(expected.touch);
    venue.push(golden.broken);
    await until('the book is dropped', () => states.some((state) => state.startsWith('down')));
    expect(states.find((state) => state.startsWith('down'))).toMatch(/gap|checksum/i);
    expect(books.isSynced(venueId, id)).toBe(false);
    books.unfollow({ venue: venueId }, id);
    leave();
  });
});

afterAll(() => runtime.close());
