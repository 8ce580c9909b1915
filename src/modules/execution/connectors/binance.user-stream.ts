import type { AccountId } from '../../../domain/instrument';
import type { StreamState, VenueEvent } from '../../../domain/venue-event';
import type { Runtime } from '../../../runtime/runtime';
import type { BinanceFeed } from './binance.feed';
import type { VenueKnowledge } from './ccxt.knowledge';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import { balancesOf, executionReportOf, userEventOf } from './parse-binance-account';
import { integerOf, parseVenueJson, recordOf, requireText, textOf } from './venue-json';
import type { JsonRecord } from './venue-json';
import { VenueSocket } from './venue.socket';

export interface UserStreamParts {
  readonly runtime: Runtime;
  readonly accountId: AccountId;
  readonly feed: BinanceFeed;
  readonly knowledge: VenueKnowledge;
  readonly connectDelayMs: () => number;
}

const keyErrors: ReadonlySet<string> = new Set(['-2014', '-2015', '-1022', '-1002']);
const clockError = '-1021';
/**
 * A refusal without an order answers some create that named the id, and need not be ours: ours is decided by its own
 * reply, or the venue is asked.
 */
const noOrder = '-1';

/** The private events of one Binance account. */
export class BinanceUserStream {
  readonly sinks = new EventSinks();
  readonly socket: VenueSocket;
  private logins = 0;

  constructor(private readonly parts: UserStreamParts) {
    this.socket = new VenueSocket(parts.runtime, {
      url: () => parts.knowledge.urls.privateSocket,
      connectDelayMs: parts.connectDelayMs,
      onOpen: () => this.login(),
      onFrame: (frame) => this.onFrame(frame),
      onState: (state, reason) => this.onState(state, reason),
    });
  }

  private login(): void {
    this.logins += 1;
    this.socket.send({
      id: `login-${this.logins}`,
      method: 'userDataStream.subscribe.signature',
      params: this.parts.knowledge.signParams(),
    });
  }

  private onFrame(frame: Buffer): void {
    try {
      const json = parseVenueJson(frame.toString('utf8'));
      const answer = recordOf(json);
      if (answer && textOf(answer, 'id') === `login-${this.logins}`) return this.onLogin(answer);
      const event = userEventOf(json);
      if (event) this.onEvent(event);
    } catch (error) {
      const raw = excerptOf(frame);
      this.emit({ type: 'quarantine', stream: 'private', raw, error: messageOf(error) });
    }
  }

  private onLogin(answer: JsonRecord): void {
    if (integerOf(answer, 'status') === 200) return this.socket.markLive();
    const error = recordOf(answer['error']) ?? {};
    const code = textOf(error, 'code') ?? '';
    const reason = `${code} ${textOf(error, 'msg') ?? ''}`.trim();
    if (keyErrors.has(code)) return this.socket.block(`KEY_REJECTED ${reason}`);
    if (code === clockError) void this.parts.feed.clock.measure();
    this.socket.restart(`login refused: ${reason}`);
  }

  private onEvent(event: JsonRecord): void {
    const kind = requireText(event, 'e');
    const { accountId } = this.parts;
    if (kind === 'executionReport') return this.onExecution(event);
    if (kind === 'eventStreamTerminated' || kind === 'serverShutdown') return this.socket.restart(kind);
    if (kind !== 'outboundAccountPosition') return;
    const venueTime = integerOf(event, 'E');
    const assets = balancesOf(event['B'], ['a', 'f', 'l']);
    this.emit({ type: 'balance', accountId, assets, ...(venueTime === undefined ? {} : { venueTime }) });
  }

  private onExecution(event: JsonRecord): void {
    const symbol = requireText(event, 's');
    const instrument = this.parts.feed.markets.ofVenueSymbol(symbol)?.instrument;
    if (instrument === undefined) throw new Error(`symbol ${symbol} is not listed`);
    const { order, fill } = executionReportOf(event, instrument);
    const { accountId } = this.parts;
    if (order.status === 'rejected' && order.venueOrderId === noOrder) return;
    if (fill) this.emit({ type: 'fill', accountId, fill });
    this.emit({ type: 'order', accountId, report: order });
  }

  private onState(state: StreamState, reason: string | undefined): void {
    const { accountId } = this.parts;
    const why = reason === undefined ? {} : { reason };
    this.emit({ type: 'connection', stream: 'private', accountId, state, ...why });
  }

  private emit(event: Unstamped): void {
    const receivedAt = this.parts.runtime.monotonic();
    // The stamp goes first: a spread that is added to gives every event a hidden class of its own.
    this.sinks.emit({ venue: 'binance', receivedAt, generation: this.socket.generation, ...event });
  }
}

/** Each member of the union less its stamp. */
type Unstamped = VenueEvent extends infer E
  ? E extends VenueEvent
    ? Omit<E, 'venue' | 'receivedAt' | 'generation'>
    : never
  : never;
