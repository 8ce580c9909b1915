import type { Instrument, InstrumentId, VenueId } from '../../../domain/instrument';
import type { BookView } from '../../../domain/quote';
import type { Mono } from '../../../domain/units';
import type { VenueEvent } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import type { Tick, TimeIterator } from '../clock/types';
import type { MarketFeed } from '../connectors/types';
import { BookProbe } from './book-probe';
import type { Left } from './left-size';
import { follows, LocalOrderBook } from './local-order-book';
import type { DepthEvent } from './local-order-book';
import { invalidView, netOf, neverAlive, publish, viewOf } from './tracked-book';
import type { BookAges, NetLevels, PublishedBook, RestingOrder } from './tracked-book';
import { UpdateGaps } from './update-gaps';

interface Tracked {
  readonly instrument: InstrumentId;
  readonly feed: MarketFeed;
  readonly book: LocalOrderBook;
  followers: number;
  readonly gaps: UpdateGaps;
  readonly probe: BookProbe;
  published: PublishedBook | undefined;
  /** As it was last seen without our own orders. */
  net: NetLevels | undefined;
  changedAt: Mono | undefined;
  /** When the stream last brought a change of this book, or a probe proved it current. */
  aliveAt: Mono | undefined;
  tries: number;
  timer: Timer | undefined;
}

interface FeedState {
  readonly books: Map<InstrumentId, Tracked>;
  leave: () => void;
  isLive: boolean;
  generation: number;
}

export interface BookCounters {
  readonly resyncs: number;
  readonly gaps: number;
  readonly crossed: number;
  readonly offGrid: number;
  /** Streams that stopped speaking of a book while the venue moved on. */
  readonly frozen: number;
}

const snapshotPage = 1_000;
const probeLevels = 5;
const answerWaitMs = 6_000;
const firstJitterMs = 250;
const quickTries = 5;
const slowRetryMs = 10_000;
const nobody: readonly RestingOrder[] = [];

/**
 * One book per instrument of a venue, however many sessions follow it. A gap makes the book invalid at once and asks
 * for a snapshot; strategies read a frozen copy that the clock publishes, never the live book.
 */
export class OrderBookTracker implements TimeIterator {
  readonly name = 'order-books';
  private readonly books = new Map<string, Tracked>();
  private readonly feeds = new Map<MarketFeed, FeedState>();
  private readonly counts = { resyncs: 0, gaps: 0, crossed: 0, offGrid: 0, frozen: 0 };

  constructor(
    private readonly runtime: Runtime,
    private readonly sequence: typeof follows = follows,
  ) {}

  /** Counted: each follow needs its unfollow. */
  follow(feed: MarketFeed, rules: Pick<Instrument, 'id'>): void {
    const key = keyOf(feed.venue, rules.id);
    const known = this.books.get(key);
    if (known) return void (known.followers += 1);
    const state = this.listen(feed);
    const tracked: Tracked = {
      instrument: rules.id,
      feed,
      book: new LocalOrderBook(snapshotPage, this.sequence),
      gaps: new UpdateGaps(),
      probe: this.probeOf(feed, rules.id, () => tracked),
      followers: 1,
      published: undefined,
      net: undefined,
      changedAt: undefined,
      aliveAt: undefined,
      tries: 0,
      timer: undefined,
    };
    this.books.set(key, tracked);
    state.books.set(rules.id, tracked);
    tracked.probe.start();
    feed.subscribeOrderBook(rules.id);
    this.resync(tracked);
  }

  unfollow(of: { readonly venue: VenueId }, instrument: InstrumentId): void {
    const key = keyOf(of.venue, instrument);
    const tracked = this.books.get(key);
    if (!tracked) return;
    tracked.followers -= 1;
    if (tracked.followers > 0) return;
    this.books.delete(key);
    tracked.probe.stop();
    this.disarm(tracked);
    tracked.feed.unsubscribeOrderBook(instrument);
    const state = this.feeds.get(tracked.feed);
    state?.books.delete(instrument);
    if (!state || state.books.size > 0) return;
    state.leave();
    this.feeds.delete(tracked.feed);
  }

  /** Whether the live book is in sync at this very moment. */
  isSynced(venue: VenueId, instrument: InstrumentId): boolean {
    return this.books.get(keyOf(venue, instrument))?.book.synced ?? false;
  }

  /**
   * The copy of the last tick less own resting orders, and less what `left` since the book last changed; invalid as
   * soon as the live book is.
   */
  view(
    venue: VenueId,
    instrument: InstrumentId,
    own: readonly RestingOrder[] = nobody,
    left: readonly Left[] = [],
  ): BookView {
    const now = this.runtime.monotonic();
    const tracked = this.books.get(keyOf(venue, instrument));
    if (!tracked) return invalidView('nobody follows this book', 0, { ...neverAlive, now });
    const { book, published, aliveAt, changedAt, gaps } = tracked;
    const ages: BookAges = { aliveAt, changedAt, staleAfterMs: gaps.limitMs, now };
    if (!book.synced) return invalidView(book.problem, book.lastId, ages);
    if (!published) return invalidView('not published yet', book.lastId, ages);
    const unseen = left.length === 0 ? left : left.filter(({ at }) => at > (changedAt ?? Infinity));
    tracked.net = netOf(published, unseen.length === 0 ? own : [...own, ...unseen], tracked.net);
    return viewOf(tracked.net, ages);
  }

