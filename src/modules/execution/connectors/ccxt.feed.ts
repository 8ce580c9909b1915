import { VenueError } from '../../../domain/errors';
import { Instrument } from '../../../domain/instrument';
import type { InstrumentId, VenueId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { LevelBatch, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { Priority } from '../common/rate-limits';
import type { RateLimiter } from '../common/rate-limiter.service';
import { changeOf, keptLevels, krakenText, OffGrid, topOf, wholeOf } from './ccxt.book';
import type { BookCopy } from './ccxt.book';
import { ccxtClient } from './ccxt.client';
import type { CcxtExchange, CcxtFetch, StreamHooks } from './ccxt.client';
import { BookComparison } from './ccxt.comparison';
import { outcomeOfError } from './ccxt.outcome';
import type { CcxtProfile } from './ccxt.profiles';
import { CcxtRest, readWithinMs } from './ccxt.rest';
import type { Ran } from './ccxt.rest';
import { levelsOf, rulesOf } from './ccxt.rows';
import { CcxtStream } from './ccxt.stream';
import { ClockOffset } from './clock-offset';
import type { ListedSymbol } from './dialect';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import { listedSymbols } from './listed-symbol';
import type { ConnectorHealth, DepthSnapshot, Environment, MarketFeed } from './types';
import { recordOf } from './venue-json';
import type { JsonRecord } from './venue-json';
import { failureOf } from './venue.reads';

const freshForMs = 3_600_000;
/** A reread asks for every market, so one serves all that ask at about the same time. */
const rereadForMs = 30_000;
const loadWithinMs = 30_000;

export interface CcxtFeedParts {
  readonly venue: VenueId;
  readonly profile: CcxtProfile;
  readonly environment: Environment;
  readonly simOrigin?: string | undefined;
  readonly runtime: Runtime;
  readonly limiter: RateLimiter;
  readonly address: string;
}

interface FollowedBook {
  followers: number;
  copy: BookCopy | undefined;
  /** The last number of its sequence. */
  last: number | undefined;
  isSnapshotWanted: boolean;
}

/** Market data of a venue that ccxt reads. Books are copies of what it holds, in our own count. */
export class CcxtFeed implements MarketFeed {
  readonly venue: VenueId;
  readonly profile: CcxtProfile;
  readonly clock: ClockOffset;
  private readonly sinks = new EventSinks();
  private readonly rest: CcxtRest;
  private readonly stream: CcxtStream;
  private readonly symbols = new Map<InstrumentId, ListedSymbol>();
  private readonly books = new Map<InstrumentId, FollowedBook>();
  private readonly comparison: BookComparison | undefined;
  private loading: Promise<void> | undefined;
  private loadedAt = -Infinity;

  constructor(private readonly parts: CcxtFeedParts) {
    const { runtime, limiter, address, profile } = parts;
    this.venue = parts.venue;
    this.profile = profile;
    this.rest = new CcxtRest({ runtime, limiter, address }, (fetch) => this.client(fetch, true));
    this.clock = new ClockOffset(runtime, (leaving) => this.serverTime(leaving));
    this.stream = new CcxtStream({
      runtime,
      connectDelayMs: () => limiter.connectDelayMs(address),
      make: (hooks) => this.sharing(this.client(this.rest.streamFetch, false, hooks)),
      hooks: () => this.hooks(),
      opened: () => this.opened(),
      onState: (state, reason) => {
        if (state !== 'live') this.forgetBooks();
        const why = reason === undefined ? {} : { reason };
        this.sinks.emit({ type: 'connection', ...this.stamp(), stream: 'public', state, ...why });
      },
      isRefusal: () => false,
    });
    if (profile.bookIntegrity === 'none')
      this.comparison = new BookComparison(runtime, {
        topAt: async (id) => topOf(await this.getOrderBook(id, keptLevels)),
        isFollowed: (id) => this.books.has(id),
        differs: (id) => this.stream.restart(`${id} is not what the venue shows`),
      });
  }

  async connect(): Promise<void> {
    await this.loadInstruments();
    await this.clock.measure();
    this.clock.start();
    this.stream.start();
    const until = this.parts.runtime.monotonic() + 10_000;
    while (!this.stream.isLive && this.parts.runtime.monotonic() < until) await this.parts.runtime.sleep(20);
  }

  disconnect(): Promise<void> {
    this.clock.stop();
    this.comparison?.stop();
    this.stream.stop();
    return Promise.resolve();
  }

  health(): ConnectorHealth {
    const { limiter, address } = this.parts;
    return {
      publicLive: this.stream.isLive,
      privateLive: false,
      publicSince: this.stream.liveSince,
      privateSince: 0,
      blockedReason: this.stream.blockedReason,
      clockOffsetMs: this.clock.offsetMs,
      isClockDoubted: this.clock.isDoubted,
      rateBudgetRatio: limiter.budgetRatio(address),
      createWaitMs: limiter.createWaitMs(address),
      reconnects: this.stream.reconnects,
    };
  }

  async loadInstruments(): Promise<readonly Instrument[]> {
    await this.load(freshForMs);
    return [...this.symbols.values()].map(({ rules }) => rules);
  }

  rulesOf(instrument: InstrumentId): Instrument | undefined {
    return this.symbols.get(instrument)?.rules;
  }

  async rereadRules(instrument: InstrumentId): Promise<Instrument> {
    this.require(instrument);
    await this.load(rereadForMs);
    return this.require(instrument).rules;
  }

  onEvent(sink: (event: VenueEvent) => void): () => void {
    return this.sinks.add(sink);
  }

  subscribeOrderBook(instrument: InstrumentId): void {
    const known = this.books.get(instrument);
    if (known) return void (known.followers += 1);
    this.books.set(instrument, { followers: 1, copy: undefined, last: undefined, isSnapshotWanted: false });
    if (this.stream.isLive) this.watch(instrument);
    this.comparison?.follow(instrument);
  }

  /** ccxt goes on listening until the instance ends; what comes is not looked at. */
  unsubscribeOrderBook(instrument: InstrumentId): void {
    const book = this.books.get(instrument);
    if (!book) return;
    book.followers -= 1;
    if (book.followers === 0) this.books.delete(instrument);
  }

  requestSnapshot(instrument: InstrumentId): void {
    const book = this.books.get(instrument);
    if (!book) return;
    book.isSnapshotWanted = true;
    this.snapshot(instrument, book);
  }

  /**
   * Its number is ours: that of the copy when the venue shows the same best levels, and one more when it does not. So a
   * book that stands still is proved current, or found out.
   */
  async getOrderBook(instrument: InstrumentId, limit: number): Promise<DepthSnapshot> {
    this.require(instrument);
    const ran = await this.ask('snapshot', (client) =>
      client.fetchOrderBook(instrument, limit <= 20 ? 20 : 100),
    );
    const read = valueOf(ran, 'order book');
    const bids = levelsOf(read['bids'], limit);
    const asks = levelsOf(read['asks'], limit);
    const copy = this.books.get(instrument)?.copy;
    const isSame = copy !== undefined && copy.top === topOf({ bids, asks });
    return { instrument, lastId: (copy?.id ?? 0) + (isSame ? 0 : 1), bids, asks };
  }

  restart(reason: string): void {
    this.stream.restart(reason);
  }

  async serverTime(leaving: () => void = () => undefined): Promise<Ms> {
    const sendBy = this.parts.runtime.monotonic() + readWithinMs;
    const call = { priority: 'query', isWrite: false, sendBy, answerWithinMs: readWithinMs } as const;
    const canSend = (): boolean => true;
    const answer = await this.rest.run({ ...call, canSend, leaving }, (client) => client.fetchTime());
    return Number(valueOf(answer, 'time'));
  }

  /** Throws VenueError for an instrument that the venue does not list. */
  require(instrument: InstrumentId): ListedSymbol {
    const symbol = this.symbols.get(instrument);
    if (!symbol) throw new VenueError('SYMBOL', `${instrument} is not listed`);
    return symbol;
  }

  /** Gives an instance the markets, so that it does not load them itself. */
  async sharing(client: CcxtExchange): Promise<CcxtExchange> {
    await this.load(Infinity);
    client.setMarketsFromExchange(this.rest.client);
    return client;
  }

  private client(fetch: CcxtFetch, areNumbersText: boolean, hooks?: StreamHooks): CcxtExchange {
    const clock = (): number => this.clock.venueNow();
    return ccxtClient({ ...this.parts, fetch, clock, areNumbersText, ...(hooks ? { hooks } : {}) });
  }

  private ask<T>(
    priority: Priority,
    work: (client: CcxtExchange) => Promise<T>,
    answerWithinMs = readWithinMs,
  ): Promise<Ran<T>> {
    const sendBy = this.parts.runtime.monotonic() + answerWithinMs;
    return this.rest.run({ priority, isWrite: false, sendBy, answerWithinMs, canSend: () => true }, work);
  }

  private load(fresh: number): Promise<void> {
    if (this.parts.runtime.monotonic() - this.loadedAt < fresh && this.symbols.size > 0)
      return Promise.resolve();
    this.loading ??= this.refresh().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async refresh(): Promise<void> {
    const load = async (client: CcxtExchange) => {
      await client.loadMarkets(this.symbols.size > 0);
      return client.markets ?? {};
    };
    const markets = valueOf(await this.ask('query', load, loadWithinMs), 'markets');
    const spot = Object.values(markets).filter((market) => market['spot'] === true);
    const listed = new Map(
      listedSymbols(spot, (row) => rulesOf(row, this.venue)).map((one) => [one.instrument, one]),
    );
    if (listed.size === 0) throw new VenueError('MALFORMED', 'markets: none can be read');
    for (const [id, known] of this.symbols)
      if (!listed.has(id))
        this.keep({ ...known, rules: new Instrument({ ...known.rules.rules, status: 'delisted' }) });
    for (const symbol of listed.values()) this.keep(symbol);
    this.loadedAt = this.parts.runtime.monotonic();
  }

  private keep(symbol: ListedSymbol): void {
    const { instrument, rules } = symbol;
    const before = this.symbols.get(instrument)?.rules.rules;
    this.symbols.set(instrument, symbol);
    const { tickSize, lotSize } = rules.rules;
    if (!before || (before.tickSize === tickSize && before.lotSize === lotSize)) return;
    this.stream.restart(`the steps of ${instrument} have changed`);
  }

  /** With books to follow the stream is live once a socket stands; without there is nothing to wait for. */
  private opened(): void {
    if (this.books.size === 0) return this.stream.markLive();
    for (const instrument of this.books.keys()) this.watch(instrument);
  }

  private watch(instrument: InstrumentId): void {
    const { bookLimit } = this.parts.profile;
    this.stream.watch(
      (client) => client.watchOrderBook(instrument, bookLimit),
      (book) => this.bookRead(instrument, book),
    );
  }

  private bookRead(instrument: InstrumentId, read: JsonRecord): boolean {
    const book = this.books.get(instrument);
    if (!book) return false;
    this.stream.markLive();
    const levels = { bids: levelsOf(read['bids'], keptLevels), asks: levelsOf(read['asks'], keptLevels) };
    try {
      const change = changeOf(this.require(instrument), levels, book.copy);
      book.copy = change.copy;
      this.comparison?.seen(instrument, change.copy.top);
      if (book.isSnapshotWanted) this.snapshot(instrument, book);
      else this.depth(instrument, change.copy.id, { ...change, isSnapshot: false });
    } catch (error) {
      if (!(error instanceof OffGrid)) throw error;
      book.copy = undefined;
      this.sinks.emit({ type: 'offGrid', ...this.stamp(), instrument, detail: error.message });
    }
    return true;
  }

  private snapshot(instrument: InstrumentId, book: FollowedBook): void {
    if (!book.copy) return;
    book.isSnapshotWanted = false;
    this.depth(instrument, book.copy.id, { ...wholeOf(book.copy), isSnapshot: true });
  }

  private depth(
    instrument: InstrumentId,
    id: number,
    levels: { readonly bids: LevelBatch; readonly asks: LevelBatch; readonly isSnapshot: boolean },
  ): void {
    const { bids, asks, isSnapshot: snapshot } = levels;
    this.sinks.emit({
      type: 'depth',
      ...this.stamp(),
      instrument,
      snapshot,
      firstId: id,
      lastId: id,
      bids,
      asks,
    });
  }

  private hooks(): Omit<StreamHooks, 'down'> {
    return {
      frames: (message) => [message],
      mayChangeBook: (message) => this.isInSequence(message),
      bookChanged: (message) => this.checkSum(message),
      opened: () => this.stream.markLive(),
      unread: (message, error) => this.quarantine(message, error),
      order: () => undefined,
      trade: () => undefined,
    };
  }

  /** Checked before ccxt applies a frame, for it applies what it is given. */
  private isInSequence(message: unknown): boolean {
    const range = this.parts.profile.rangeOf?.(recordOf(message) ?? {});
    const found =
      range && [...this.books].find(([id]) => this.symbols.get(id)?.rules.venueSymbol === range.venueSymbol);
    if (!range || !found) return true;
    const [instrument, book] = found;
    const { last } = book;
    const joins = range.isFirst || last === undefined || range.first === last + 1;
    book.last = range.last;
    if (!joins) this.stream.restart(`gap in ${instrument}: ${range.first} does not follow ${last}`);
    return joins;
  }

  private checkSum(message: unknown): void {
    const stated = this.parts.profile.checksumOf?.(recordOf(message) ?? {});
    if (stated && this.sumOf(stated.symbol) !== stated.sum)
      this.stream.restart(`the checksum of ${stated.symbol} does not agree`);
  }

  private sumOf(instrument: InstrumentId): number | undefined {
    const client = this.stream.current;
    const read = client?.orderbooks[instrument];
    if (!client || !read) return undefined;
    const book = { bids: levelsOf(read['bids'], 10), asks: levelsOf(read['asks'], 10) };
    return client.crc32(krakenText(book, this.require(instrument).rules.rules), false);
  }

  private forgetBooks(): void {
    this.comparison?.forget();
    for (const book of this.books.values()) {
      book.copy = undefined;
      book.last = undefined;
    }
  }

  private quarantine(message: unknown, error: unknown): void {
    const raw = excerptOf(Buffer.from(JSON.stringify(message) ?? ''));
    this.sinks.emit({ type: 'quarantine', ...this.stamp(), stream: 'public', raw, error: messageOf(error) });
  }

  private stamp() {
    const { venue } = this;
    return { venue, receivedAt: this.parts.runtime.monotonic(), generation: this.stream.generation };
  }
}

/** Throws VenueError for a call that failed. */
export function valueOf<T>(ran: Ran<T>, what: string): T {
  if (ran.kind === 'answered') return ran.value;
  throw failureOf(outcomeOfError(ran.error, ran.trace, { operation: 'query', refusals: {} }), what);
}
