import type { Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { StreamState, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { RateLimiter } from '../common/rate-limiter.service';
import type { VenueKnowledge } from './ccxt.knowledge';
import { ByteLane } from './byte-lane';
import { ClockOffset } from './clock-offset';
import type {
  FrameStamp,
  MarketDialect,
  MarketParser,
  StreamAnswer,
  StreamMethod,
  VenueDialect,
  VenueRequest,
} from './dialect';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import type { ConnectorHealth, DepthSnapshot, MarketFeed } from './types';
import { parseVenueJson } from './venue-json';
import { FeedLines } from './venue.feed-lines';
import type { FeedLine } from './venue.feed-lines';
import { VenueMarkets } from './venue.markets';
import { parsed, readVenue } from './venue.reads';
import { VenueTransport } from './venue.transport';

const connectWaitMs = 10_000;
const snapshotLimit = 1_000;
const firstStateWithinMs = 2_000;

export interface FeedParts {
  readonly dialect: VenueDialect;
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  /** Venue and environment: what the limiter counts by. */
  readonly address: string;
  /** Made on first use, because it loads a large library. */
  readonly knowledge: () => VenueKnowledge;
}

/** Market data of one venue for every account and session: one socket, many streams. */
export class VenueFeed implements MarketFeed {
  readonly venue: VenueId;
  readonly markets: VenueMarkets;
  readonly clock: ClockOffset;
  private readonly sinks = new EventSinks();
  private readonly lines: FeedLines;
  private readonly parser: MarketParser;
  private readonly lane: ByteLane | undefined;
  private readonly snapshots = new Set<InstrumentId>();
  private made: { readonly knowledge: VenueKnowledge; readonly transport: VenueTransport } | undefined;

  constructor(private readonly parts: FeedParts) {
    const { runtime, limiter, address } = parts;
    const { venue, market } = parts.dialect;
    this.venue = venue;
    this.markets = new VenueMarkets(runtime, market, (symbol) => this.read(market.instruments(symbol)), {
      limits: (limits) => limiter.configure(address, limits),
      stepsChanged: (instrument) => this.stepsChanged(instrument),
    });
    this.parser = market.parser((symbol) => this.markets.ofVenueSymbol(symbol));
    this.lane = this.laneOf(market);
    this.clock = new ClockOffset(runtime, (leaving) => this.serverTime(leaving));
    this.lines = new FeedLines(runtime, {
      ...{ name: address, lifeMs: parts.dialect.connectionLifeMs, pingText: market.pingText },
      url: () => `${this.venueParts().knowledge.urls.publicSocket}${market.socketPath}`,
      connectDelayMs: () => limiter.connectDelayMs(address),
      send: (line, method, instruments, id) => this.send(line, method, instruments, id),
      onOpen: (line) => this.onOpen(line),
      onFrame: (frame, line) => this.onFrame(frame, line),
      onState: (state, reason) => this.onState(state, reason),
      pass: (json) => this.parser.frame(json, this.stamp(), this.emit),
      breakAt: (lane) => this.beginLane(lane),
    });
  }

  private get socket() {
    return this.lines.socket;
  }

  private get streams() {
    return this.lines.current.streams;
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
    const rateBudgetRatio = limiter.budgetRatio(address);
    return { ...this.state(), rateBudgetRatio, createWaitMs: limiter.createWaitMs(address) };
  }

  /** Its health without the counts of its address: an account that trades by it has counts of its own. */
  state(): Omit<ConnectorHealth, 'rateBudgetRatio' | 'createWaitMs'> {
    return {
      publicLive: this.socket.isLive,
      privateLive: false,
      publicSince: this.socket.liveSince,
      privateSince: 0,
      blockedReason: this.socket.blockedReason,
      clockOffsetMs: this.clock.offsetMs,
      isClockDoubted: this.clock.isDoubted,
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
    this.lines.add(instrument);
  }

  unsubscribeOrderBook(instrument: InstrumentId): void {
    this.lines.remove(instrument);
  }

  /**
   * A first state that comes by the stream comes by itself with a subscription: one that runs is begun anew, as is one
   * whose first state stays away. One that is read waits for the stream to be confirmed, so that no change falls between the two.
   */
  requestSnapshot(instrument: InstrumentId): void {
    if (this.parser.hasBegun) {
      const isOverdue = this.streams.confirmedForMs(instrument) >= firstStateWithinMs;
      if (isOverdue || this.parser.hasBegun(instrument)) this.streams.renew(instrument);
      return;
    }
    this.streams.whenConfirmed(instrument, () => void this.snapshot(instrument));
  }

  async getOrderBook(instrument: InstrumentId, limit: number): Promise<DepthSnapshot> {
    const json = await this.depth(instrument, limit);
    const read = parsed('depth', () => this.parts.dialect.market.depthOf(json, instrument));
    const lastId = this.parser.numberOf?.(instrument, read.lastId) ?? read.lastId;
    return { ...read, lastId };
  }

  restart(reason: string): void {
    this.socket.restart(reason);
  }

  async serverTime(leaving: () => void = () => undefined): Promise<Ms> {
    const { market } = this.parts.dialect;
    const json = await readVenue(this.parts.runtime, this.venueParts().transport, {
      ...market.time,
      leaving,
    });
    return parsed('time', () => market.timeOf(json));
  }

  private depth(instrument: InstrumentId, limit: number): Promise<unknown> {
    const symbol = this.markets.require(instrument).rules.venueSymbol;
    return this.read(this.parts.dialect.market.depth(symbol, limit), 'snapshot');
  }

  /** A failed snapshot is asked for again by whoever follows the book. */
  private async snapshot(instrument: InstrumentId): Promise<void> {
    if (this.snapshots.has(instrument)) return;
    this.snapshots.add(instrument);
    const { reconnects } = this.socket;
    try {
      const json = await this.depth(instrument, snapshotLimit);
      // What was read says nothing of what has changed since on a stream that is gone.
      if (!this.socket.isLive || reconnects !== this.socket.reconnects) return;
      const event = this.parser.snapshot?.(json, this.markets.require(instrument), this.stamp());
      if (event) this.sinks.emit(event);
    } catch (error) {
      this.quarantine(`snapshot of ${instrument}`, messageOf(error));
    } finally {
      this.snapshots.delete(instrument);
    }
  }

  private laneOf(market: MarketDialect): ByteLane | undefined {
    const symbolOf = (symbol: string) => this.markets.ofVenueSymbol(symbol);
    const decoder = market.decoder?.(symbolOf);
    if (!decoder) return undefined;
    const differs = (frame: Buffer): void =>
      this.quarantine(excerptOf(frame), 'its bytes and its JSON differ: all frames are read as JSON now');
    return new ByteLane({ decoder, judge: market.parser(symbolOf), differs });
  }

  private onFrame(frame: Buffer, line: FeedLine): void {
    try {
      const depth = this.lines.isHandingOver ? undefined : this.lane?.depth(frame);
      if (depth) return this.parser.depth?.(depth, this.stamp(), this.emit);
      const json = parseVenueJson(frame.toString('utf8'));
      const { market } = this.parts.dialect;
      const answer = market.answerOf(json);
      if (answer) return this.onAnswer(answer, line);
      if (this.lines.isHandingOver) this.lines.heard(json, market.placeOf?.(json), line);
      else this.parser.frame(json, this.stamp(), this.emit);
    } catch (error) {
      this.quarantine(excerptOf(frame), messageOf(error));
    }
  }

  /** Where each book waits for its own first state, the socket itself has nothing to wait for, unless it takes over. */
  private onOpen(line: FeedLine): void {
    if (this.parser.hasBegun && this.lines.isCurrent(line)) line.socket.markLive();
    line.streams.reopen();
  }

  private send(line: FeedLine, method: StreamMethod, instruments: readonly InstrumentId[], id: number): void {
    const { market } = this.parts.dialect;
    if (method === 'SUBSCRIBE' && this.lines.isCurrent(line))
      for (const instrument of instruments) this.parser.begin?.(instrument);
    const symbols = instruments.map((i) => this.markets.find(i)?.rules.venueSymbol ?? market.nameOf(i));
    for (const frame of market.frames(method, symbols, id, this.clock.venueNow())) line.socket.send(frame);
  }

  private onAnswer(answer: StreamAnswer, { streams }: FeedLine): void {
    if (answer.kind === 'shutdown') return this.socket.rotate(answer.reason);
    streams.heard();
    if (answer.kind === 'other') return;
    const symbol = answer.venueSymbol;
    const instrument = symbol === undefined ? undefined : this.markets.ofVenueSymbol(symbol)?.instrument;
    const what = { id: answer.id, instrument };
    if (answer.kind === 'confirmed') streams.confirm(what);
    else if (answer.kind === 'left') streams.left(what);
    else streams.refused(what);
  }

  private beginLane(lane: string): void {
    const instrument = this.markets.ofVenueSymbol(lane.replace(/^\w+ /, ''))?.instrument;
    if (instrument !== undefined && lane.startsWith('book ')) this.parser.begin?.(instrument);
  }

  private readonly emit = (event: VenueEvent): void => this.sinks.emit(event);

  private onState(state: StreamState, reason: string | undefined): void {
    if (state !== 'live') this.streams.forget();
    const why = reason === undefined ? {} : { reason };
    this.sinks.emit({
      type: 'connection',
      venue: this.venue,
      ...this.stamp(),
      stream: 'public',
      state,
      ...why,
    });
  }

  /** What was read before is counted in other steps than what comes now. */
  private stepsChanged(instrument: InstrumentId): void {
    const detail = 'its steps have changed';
    this.sinks.emit({ type: 'offGrid', venue: this.venue, ...this.stamp(), instrument, detail });
  }

  private quarantine(raw: string, error: string): void {
    this.sinks.emit({ type: 'quarantine', venue: this.venue, ...this.stamp(), stream: 'public', raw, error });
  }

  private stamp(): FrameStamp {
    return { receivedAt: this.parts.runtime.monotonic(), generation: this.socket.generation };
  }

  private read(request: VenueRequest, priority: 'query' | 'snapshot' = 'query'): Promise<unknown> {
    return readVenue(this.parts.runtime, this.venueParts().transport, { ...request, priority });
  }

  private venueParts() {
    const { runtime, limiter, address } = this.parts;
    if (!this.made) {
      const knowledge = this.parts.knowledge();
      const { answers } = this.parts.dialect;
      const scope = { address, venueNow: () => this.clock.venueNow() };
      const transport = new VenueTransport(runtime, limiter, knowledge, scope, answers);
      this.made = { knowledge, transport };
    }
    return this.made;
  }

  private async untilLive(): Promise<void> {
    const until = this.parts.runtime.monotonic() + connectWaitMs;
    while (!this.socket.isLive && this.parts.runtime.monotonic() < until) await this.parts.runtime.sleep(20);
  }
}
