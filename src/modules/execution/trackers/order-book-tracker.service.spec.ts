import type { LevelBatch, VenueEvent } from '../../../domain/venue-event';
import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import type { VirtualRuntime } from '../../../runtime/virtual-runtime';
import type { MarketFeed } from '../connectors/types';
import { OrderBookTracker } from './order-book-tracker.service';

const instrument = 'BTC/USDT';
type Levels = readonly (readonly [number, number])[];

class FakeFeed {
  readonly venue = 'binance' as const;
  readonly log: string[] = [];
  sink: ((event: VenueEvent) => void) | undefined;
  isLive = true;
  newestId: number | undefined = 0;
  asked = 0;
  readonly restarts: string[] = [];

  constructor(private readonly runtime: VirtualRuntime) {}

  health = () => ({ publicLive: this.isLive });
  subscribeOrderBook = (id: string): void => void this.log.push(`subscribe ${id}`);
  unsubscribeOrderBook = (id: string): void => void this.log.push(`unsubscribe ${id}`);
  restart = (reason: string): void => void this.restarts.push(reason);
  getOrderBook = (): Promise<{ lastId: number }> => {
    this.asked += 1;
    return this.newestId === undefined
      ? Promise.reject(new Error('no answer'))
      : Promise.resolve({ lastId: this.newestId });
  };
  requestSnapshot = (id: string): void => void this.log.push(`snapshot ${id}`);
  onEvent = (sink: (event: VenueEvent) => void) => {
    this.sink = sink;
    return (): void => void (this.sink = undefined);
  };

  depth(ids: readonly [number, number] | number, bids: Levels, asks: Levels, generation = 1): void {
    const [firstId, lastId] = typeof ids === 'number' ? [ids, ids] : ids;
    this.emit(
      {
        type: 'depth',
        instrument,
        snapshot: typeof ids === 'number',
        firstId,
        lastId,
        bids: batch(bids),
        asks: batch(asks),
      },
      generation,
    );
  }

  emit(event: object, generation = 1): void {
    this.sink?.({
      ...event,
      venue: 'binance',
      receivedAt: this.runtime.monotonic(),
      generation,
    } as VenueEvent);
  }

  asFeed = (): MarketFeed => this as unknown as MarketFeed;
}

const batch = (levels: Levels): LevelBatch => ({
  ticks: Int32Array.from(levels, ([ticks]) => ticks),
  lots: Float64Array.from(levels, ([, lots]) => lots),
  length: levels.length,
});

let runtime: VirtualRuntime;
let feed: FakeFeed;
let books: OrderBookTracker;
const tick = (): void => books.onTick({ id: 1, now: runtime.now(), mono: runtime.monotonic() });
const view = (own: Parameters<OrderBookTracker['view']>[2] = []) => books.view('binance', instrument, own);
const snapshots = (): number => feed.log.filter((line) => line.startsWith('snapshot')).length;

beforeEach(async () => {
  runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  feed = new FakeFeed(runtime);
  books = new OrderBookTracker(runtime);
  books.follow(feed.asFeed(), { id: instrument });
  await runtime.advance(1);
});

const inSync = (): void => {
  feed.depth(
    10,
    [
      [100, 5],
      [99, 7],
    ],
    [[110, 6]],
  );
  tick();
};

it('asks for a snapshot and publishes on the tick, not before', () => {
  expect(feed.log).toEqual(['subscribe BTC/USDT', 'snapshot BTC/USDT']);
  feed.depth(10, [[100, 5]], [[110, 6]]);
  expect(view().status).toBe('invalid');
  tick();
  expect(view()).toMatchObject({ status: 'synced', sequence: 10, bids: [[100, 5]], asks: [[110, 6]] });
});

it('takes out own size that left since the book last changed, and not once it has', async () => {
  const left = { venue: 'binance', instrument, side: 'buy', price: 100, quantity: 5, maxFilled: 0 } as const;
  inSync();
  const before = { ...left, at: runtime.monotonic() };
  await runtime.advance(5);
  const since = { ...left, at: runtime.monotonic() };
  const bids = (gone: Parameters<OrderBookTracker['view']>[3]) =>
    books.view('binance', instrument, [], gone).bids;
  expect(bids([before])).toEqual([
    [100, 5],
    [99, 7],
  ]);
  expect(bids([since])).toEqual([[99, 7]]);
  await runtime.advance(5);
  feed.depth([11, 11], [[98, 1]], []);
  tick();
  expect(bids([since])[0]).toEqual([100, 5]); // The venue has spoken since: what stands there is not ours.
});

it('gives every session of a tick the same copy', () => {
  inSync();
  const before = view();
  feed.depth([11, 11], [[101, 1]], []);
  expect(view().bids).toBe(before.bids);
  tick();
  expect(view().publicTouch).toEqual({ bid: 101, ask: 110 });
});

it('takes own resting size out of the levels and leaves it in the public touch', () => {
  inSync();
  const own = [
    { side: 'buy', price: 100, quantity: 8, maxFilled: 3 },
    { side: 'sell', price: 110, quantity: 2, maxFilled: 0 },
  ] as const;
  expect(view(own)).toMatchObject({ bids: [[99, 7]], asks: [[110, 4]], publicTouch: { bid: 100, ask: 110 } });
});

