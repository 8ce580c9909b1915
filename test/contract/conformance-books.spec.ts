import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { marks, withBid } from './conformance-frames';
import { account, ConformanceScene, dialects, id, symbol } from './conformance-scene';

jest.setTimeout(20_000);

/** What may go wrong on the way of a book, one fault at a time. Each ends with the venue's own book. */
describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId);
  const { publicPath, change, isAck } = marks[venueId];
  let venue: VenueSimulator;
  let books: OrderBookTracker;

  beforeAll(async () => {
    await scene.open();
    ({ venue } = scene);
  }, 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());
  afterEach(() => books.unfollow({ venue: venueId }, id));

  const synced = (): boolean => books.isSynced(venueId, id);
  const generation = (): number => scene.connector.feed.health().reconnects;
  const standStill = async (): Promise<void> => {
    venue.setFlow(false);
    await scene.untilAgrees(books);
  };
  /** While the fault is set, whether a view ever showed prices of a book that was not in step. */
  const watchViews = () => {
    const seen = { wrong: 0 };
    const timer = scene.runtime.timers.every(2, () => {
      const { status, publicTouch } = books.view(venueId, id);
      if (synced()) return;
      if (status !== 'invalid' || publicTouch !== undefined) seen.wrong += 1;
    });
    return { seen, stop: () => scene.runtime.timers.clear(timer) };
  };

  it.each([1, 2, 50])(
    'case 10: %i frames that are lost make the book invalid at once, and in step again within a second',
    async (count) => {
      books = await scene.follow();
      venue.setFlow(true);
      const { seen, stop } = watchViews();
      let [lostAt, seenAtOnce] = [0, ''];
      const leave = scene.connector.feed.onEvent(() => {
        if (lostAt > 0 || books.counters().gaps === 0) return;
        lostAt = scene.runtime.monotonic();
        seenAtOnce = `${synced() ? 'in step' : 'invalid'}: ${books.view(venueId, id).problem}`;
      });
      venue.faults.skipDepthFrames(symbol, count);
      await scene.until('the gap is found', () => lostAt > 0, 12_000);
      expect(seenAtOnce).toMatch(/^invalid: gap/);
      await scene.until('in step', synced);
      expect(scene.runtime.monotonic() - lostAt).toBeLessThan(1_000);
      await standStill();
      stop();
      leave();
      expect(seen.wrong).toBe(0);
      expect(books.counters()).toMatchObject({ gaps: 1, crossed: 0, offGrid: 0 });
    },
  );

  it('case 11: takes frames that come twice once, and heals when they overtake each other', async () => {
    books = await scene.follow();
    let frames = 0;
    const leave = scene.connector.feed.onEvent((event) => void (frames += event.type === 'depth' ? 1 : 0));
    venue.setFlow(true);
    venue.faults.repeatDepthFrames(symbol, 6);
    await scene.until('frames have come twice', () => frames > 14);
    await standStill();
    expect(books.counters()).toMatchObject({ resyncs: 1, gaps: 0, crossed: 0 });
    venue.setFlow(true);
    venue.faults.swapDepthFrames(symbol, 3);
    await scene.until('a frame was missed', () => books.counters().gaps > 0);
    await scene.until('in step', synced);
    await scene.runtime.sleep(700);
    await standStill();
    leave();
  });

  it('case 13: loses no change that comes before its subscription is confirmed', async () => {
    const late: string[] = [];
    let [first, acks] = [0, 0];
    venue.setFlow(true);
    venue.wire.changeFrames({
      ...{ path: publicPath, holds: '' },
      change: (frame) => {
        if (acks === 0 && isAck(frame)) {
          acks = 1;
          late.push(frame);
          return [];
        }
        if (late.length === 0 || !frame.includes(change)) return [frame];
        first += 1;
        return first < 3 ? [frame] : [frame, ...late.splice(0)];
      },
    });
    books = await scene.follow();
    expect([acks, first >= 3 || venueId !== 'binance']).toEqual([1, true]);
    await scene.until('the confirmation has left', () => first >= 3);
    await standStill();
    expect(books.counters()).toEqual({ resyncs: 1, gaps: 0, crossed: 0, offGrid: 0, frozen: 0 });
  });

  it('case 15: a book that a frame crosses is invalid before anyone reads it', async () => {
    books = await scene.follow();
    const price = scene.rules.price(scene.touch('sell') + 10);
    venue.wire.changeFrames({
      ...{ path: publicPath, holds: change, count: 1 },
      change: (frame) => [withBid(venueId, frame, price, '1')],
    });
    const { seen, stop } = watchViews();
    venue.setFlow(true);
    await scene.until('the crossed frame has come', () => books.counters().crossed > 0);
    await scene.until('in step', synced);
    await standStill();
    stop();
    expect(seen.wrong).toBe(0);
    expect(books.counters()).toMatchObject({ crossed: 1, offGrid: 0 });
  });

  it('case 17: a level between the steps of the price makes the book invalid, and is never rounded', async () => {
    books = await scene.follow();
    const price = `${scene.rules.price(scene.touch('buy') - 5)}5`.replace(/^(\d+\.\d\d)\d*5$/, '$15');
    venue.wire.changeFrames({
      ...{ path: publicPath, holds: change, count: 1 },
      change: (frame) => [withBid(venueId, frame, price, '1')],
    });
    venue.setFlow(true);
    await scene.until('the level has come', () => books.counters().offGrid > 0);
    await scene.until('in step', synced);
    await standStill();
    expect(books.counters()).toMatchObject({ crossed: 0, offGrid: 1 });
  });

  it('case 19: no level that ended during a reconnect survives it', async () => {
    const price = scene.touch('buy') + 1;
    const order = { account, symbol, side: 'buy', type: 'limit', stp: 'NONE', timeInForce: 'GTC' } as const;
    venue.core.place({ ...order, clientOrderId: scene.idAtVenue('level1'), price, quantity: 1_000 });
    books = await scene.follow();
    const has = (): boolean => scene.view(books).bids.some(([ticks]) => ticks === price);
    await scene.until('the level is in the book', has);
    const before = generation();
    venue.faults.cutSockets('public');
    venue.core.cancel({ account, symbol, clientOrderId: scene.idAtVenue('level1') });
    await scene.until('the feed came back', () => generation() > before && synced(), 15_000);
    await standStill();
    expect(has()).toBe(false);
  });
});

