import type { DialectVenueId, Instrument } from '../../src/domain/instrument';
import type { FillReport, OrderReport, VenueEvent } from '../../src/domain/venue-event';
import { CircuitBreaker } from '../../src/modules/execution/common/circuit-breaker.service';
import { RateLimiter } from '../../src/modules/execution/common/rate-limiter.service';
import { ConnectorFactory } from '../../src/modules/execution/connectors/connector.factory';
import type { FactoryParts } from '../../src/modules/execution/connectors/connector.factory';
import type {
  CallOptions,
  Credentials,
  ExchangeConnector,
  NewOrder,
  OrderRef,
} from '../../src/modules/execution/connectors/types';
import { OrderBookTracker } from '../../src/modules/execution/trackers/order-book-tracker.service';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator, VenueSimulatorOptions } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { fastRuntime } from '../support/fast-runtime';
import { WireTap } from '../support/wire-tap';
import { until as untilIt } from '../support/until';

export const dialects: readonly DialectVenueId[] = ['binance', 'okx', 'gate'];
export const id = 'BTC/USDT';
export const symbol = 'BTCUSDT';
export const account = demoAccount.apiKey;
export const keys: Credentials = {
  ...{ apiKey: demoAccount.apiKey, secret: demoAccount.secret, passphrase: usualPassphrase },
};

let made = 0;
/** The shape of the engine's own ids, never the same twice in a file. */
export const nextId = (): string => `m${(made += 1).toString().padStart(20, '0')}z`;

export interface SceneOptions {
  readonly venue?: Partial<Omit<VenueSimulatorOptions, 'runtime'>>;
  /** How many times as fast all clocks run, those of the venue too. */
  readonly times?: number;
  /** In place of the connectors of the dialects. */
  readonly profiles?: FactoryParts['profiles'];
  /** Where the connector dials in place of the venue itself; called once the venue listens. */
  readonly door?: (venue: VenueSimulator) => Promise<string>;
  /** A tap stands at that door. */
  readonly isTapped?: boolean;
}

/**
 * One venue of the local exchange and a connector to it, over real sockets: what the cases of `docs/venues.md` share.
 * Open it before the tests of a `describe.each(dialects)`, `calm` it before each of them, and close it after them.
 */
export class ConformanceScene {
  readonly runtime: Runtime;
  venue!: VenueSimulator;
  factory!: ConnectorFactory;
  connector!: ExchangeConnector;
  /** Where one was asked for. */
  tap!: WireTap;
  rules!: Instrument;
  /** What the connector said of its account since the test began. */
  readonly events: VenueEvent[] = [];
  private origin = '';

  constructor(
    readonly venueId: DialectVenueId,
    private readonly options: SceneOptions = {},
  ) {
    const real = createRealRuntime();
    this.runtime = options.times === undefined ? real : fastRuntime(real, options.times);
  }

  async open(): Promise<void> {
    const { runtime, options, venueId } = this;
    this.venue = await startVenueSimulator({
      ...{ runtime, port: 0, adminPort: 0, seed: 7, stepsPerSecond: 20 },
      ...options.venue,
    });
    this.origin = await this.doorOf(options);
    this.factory = this.factoryOf();
    this.connector = await this.factory.create({ id: 'a1', venue: venueId, environment: 'sim' });
    this.connector.onEvent((event) => this.events.push(event));
    await this.connect(this.connector);
    this.rules = this.connector.feed.rulesOf(id)!;
  }

  private async doorOf({ door, isTapped }: SceneOptions): Promise<string> {
    if (!isTapped) return door ? door(this.venue) : this.venue.origin;
    this.tap = new WireTap(this.runtime, this.venue.port);
    return this.tap.listen();
  }

  /** On a fast clock a read has a fraction of its time, which a loaded machine may miss: it is tried again. */
  async connect(connector: ExchangeConnector): Promise<void> {
    for (let tries = this.options.times === undefined ? 1 : 10; tries > 0; tries -= 1)
      try {
        return await connector.connect();
      } catch (error) {
        if (tries === 1) throw error;
      }
  }

  /** `repeated`: ids that the test sent twice on purpose. No other may have been. */
  async close(repeated: readonly string[] = []): Promise<void> {
    const twice = this.venue?.duplicateCreates().map(({ clientOrderId }) => clientOrderId);
    await this.factory?.closeAll();
    await this.venue?.stop();
    await this.tap?.close();
    await this.runtime.close();
    expect(twice).toEqual(repeated);
  }