  /** Why the live book is not in sync; empty while it is. */
  problemOf(venue: VenueId, instrument: InstrumentId): string {
    const book = this.books.get(keyOf(venue, instrument))?.book;
    return book && !book.synced ? book.problem : '';
  }

  counters(): BookCounters {
    return { ...this.counts };
  }

  onTick(_tick: Tick): void {
    for (const tracked of this.books.values()) {
      if (!tracked.book.synced) tracked.published = undefined;
      else if (tracked.published?.version !== tracked.book.version) tracked.published = publish(tracked.book);
    }
  }

  private listen(feed: MarketFeed): FeedState {
    const known = this.feeds.get(feed);
    if (known) return known;
    const isLive = feed.health().publicLive;
    const state: FeedState = { books: new Map(), leave: () => undefined, isLive, generation: 0 };
    state.leave = feed.onEvent((event) => this.onEvent(state, event));
    this.feeds.set(feed, state);
    return state;
  }

  private probeOf(feed: MarketFeed, id: InstrumentId, of: () => Tracked): BookProbe {
    const { runtime } = this;
    return new BookProbe({
      runtime,
      book: () => {
        const { book, aliveAt = 0, gaps, followers } = of();
        // One that nobody follows hears of no change, and stands still for that alone.
        return {
          isSynced: book.synced && followers > 0,
          lastId: book.lastId,
          aliveAt,
          limitMs: gaps.limitMs,
        };
      },
      newestId: async () => (await feed.getOrderBook(id, probeLevels)).lastId,
      proved: (at) => void (of().aliveAt = Math.max(of().aliveAt ?? 0, at)),
      frozen: (newestId) => {
        this.counts.frozen += 1;
        feed.restart(`${id} stands still at ${of().book.lastId}, the venue is at ${newestId}`);
      },
    });
  }

  private onEvent(state: FeedState, event: VenueEvent): void {
    if (event.generation < state.generation) return;
    state.generation = event.generation;
    if (event.type === 'connection') return this.connection(state, event.state === 'live', event.reason);
    if (event.type !== 'depth' && event.type !== 'offGrid') return;
    const tracked = state.books.get(event.instrument);
    if (!tracked) return;
    if (event.type === 'depth') this.depth(tracked, event);
    else this.offGrid(tracked, event.detail);
  }

  /** No book survives a reconnect. */
  private connection(state: FeedState, isLive: boolean, reason: string | undefined): void {
    state.isLive = isLive;
    for (const tracked of state.books.values()) {
      tracked.book.renew(isLive ? 'reconnected, no snapshot yet' : `feed is down: ${reason ?? 'closed'}`);
      this.disarm(tracked);
      tracked.tries = 0;
      if (isLive) this.resync(tracked);
    }
  }

  private depth(tracked: Tracked, event: DepthEvent): void {
    const result = tracked.book.apply(event);
    if (result === 'applied') {
      const { receivedAt, snapshot } = event;
      if (!snapshot && tracked.changedAt !== undefined) tracked.gaps.add(receivedAt - tracked.changedAt);
      tracked.changedAt = receivedAt;
      tracked.aliveAt = receivedAt;
      if (event.snapshot) this.settled(tracked);
    } else if (result === 'invalidated') this.lost(tracked);
    else if (result === 'too_old') this.resync(tracked);
  }

  private settled(tracked: Tracked): void {
    this.disarm(tracked);
    tracked.tries = 0;
    this.counts.resyncs += 1;
  }

  private lost(tracked: Tracked): void {
    const { problem } = tracked.book;
    if (problem.startsWith('gap')) this.counts.gaps += 1;
    if (problem.startsWith('crossed')) this.counts.crossed += 1;
    this.resync(tracked);
  }

  private offGrid(tracked: Tracked, detail: string): void {
    this.counts.offGrid += 1;
    tracked.book.invalidate(`off grid: ${detail}`);
    this.resync(tracked);
  }

  /** Asks for a snapshot after a jittered pause, five times quickly and then slowly, until one joins. */
  private resync(tracked: Tracked): void {
    this.disarm(tracked);
    if (!this.feeds.get(tracked.feed)?.isLive) return;
    const spread = this.runtime.rng.next() * firstJitterMs * Math.max(1, tracked.tries);
    const pause = tracked.tries === 0 ? 0 : tracked.tries < quickTries ? spread : slowRetryMs;
    tracked.tries += 1;
    tracked.timer = this.runtime.timers.set(pause, () => {
      tracked.timer = this.runtime.timers.set(answerWaitMs, () => this.resync(tracked));
      tracked.feed.requestSnapshot(tracked.instrument);
    });
  }

  private disarm(tracked: Tracked): void {
    if (tracked.timer) this.runtime.timers.clear(tracked.timer);
    tracked.timer = undefined;
  }
}

const keyOf = (venue: VenueId, instrument: InstrumentId): string => `${venue}|${instrument}`;
