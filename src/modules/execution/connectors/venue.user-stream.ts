import type { AccountId } from '../../../domain/instrument';
import type { StreamState, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { VenueKnowledge } from './ccxt.knowledge';
import type { UserSession, UserWord, VenueDialect } from './dialect';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import { parseVenueJson } from './venue-json';
import type { VenueFeed } from './venue.feed';
import { VenueSocket } from './venue.socket';

export interface UserStreamParts {
  readonly runtime: Runtime;
  readonly dialect: VenueDialect;
  readonly accountId: AccountId;
  readonly feed: VenueFeed;
  readonly knowledge: VenueKnowledge;
  readonly connectDelayMs: () => number;
}

/** The private events of one account. */
export class UserStream {
  readonly sinks = new EventSinks();
  readonly socket: VenueSocket;
  private session: UserSession | undefined;
  private sessions = 0;

  constructor(private readonly parts: UserStreamParts) {
    const { runtime, knowledge, connectDelayMs, dialect } = parts;
    this.socket = new VenueSocket(runtime, {
      url: () => knowledge.urls.privateSocket,
      pingText: dialect.user.pingText,
      connectDelayMs,
      onOpen: () => this.login(),
      onFrame: (frame) => this.onFrame(frame),
      onState: (state, reason) => this.onState(state, reason),
    });
  }

  private login(): void {
    const { dialect, feed, knowledge } = this.parts;
    this.sessions += 1;
    this.session = dialect.user.session({
      number: this.sessions,
      venueNow: () => feed.clock.venueNow(),
      sign: (frame) => knowledge.signParams(frame),
      instrumentOf: (symbol) => feed.markets.ofVenueSymbol(symbol)?.instrument,
    });
    for (const frame of this.session.open()) this.socket.send(frame);
  }

  private onFrame(frame: Buffer): void {
    try {
      const word = this.session?.read(parseVenueJson(frame.toString('utf8')));
      if (word) this.hear(word);
    } catch (error) {
      const raw = excerptOf(frame);
      this.emit({ type: 'quarantine', stream: 'private', raw, error: messageOf(error) });
    }
  }

  private hear(word: UserWord): void {
    switch (word.kind) {
      case 'live':
        return this.socket.markLive();
      case 'blocked':
        return this.socket.block(word.reason);
      case 'down':
        if (word.isClock) void this.parts.feed.clock.measure();
        return this.socket.restart(word.reason);
      case 'send':
        return word.frames.forEach((frame) => this.socket.send(frame));
      case 'events': {
        const { accountId } = this.parts;
        for (const event of word.events)
          this.emit(event.type === 'quarantine' ? event : { ...event, accountId });
      }
    }
  }

  private onState(state: StreamState, reason: string | undefined): void {
    const { accountId } = this.parts;
    const why = reason === undefined ? {} : { reason };
    this.emit({ type: 'connection', stream: 'private', accountId, state, ...why });
  }

  private emit(event: Unstamped): void {
    const { runtime, dialect } = this.parts;
    const receivedAt = runtime.monotonic();
    // The stamp goes first: a spread that is added to gives every event a hidden class of its own.
    this.sinks.emit({ venue: dialect.venue, receivedAt, generation: this.socket.generation, ...event });
  }
}

/** Each member of the union less its stamp. */
type Unstamped = VenueEvent extends infer E
  ? E extends VenueEvent
    ? Omit<E, 'venue' | 'receivedAt' | 'generation'>
    : never
  : never;
