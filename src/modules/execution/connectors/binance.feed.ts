import type { Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { StreamState, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { RateLimiter } from '../common/rate-limiter.service';
import { BinanceMarkets } from './binance.markets';
import { parsed, readVenue } from './binance.reads';
import type { VenueKnowledge } from './ccxt.knowledge';
import { ClockOffset } from './clock-offset';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import { BinanceMarketParser } from './parse-binance-market';
import { StreamSubscriptions } from './stream-subscriptions';
import type { ConnectorHealth, DepthSnapshot, MarketFeed } from './types';
import { integerOf, parseVenueJson, recordOf, requireInteger } from './venue-json';
import { VenueSocket } from './venue.socket';
import { VenueTransport } from './venue.transport';

const connectWaitMs = 10_000;
const snapshotLimit = 1_000;

export interface FeedParts {
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  /** Venue and environment: what the limiter counts by. */
  readonly address: string;
  /** Made on first use, because it loads a large library. */
  readonly knowledge: () => VenueKnowledge;
}

/** Market data of Binance for every account and session: one socket, many streams. */
export class BinanceFeed implements MarketFeed {
  readonly venue: VenueId = 'binance';
  readonly markets: BinanceMarkets;
  readonly clock: ClockOffset;
  private readonly sinks = new EventSinks();
  private readonly socket: VenueSocket;
  private readonly streams: StreamSubscriptions;
  private readonly parser = new BinanceMarketParser((symbol) => this.markets.ofVenueSymbol(symbol));
  private readonly snapshots = new Set<InstrumentId>();
  private made: { readonly knowledge: VenueKnowledge; readonly transport: VenueTransport } | undefined;

  constructor(private readonly parts: FeedParts) {
    const { runtime, limiter, address } = parts;
    this.markets = new BinanceMarkets(
      runtime,
      (symbol) => this.read('exchangeInfo', symbol === undefined ? {} : { symbol }, 20),
      {
        limits: (limits) => limiter.configure(address, limits),
        stepsChanged: (instrument) => this.stepsChanged(instrument),
      },
    );
    this.clock = new ClockOffset(runtime, () => this.serverTime());
    this.socket = new VenueSocket(runtime, {
      url: () => `${this.venueParts().knowledge.urls.publicSocket}/0`,
      connectDelayMs: () => limiter.connectDelayMs(address),
      onOpen: () => this.streams.reopen(),
      onFrame: (frame) => this.onFrame(frame),
      onState: (state, reason) => this.onState(state, reason),
    });
    this.streams = new StreamSubscriptions(runtime, {
      send: (method, instruments, id) =>
        this.socket.send({ method, params: instruments.flatMap((i) => this.streamsOf(i)), id }),
      isOpen: () => this.socket.isOpen,
      onAllConfirmed: () => this.socket.markLive(),
    });
  }

  /** Loads instruments, measures the clock and dials. Returns when live, or after 10 s; dialling goes on by itself. */
  async connect(): Promise<void> {
    await this.loadInstruments();
    await this.clock.measure();
    this.clock.start();
    this.socket.start();
    await this.untilLive();
  }

  disconnect(): Promise<void> {
    this.clock.stop();
    this.socket.stop();
    return Promise.resolve();
  }

  health(): ConnectorHealth {
    const { limiter, address } = this.parts;
    return {
      publicLive: this.socket.isLive,
      privateLive: false,
      publicSince: this.socket.liveSince,
      privateSince: 0,
      blockedReason: this.socket.blockedReason,
      clockOffsetMs: this.clock.offsetMs,
      isClockDoubted: this.clock.isDoubted,
      rateBudgetRatio: limiter.budgetRatio(address),
      createWaitMs: limiter.createWaitMs(address),
      reconnects: this.socket.reconnects,
    };
  }

  loadInstruments(): Promise<readonly Instrument[]> {
    return this.markets.load();
  }

  rulesOf(instrument: InstrumentId): Instrument | undefined {
    return this.markets.find(instrument)?.rules;
  }

  rereadRules(instrument: InstrumentId): Promise<Instrument> {
    return this.markets.reread(instrument);
  }

  onEvent(sink: (event: VenueEvent) => void): () => void {
    return this.sinks.add(sink);
  }

  subscribeOrderBook(instrument: InstrumentId): void {
    this.streams.add(instrument);
  }

  unsubscribeOrderBook(instrument: InstrumentId): void {
    this.streams.remove(instrument);
  }

  /** Waits for the stream to be confirmed, so that no change falls between the snapshot and the stream. */
  requestSnapshot(instrument: InstrumentId): void {
    this.streams.whenConfirmed(instrument, () => void this.snapshot(instrument));
  }

  async getOrderBook(instrument: InstrumentId, limit: number): Promise<DepthSnapshot> {
    const json = await this.depth(instrument, limit);
    return parsed('depth', () => {
      const body = recordOf(json) ?? {};
      const bids = body['bids'] as DepthSnapshot['bids'];
      return {
        instrument,
        lastId: requireInteger(body, 'lastUpdateId'),
        bids,
        asks: body['asks'] as typeof bids,
      };
    });
  }

  restart(reason: string): void {
    this.socket.restart(reason);
  }

  async serverTime(): Promise<Ms> {
    const json = await this.read('time', {}, 1);
    return parsed('time', () => requireInteger(recordOf(json) ?? {}, 'serverTime'));
  }

  private depth(instrument: InstrumentId, limit: number): Promise<unknown> {
    const symbol = this.markets.require(instrument).rules.venueSymbol;
    const weight = limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250;
    return this.read('depth', { symbol, limit }, weight);
  }

  /** A failed snapshot is asked for again by whoever follows the book. */
  private async snapshot(instrument: InstrumentId): Promise<void> {
    if (this.snapshots.has(instrument)) return;
    this.snapshots.add(instrument);
    const { generation } = this.socket;
    try {
      const json = await this.depth(instrument, snapshotLimit);
      if (generation !== this.socket.generation) return;
      const stamp = { receivedAt: this.parts.runtime.monotonic(), generation };
      this.sinks.emit(this.parser.snapshot(json, this.markets.require(instrument), stamp));
    } catch (error) {
      this.quarantine(`snapshot of ${instrument}`, messageOf(error));
    } finally {
      this.snapshots.delete(instrument);
    }
  }

  private onFrame(frame: Buffer): void {
    try {
      const json = parseVenueJson(frame.toString('utf8'));
      const answer = recordOf(json);
      const id = answer && answer['e'] === undefined ? integerOf(answer, 'id') : undefined;
      if (id !== undefined && answer?.['error'] === undefined) this.streams.confirm(id);
      if (answer?.['e'] === 'serverShutdown') return this.socket.restart('the venue shuts this server down');
      const event = this.parser.frame(json, this.stamp());
      if (event) this.sinks.emit(event);
    } catch (error) {
      this.quarantine(excerptOf(frame), messageOf(error));
    }
  }

  private onState(state: StreamState, reason: string | undefined): void {
    if (state !== 'live') this.streams.forget();
    const why = reason === undefined ? {} : { reason };
    this.sinks.emit({
      type: 'connection',
      venue: 'binance',
      ...this.stamp(),
      stream: 'public',
      state,
      ...why,
    });
  }

  /** What was read before is counted in other steps than what comes now. */
  private stepsChanged(instrument: InstrumentId): void {
    const detail = 'its steps have changed';
    this.sinks.emit({ type: 'offGrid', venue: 'binance', ...this.stamp(), instrument, detail });
  }

  private quarantine(raw: string, error: string): void {
    this.sinks.emit({ type: 'quarantine', venue: 'binance', ...this.stamp(), stream: 'public', raw, error });
  }

  private stamp(): { readonly receivedAt: number; readonly generation: number } {
    return { receivedAt: this.parts.runtime.monotonic(), generation: this.socket.generation };
  }

  /** The book, and the trades whose average price checks it. */
  private streamsOf(instrument: InstrumentId): readonly string[] {
    const symbol = this.markets.find(instrument)?.rules.venueSymbol ?? instrument.replace('/', '');
    const name = symbol.toLowerCase();
    return [`${name}@depth@100ms`, `${name}@trade`];
  }

  private read(path: string, params: Record<string, string | number>, weight: number): Promise<unknown> {
    const priority = path === 'depth' ? 'snapshot' : 'query';
    const { transport } = this.venueParts();
    return readVenue(this.parts.runtime, transport, {
      path,
      api: 'public',
      method: 'GET',
      params,
      weight,
      priority,
    });
  }

  private venueParts() {
    const { runtime, limiter, address } = this.parts;
    if (!this.made) {
      const knowledge = this.parts.knowledge();
      this.made = { knowledge, transport: new VenueTransport(runtime, limiter, knowledge, { address }) };
    }
    return this.made;
  }

  private async untilLive(): Promise<void> {
    const until = this.parts.runtime.monotonic() + connectWaitMs;
    while (!this.socket.isLive && this.parts.runtime.monotonic() < until) await this.parts.runtime.sleep(20);
  }
}