describe.each(['okx', 'gate'] as const)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId);
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());

  it('case 14: a frame without levels moves the sequence and costs no book', async () => {
    const books = await scene.follow();
    if (venueId === 'okx') {
      await scene.admin('/okx/terms', { quietSeconds: 0.2 });
      await scene.runtime.sleep(700);
      scene.venue.setFlow(true);
      await scene.runtime.sleep(500);
      await scene.admin('/okx/resetSequence', { symbol });
      await scene.runtime.sleep(1_000);
      scene.venue.setFlow(false);
    } else {
      await scene.untilAgrees(books);
      const { sequence } = scene.view(books);
      // Beyond the fifty levels of the stream: its ids are used, and no level is shown.
      const order = { account, symbol, side: 'buy', type: 'limit', stp: 'NONE', timeInForce: 'GTC' } as const;
      for (const n of [1, 2, 3])
        scene.venue.core.place({ ...order, clientOrderId: `t-far${n}`, price: 3_000_000 + n, quantity: 1 });
      await scene.until('the sequence has moved', () => scene.view(books).sequence > sequence);
    }
    await scene.untilAgrees(books);
    expect(books.counters()).toEqual({ resyncs: 1, gaps: 0, crossed: 0, offGrid: 0, frozen: 0 });
    books.unfollow({ venue: venueId }, id);
  });
});

describe.each(['binance'] as const)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId);
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());

  it('case 12: a snapshot older than the changes that were kept is read again', async () => {
    const { venue } = scene;
    const url = `${venue.origin}/binance/api/v3/depth?symbol=${symbol}&limit=1000`;
    const text = await (await fetch(url)).text();
    const { lastUpdateId } = JSON.parse(text) as { lastUpdateId: number };
    const books = await scene.follow();
    venue.setFlow(true);
    const answer = { method: 'GET', path: '/depth', isExecuted: false, status: 200, headers: {} } as const;
    venue.wire.answerNext(2, { ...answer, body: 'given', text });
    venue.faults.skipDepthFrames(symbol, 1);
    await scene.until('the gap is found', () => books.counters().gaps === 1);
    await scene.until('in step', () => books.isSynced(venueId, id));
    expect(venue.wire.take('GET', '/depth')).toBeUndefined();
    venue.setFlow(false);
    await scene.untilAgrees(books);
    expect(scene.view(books).sequence).toBeGreaterThan(lastUpdateId);
    expect(books.counters()).toMatchObject({ resyncs: 2, gaps: 1, crossed: 0 });
    books.unfollow({ venue: venueId }, id);
  });
});