  /** Nothing goes wrong, the market stands still, no order rests, and both streams are live. */
  async calm(): Promise<void> {
    const { venue, runtime, connector } = this;
    this.events.length = 0;
    venue.faults.clearAll();
    venue.wire.clear();
    venue.setFlow(false);
    // Gate takes ten orders a second of a pair.
    await runtime.sleep(this.venueId === 'gate' ? 300 : 0);
    for (const { symbol: of, clientOrderId } of venue.core.openOrders(account))
      venue.core.cancel({ account, symbol: of, clientOrderId });
    await this.until('both streams are live', () => connector.isConnected(), 15_000);
  }

  /** Another engine's worth of connectors to the same venue. */
  factoryOf(
    credentials: Credentials = keys,
    parts: Partial<Omit<FactoryParts, 'credentials'>> = {},
  ): ConnectorFactory {
    const { runtime, origin: simOrigin } = this;
    const { profiles } = this.options;
    return new ConnectorFactory({
      ...{ runtime, limiter: new RateLimiter(runtime), breaker: new CircuitBreaker(runtime), simOrigin },
      ...(profiles ? { profiles } : {}),
      ...{ credentials: () => Promise.resolve(credentials), ...parts },
    });
  }

  until(what: string, holds: () => boolean, ms = 8_000): Promise<void> {
    return untilIt(this.runtime, what, holds, ms);
  }

  /** A fault or a term of the venue by its admin port. */
  async admin(path: string, fields: object): Promise<unknown> {
    const url = `http://127.0.0.1:${this.venue.adminPort}${path}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(fields) });
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.json();
  }

  call(change: Partial<CallOptions> = {}): CallOptions {
    return { sendBy: this.runtime.monotonic() + 2_000, canSend: () => true, ...change };
  }

  /** The best price of the venue's own book. */
  touch(side: 'buy' | 'sell'): number {
    const { bids, asks } = this.venue.core.depth(symbol, 1);
    return (side === 'buy' ? bids : asks)[0]![0];
  }

  /** A post-only bid of 0.01 BTC far below the market, with a new id. */
  order(change: Partial<NewOrder> = {}): NewOrder {
    return {
      ...{ clientOrderId: nextId(), rules: this.rules, side: 'buy', type: 'limit' },
      ...{ price: this.touch('buy') - 100_000, quantity: 1_000, timeInForce: 'postOnly' },
      ...change,
    };
  }

  refOf({ clientOrderId }: { readonly clientOrderId: string }): OrderRef {
    return { instrument: id, clientOrderId };
  }

  reports(clientOrderId: string): readonly OrderReport[] {
    return this.events.flatMap((event) =>
      event.type === 'order' && event.report.clientOrderId === clientOrderId ? [event.report] : [],
    );
  }

  fills(clientOrderId?: string): readonly FillReport[] {
    return this.events.flatMap((event) =>
      event.type === 'fill' && (clientOrderId === undefined || event.fill.clientOrderId === clientOrderId)
        ? [event.fill]
        : [],
    );
  }

  connections(): readonly Extract<VenueEvent, { type: 'connection' }>[] {
    return this.events.flatMap((event) => (event.type === 'connection' ? [event] : []));
  }

  /** By the venue's own books, without what the venue demands around our ids. */
  openIds(): readonly string[] {
    return this.venue.core
      .openOrders(account, symbol)
      .map(({ clientOrderId }) => clientOrderId.replace(/^t-/, ''));
  }

  /** How an id of ours stands in the books of the venue. */
  idAtVenue(clientOrderId: string): string {
    return this.venueId === 'gate' ? `t-${clientOrderId}` : clientOrderId;
  }

  /** Follows the pair until its book is in step. */
  async follow(books = new OrderBookTracker(this.runtime)): Promise<OrderBookTracker> {
    books.follow(this.connector.feed, this.rules);
    await this.until('the book is in step', () => books.isSynced(this.venueId, id));
    return books;
  }

  view(books: OrderBookTracker): ReturnType<OrderBookTracker['view']> {
    const { runtime } = this;
    books.onTick({ id: 1, now: runtime.now(), mono: runtime.monotonic() });
    return books.view(this.venueId, id);
  }

  /** The market stands still: the book ends as the venue has it, to the last change. */
  async untilAgrees(books: OrderBookTracker): Promise<void> {
    const agrees = (): boolean => {
      const { publicTouch } = this.view(books);
      return publicTouch?.bid === this.touch('buy') && publicTouch.ask === this.touch('sell');
    };
    await this.until('the best prices are those of the venue', agrees);
    const { lastId } = await this.connector.feed.getOrderBook(id, 5);
    await this.until('the last change is in', () => agrees() && this.view(books).sequence === lastId);
  }
}
