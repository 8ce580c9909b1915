import type { AccountId } from '../../../domain/instrument';
import type { Runtime } from '../../../runtime/runtime';
import type { CcxtExchange, StreamHooks } from './ccxt.client';
import type { CcxtFeed } from './ccxt.feed';
import type { CcxtProfile } from './ccxt.profiles';
import { fillOf, orderOf } from './ccxt.rows';
import { CcxtStream } from './ccxt.stream';
import { EventSinks, excerptOf, messageOf } from './event-sinks';
import { recordOf } from './venue-json';
import type { JsonRecord } from './venue-json';

export interface CcxtUserStreamParts {
  readonly runtime: Runtime;
  readonly accountId: AccountId;
  readonly profile: CcxtProfile;
  readonly feed: CcxtFeed;
  readonly connectDelayMs: () => number;
  readonly make: (hooks: StreamHooks) => CcxtExchange;
}

const refusals: ReadonlySet<string> = new Set([
  'AuthenticationError',
  'PermissionDenied',
  'AccountSuspended',
]);
/** A login that came too late, or to a venue that was busy, says nothing about the key: a new one is made. */
const passing = /expire|timestamp|too late|busy|try again|timed? ?out/i;

/** The private events of one account. ccxt's `watch` methods are called to subscribe alone; what they answer is not used. */
export class CcxtUserStream {
  readonly sinks = new EventSinks();
  isStarted = false;
  private readonly stream: CcxtStream;
  private confirmed = 0;

  constructor(private readonly parts: CcxtUserStreamParts) {
    const { runtime, connectDelayMs, feed, accountId } = parts;
    this.stream = new CcxtStream({
      ...{ runtime, connectDelayMs },
      make: (hooks) => feed.sharing(parts.make(hooks)),
      hooks: (isCurrent) => this.hooks(isCurrent),
      opened: () => this.subscribe(),
      onState: (state, reason) => {
        const why = reason === undefined ? {} : { reason };
        this.sinks.emit({ type: 'connection', ...this.stamp(), stream: 'private', accountId, state, ...why });
      },
      isRefusal: (error) =>
        error instanceof Error && refusals.has(error.constructor.name) && !passing.test(error.message),
    });
  }

  get isLive(): boolean {
    return this.stream.isLive;
  }

  get liveSince(): number {
    return this.stream.liveSince;
  }

  get reconnects(): number {
    return this.stream.reconnects;
  }

  get blockedReason(): string | undefined {
    const reason = this.stream.blockedReason;
    return reason === undefined ? undefined : `KEY_REJECTED ${reason}`;
  }

  start(): void {
    this.isStarted = true;
    this.stream.start();
  }

  stop(): void {
    this.isStarted = false;
    this.stream.stop();
  }

  restart(reason: string): void {
    this.stream.restart(reason);
  }

  private subscribe(): void {
    this.confirmed = 0;
    this.stream.watch(
      (client) => client.watchOrders(),
      () => true,
    );
    if (this.parts.profile.tradesWithOrders) return;
    this.stream.watch(
      (client) => client.watchMyTrades(),
      () => true,
    );
  }

  private hooks(isCurrent: () => boolean): Omit<StreamHooks, 'down'> {
    const { profile } = this.parts;
    const whenCurrent = (read: () => void): void => void (isCurrent() && read());
    return {
      frames: (message) => {
        whenCurrent(() => this.confirm(message));
        return profile.split?.(message) ?? [message];
      },
      mayChangeBook: () => false,
      bookChanged: () => undefined,
      opened: () => undefined,
      unread: (message, error) => whenCurrent(() => this.quarantine(message, error)),
      order: (row) => whenCurrent(() => this.take(row, (one) => this.order(one))),
      trade: (row) => whenCurrent(() => this.take(row, (one) => this.trade(one))),
    };
  }

  /** Live is what the venue has confirmed, not what was asked for. */
  private confirm(message: unknown): void {
    const { isConfirmed, confirmations } = this.parts.profile;
    const frame = recordOf(message);
    if (!frame || !isConfirmed(frame)) return;
    this.confirmed += 1;
    if (this.confirmed === confirmations) this.stream.markLive();
  }

  private order(row: JsonRecord): void {
    const { accountId, profile } = this.parts;
    const right = profile.corrected?.(row, recordOf(row['info']) ?? {}) ?? row;
    const report = orderOf(right, 'ws-order', profile.ownIdOf);
    this.sinks.emit({ type: 'order', ...this.stamp(), accountId, report });
  }

  private trade(row: JsonRecord): void {
    const { accountId, profile } = this.parts;
    const right = profile.correctedTrade?.(row, recordOf(row['info']) ?? {}) ?? row;
    const fill = fillOf(right, 'ws-trade', profile.feesOnStream);
    this.sinks.emit({ type: 'fill', ...this.stamp(), accountId, fill });
  }

  /** A row that cannot be read is set aside, and hides none of the others. */
  private take(row: JsonRecord, read: (row: JsonRecord) => void): void {
    try {
      read(row);
    } catch (error) {
      this.quarantine(row, error);
    }
  }

  private quarantine(message: unknown, error: unknown): void {
    const raw = excerptOf(Buffer.from(JSON.stringify(message) ?? ''));
    this.sinks.emit({ type: 'quarantine', ...this.stamp(), stream: 'private', raw, error: messageOf(error) });
  }

  private stamp() {
    const { runtime, feed } = this.parts;
    return { venue: feed.venue, receivedAt: runtime.monotonic(), generation: this.stream.generation };
  }
}
