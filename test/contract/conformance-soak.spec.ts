import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import type { Rng } from '../../src/runtime/runtime';
import { dialFates } from '../../src/venue-simulator/wire-faults';
import { marks } from './conformance-frames';
import { account, ConformanceScene, dialects, id, symbol } from './conformance-scene';

/** Of the venue's time, which runs ten times as fast: two minutes in CI, an hour with `SOAK_MINUTES=60`. */
const minutes = Number(process.env['SOAK_MINUTES'] ?? 2);
const times = 10;
const heapMargin = 8 * 1_048_576;
jest.setTimeout((minutes * 60_000) / times + 60_000);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId, {
    times,
    venue: { stepsPerSecond: 10, weightPerMinute: 60_000 },
  });
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  beforeAll(async () => {
    process.on('unhandledRejection', note);
    await scene.open();
  }, 60_000);
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await scene.close();
  });

  /** One thing that goes wrong, of all that can. */
  const fault = (rng: Rng): void => {
    const { faults, wire } = scene.venue;
    const { publicPath, privatePath, depthPath, change } = marks[venueId];
    const which = rng.int(2) === 0 ? 'public' : 'private';
    const path = which === 'public' ? publicPath : privatePath;
    const count = 1 + rng.int(3);
    const failing = { isExecuted: false, headers: {}, body: 'given', text: '<html>' } as const;
    const all: readonly (() => void)[] = [
      () => faults.cutSockets(which),
      () => void wire.silence(path, 'hang'),
      () => wire.spoilDials(path, dialFates[rng.int(dialFates.length)]!, count),
      () => faults.skipDepthFrames(symbol, count),
      () => faults.repeatDepthFrames(symbol, count),
      () => faults.swapDepthFrames(symbol, count),
      () =>
        wire.changeFrames({ path: publicPath, holds: change, count, change: (frame) => [frame.slice(1)] }),
      () => wire.changeFrames({ path: privatePath, holds: '', count, change: () => [] }),
      () => wire.answerNext(count, { method: 'GET', path: depthPath, status: 502, ...failing }),
      () => wire.answerNext(1, { method: 'POST', path: '/order', status: undefined, ...failing }),
      () => faults.dropReply('create', 1),
      () => faults.dropReply('cancel', 1),
      () => faults.failNext('create', 1, 503),
    ];
    all[rng.int(all.length)]!();
  };

  it('case 72: goes through minutes of every fault, and leaves nothing behind', async () => {
    const { runtime, connector, venue } = scene;
    const rng = runtime.rng.fork('soak');
    const books = new OrderBookTracker(runtime);
    books.follow(connector.feed, scene.rules);
    venue.setFlow(true);
    const began = runtime.monotonic();
    const until = (share: number): boolean => runtime.monotonic() - began < minutes * 60_000 * share;
    let [placed, first] = [0, 0];
    const round = async (): Promise<void> => {
      fault(rng);
      const sent = scene.order();
      const [answer] = await Promise.all([connector.place(sent, scene.call()), runtime.sleep(1_000)]);
      placed += answer.kind === 'accepted' ? 1 : 0;
      await connector.cancel(scene.refOf(sent));
      scene.events.length = 0;
    };
    while (until(0.4)) await round();
    first = heap();
    while (until(1)) await round();
    const grown = heap() - first;
    venue.faults.clearAll();
    venue.wire.clear();
    await scene.until('both streams are live', () => connector.isConnected(), 300_000);
    await scene.until('the book is in step', () => books.isSynced(venueId, id), 300_000);
    venue.setFlow(false);
    await scene.untilAgrees(books);
    books.unfollow({ venue: venueId }, id);
    await connector.cancelAll(id, 'm0');
    await scene.until('no order rests', () => venue.core.openOrders(account, symbol).length === 0, 60_000);
    const { rows } = await connector.getBalances();
    for (const { asset, free } of venue.core.balances(account))
      expect([asset, Number(rows.find((row) => row.asset === asset)?.free)]).toEqual([asset, Number(free)]);
    expect([placed > 5, unhandled]).toEqual([true, []]);
    expect(grown).toBeLessThan(heapMargin);
  });
});
