import type { AccountId } from '../../../domain/instrument';
import type { StreamState, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { VenueKnowledge } from './ccxt.knowledge';
import type { TooOften, UserEvent, UserSession, UserWord, VenueDialect } from './dialect';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import { parseVenueJson } from './venue-json';
import type { VenueFeed } from './venue.feed';
import { RotatingSocket } from './venue.rotation';
import type { Line } from './venue.rotation';
import type { VenueSocket } from './venue.socket';

export interface UserStreamParts {
  readonly runtime: Runtime;
  readonly dialect: VenueDialect;
  readonly accountId: AccountId;
  readonly feed: VenueFeed;
  readonly knowledge: VenueKnowledge;
  readonly connectDelayMs: () => number;
  /** The venue asks for silence, and not of this stream alone. */
  readonly tooOften: (answer: TooOften) => void;
}

const againAfterMs = 500;

/** The private events of one account. */
export class UserStream {
  readonly sinks = new EventSinks();
  readonly socket: RotatingSocket;
  private sessions = 0;

  constructor(private readonly parts: UserStreamParts) {
    const { runtime, knowledge, connectDelayMs, dialect, accountId } = parts;
    this.socket = new RotatingSocket(runtime, {
      name: `${dialect.venue}/${accountId}`,
      url: () => knowledge.urls.privateSocket,
      pingText: dialect.user.pingText,
      connectDelayMs,
      lifeMs: dialect.connectionLifeMs,
      line: (socket) => this.lineOf(socket),
      onState: (state, reason, isOverlap) => this.onState(state, reason, isOverlap),
      // What both connections say is heard from both: an event that comes twice changes nothing.
      onSuccessor: () => this.socket.promote(),
      onSuccessorLost: () => undefined,
    });
  }

  private lineOf(socket: VenueSocket): Line {
    let session: UserSession | undefined;
    return {
      onOpen: () => {
        session = this.newSession();
        for (const frame of session.open()) socket.send(frame);
      },
      onFrame: (frame) => this.onFrame(frame, session, socket),
    };
  }

  private newSession(): UserSession {
    const { dialect, feed, knowledge } = this.parts;
    this.sessions += 1;
    return dialect.user.session({
      number: this.sessions,
      venueNow: () => feed.clock.venueNow(),
      sign: (frame) => knowledge.signParams(frame),
      instrumentOf: (symbol) => feed.markets.ofVenueSymbol(symbol)?.instrument,
    });
  }

  private onFrame(frame: Buffer, session: UserSession | undefined, socket: VenueSocket): void {
    try {
      const word = session?.read(parseVenueJson(frame.toString('utf8')));
      if (word) this.hear(word, socket);
    } catch (error) {
      this.quarantine(messageOf(error), excerptOf(frame));
    }
  }

  private hear(word: UserWord, socket: VenueSocket): void {
    switch (word.kind) {
      case 'live':
        return socket.markLive();
      case 'blocked':
        return socket.block(word.reason);
      case 'down':
        return this.down(word, socket);
      case 'renew':
        return socket.renew(word.reason);
      case 'move':
        return this.socket.rotate(word.reason);
      case 'again':
        return void this.sendAgain(word, socket);
      case 'send':
        return word.frames.forEach((frame) => socket.send(frame));
      case 'events':
        return this.pass(word.events);
    }
  }

  private pass(events: readonly UserEvent[]): void {
    const { runtime, dialect, accountId } = this.parts;
    const { venue } = dialect;
    for (const event of events) {
      const [receivedAt, { generation }] = [runtime.monotonic(), this.socket];
      if (event.type === 'quarantine') this.emit(event);
      else this.sinks.emit({ venue, receivedAt, generation, accountId, ...event });
    }
  }

  private down(word: Extract<UserWord, { kind: 'down' }>, socket: VenueSocket): void {
    if (word.isClock) void this.parts.feed.clock.doubt();
    if (word.tooOften) this.parts.tooOften(word.tooOften);
    socket.restart(word.reason);
  }

  /** A connection that ended meanwhile has nothing left to ask for. */
  private async sendAgain(word: Extract<UserWord, { kind: 'again' }>, socket: VenueSocket): Promise<void> {
    const { generation } = socket;
    socket.extendSetup();
    if (word.isClock) await this.parts.feed.clock.doubt();
    await this.parts.runtime.sleep(againAfterMs);
    if (socket.generation !== generation) return;
    for (const frame of word.frames()) socket.send(frame);
  }

  private onState(state: StreamState, reason: string | undefined, isOverlap: boolean): void {
    const { accountId } = this.parts;
    const why = { ...(reason === undefined ? {} : { reason }), ...(isOverlap ? { isOverlap } : {}) };
    this.emit({ type: 'connection', stream: 'private', accountId, state, ...why });
  }

  /** Something of the account that nobody understands. */
  quarantine(error: string, raw: string): void {
    this.emit({ type: 'quarantine', stream: 'private', raw, error });
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
