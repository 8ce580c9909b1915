import type { DialectVenueId } from '../../src/domain/instrument';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { knowledgeOf } from '../../src/modules/execution/connectors/ccxt.knowledge';
import { isSame } from '../../src/modules/execution/connectors/byte-lane';
import type {
  FrameDecoder,
  SymbolFinder,
  VenueDialect,
} from '../../src/modules/execution/connectors/dialect';
import { GateConnector } from '../../src/modules/execution/connectors/gate.connector';
import { OkxConnector } from '../../src/modules/execution/connectors/okx.connector';
import { parseVenueJson } from '../../src/modules/execution/connectors/venue-json';
import { VenueFeed } from '../../src/modules/execution/connectors/venue.feed';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { until } from '../support/until';
import { marks } from './conformance-frames';
import { id, symbol } from './conformance-scene';

const dialects: Readonly<Record<DialectVenueId, VenueDialect>> = {
  binance: BinanceConnector.dialect,
  okx: OkxConnector.dialect,
  gate: GateConnector.dialect,
};
const enough = 40;
jest.setTimeout(60_000);

describe.each(Object.values(dialects))('$venue', ({ venue: name }) => {
  const venueId = name as DialectVenueId;
  const dialect = dialects[venueId];
  let runtime: Runtime;
  let venue: VenueSimulator;
  let feed: VenueFeed;
  let books: OrderBookTracker;
  const left: string[] = [];
  const differing: string[] = [];
  let read = 0;

  /** The product's decoder, with every frame read as JSON beside it. */
  const watched = (symbolOf: SymbolFinder): FrameDecoder => {
    const decoder = dialect.market.decoder!(symbolOf);
    const judge = dialect.market.parser(symbolOf);
    return {
      depth: (frame) => {
        const depth = decoder.depth(frame);
        const text = frame.toString('utf8');
        if (!depth && marks[venueId].bookOf(text) === symbol) left.push(text);
        if (!depth) return undefined;
        read += 1;
        const judged = judge.depthOf?.(parseVenueJson(text));
        if (!judged || !isSame(depth, judged)) differing.push(text);
        return depth;
      },
    };
  };

  beforeAll(async () => {
    runtime = createRealRuntime();
    venue = await startVenueSimulator({ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 40 });
    const venueNow = (): number => runtime.now();
    const { origin: simOrigin } = venue;
    feed = new VenueFeed({
      dialect: { ...dialect, market: { ...dialect.market, decoder: watched } },
      ...{ runtime, limiter: new RateLimiter(runtime), address: venueId },
      knowledge: () => knowledgeOf({ venue: venueId, environment: 'sim', simOrigin, venueNow }),
    });
    await feed.connect();
    books = new OrderBookTracker(runtime);
    books.follow(feed, { id });
  });

  afterAll(async () => {
    books.unfollow(feed, id);
    await feed.disconnect();
    await venue.stop();
    await runtime.close();
  });

  it('reads every depth frame of the venue from its bytes, each as its JSON is', async () => {
    await until(runtime, 'the book is in step', () => books.isSynced(venueId, id), 10_000);
    await until(runtime, 'enough frames have come', () => read >= enough, 30_000);
    expect([left, differing]).toEqual([[], []]);
    expect([books.isSynced(venueId, id), books.counters().gaps]).toEqual([true, 0]);
  });
});