it('is invalid at once on a gap and asks again', async () => {
  inSync();
  feed.depth([13, 14], [], []);
  expect(view()).toMatchObject({ status: 'invalid', bids: [], publicTouch: undefined });
  await runtime.advance(1);
  expect(snapshots()).toBe(2);
  feed.depth(13, [[100, 1]], [[110, 1]]);
  tick();
  expect(view()).toMatchObject({ status: 'synced', sequence: 14 });
});

it.each([
  ['off-grid level', () => feed.emit({ type: 'offGrid', instrument, detail: '1.5' }), 'off grid'],
  ['crossed book', () => feed.depth([11, 11], [[111, 1]], []), 'crossed'],
  [
    'lost connection',
    () => feed.emit({ type: 'connection', stream: 'public', state: 'down' }),
    'feed is down',
  ],
])('is invalid at once on a(n) %s', (_name, spoil, problem) => {
  inSync();
  expect(books.problemOf('binance', instrument)).toBe('');
  spoil();
  expect(view().problem).toContain(problem);
  expect(books.problemOf('binance', instrument)).toBe(view().problem);
});

it('keeps no book across a reconnect and ignores the old generation', async () => {
  inSync();
  feed.emit({ type: 'connection', stream: 'public', state: 'live' }, 2);
  feed.depth([11, 11], [[101, 1]], [], 1);
  expect(books.isSynced('binance', instrument)).toBe(false);
  await runtime.advance(1);
  expect(snapshots()).toBe(2);
});

it('repeats a snapshot that never comes, quickly at first and then slowly', async () => {
  await runtime.advance(40_000);
  const quick = snapshots();
  expect(quick).toBeGreaterThanOrEqual(5);
  await runtime.advance(32_000);
  expect(snapshots() - quick).toBeLessThanOrEqual(2);
});

describe('a book that has not changed for a while', () => {
  const live = (): void => {
    inSync();
    feed.depth([11, 11], [], []);
  };

  it('is proved current by the newest id of the venue, and never called stale', async () => {
    live();
    feed.newestId = 11;
    for (let i = 0; i < 60; i += 1) {
      await runtime.advance(1_000);
      expect(view().livenessAgeMs).toBeLessThan(view().staleAfterMs);
    }
    expect([feed.asked, view().changeAgeMs, feed.restarts]).toEqual([expect.any(Number), 60_000, []]);
    expect(feed.asked).toBeGreaterThan(10);
    expect(feed.asked).toBeLessThan(40);
  });

  it('is known to be frozen when the venue has moved on without a word', async () => {
    live();
    feed.newestId = 12;
    await runtime.advance(4_500);
    expect(feed.restarts).toEqual(['BTC/USDT stands still at 11, the venue is at 12']);
    expect(books.counters().frozen).toBe(1);
  });

  it('is not frozen when it is left while the venue is asked: what comes is not heard any more', async () => {
    live();
    books.follow(feed.asFeed(), { id: 'ETH/USDT' });
    feed.newestId = 12;
    await runtime.advance(3_000);
    expect(feed.asked).toBe(1);
    books.unfollow({ venue: 'binance' }, instrument);
    feed.depth([12, 12], [], []);
    await runtime.advance(2_000);
    expect(feed.restarts).toEqual([]);
  });

  it('is not frozen when what the venue names arrives a moment later', async () => {
    live();
    feed.newestId = 12;
    await runtime.advance(3_000);
    feed.depth([12, 12], [], []);
    await runtime.advance(1_000);
    expect(feed.restarts).toEqual([]);
  });

  it('grows old while the venue does not answer, whatever else the stream says', async () => {
    live();
    feed.newestId = undefined;
    await runtime.advance(6_000);
    feed.emit({ type: 'quarantine', stream: 'public', raw: '', error: '' });
    expect(view().livenessAgeMs).toBe(6_000);
    expect(view().livenessAgeMs).toBeGreaterThan(view().staleAfterMs);
  });

  it('is missed sooner the livelier it was', async () => {
    live();
    for (let id = 12; id < 120; id += 1) {
      await runtime.advance(id % 10 === 0 ? 300 : 100);
      feed.depth([id, id], [], []);
    }
    expect(view().staleAfterMs).toBe(1_200);
  });
});

it('leaves the feed with the last follower only', () => {
  books.follow(feed.asFeed(), { id: instrument });
  books.unfollow({ venue: 'binance' }, instrument);
  expect(feed.sink).toBeDefined();
  books.unfollow({ venue: 'binance' }, instrument);
  expect([feed.sink, feed.log.at(-1)]).toEqual([undefined, 'unsubscribe BTC/USDT']);
});

it('hears of one book when another of the same feed is left', () => {
  inSync();
  books.follow(feed.asFeed(), { id: 'ETH/USDT' });
  books.unfollow({ venue: 'binance' }, 'ETH/USDT');
  feed.depth([11, 11], [[98, 1]], []);
  tick();
  expect(view()).toMatchObject({ status: 'synced', sequence: 11 });
  books.unfollow({ venue: 'binance' }, instrument);
  expect(feed.sink).toBeUndefined();
});
