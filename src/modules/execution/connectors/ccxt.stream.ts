import type { Mono } from '../../../domain/units';
import type { StreamState } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { dropClient } from './ccxt.client';
import type { CcxtExchange, StreamHooks } from './ccxt.client';
import { textOfError } from './ccxt.outcome';
import { refusedRetryMs } from './venue.socket';

export interface StreamParts {
  readonly runtime: Runtime;
  readonly connectDelayMs: () => number;
  readonly make: (hooks: StreamHooks) => CcxtExchange | Promise<CcxtExchange>;
  /** What an instance is told about, besides its coming and going. */
  readonly hooks: (isCurrent: () => boolean) => Omit<StreamHooks, 'down'>;
  /** Subscribes. */
  readonly opened: () => void;
  readonly onState: (state: StreamState, reason: string | undefined) => void;
  /** Whether an error says that the key is refused: the next dial is five minutes away. */
  readonly isRefusal: (error: unknown) => boolean;
}

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
const stableAfterMs = 60_000;
const liveWithinMs = 10_000;

/**
 * The sockets of one ccxt instance. Whatever goes wrong, the instance is dropped whole and another one made: a login that
 * wedged, a token that ran out, a cache of the time before end with it. Each instance is a generation.
 */
export class CcxtStream {
  generation = 0;
  reconnects = 0;
  isLive = false;
  liveSince: Mono = 0;
  blockedReason: string | undefined;
  private client: CcxtExchange | undefined;
  private timer: Timer | undefined;
  private failures = 0;
  private isWanted = false;
  /** The key was refused, and the next dial is minutes away. */
  private isWaiting = false;

  constructor(private readonly parts: StreamParts) {}

  get current(): CcxtExchange | undefined {
    return this.client;
  }

  start(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    this.dial();
  }

  stop(): void {
    this.isWanted = false;
    this.leave('stopped', 'down');
  }

  restart(reason: string): void {
    if (!this.isWanted || this.isWaiting) return;
    this.leave(reason, 'down');
    this.later();
  }

  markLive(): void {
    if (this.isLive || !this.client) return;
    this.disarm();
    this.isLive = true;
    this.liveSince = this.parts.runtime.monotonic();
    this.blockedReason = undefined;
    this.parts.onState('live', undefined);
  }

  /**
   * Calls a `watch` method again and again. Each settles when something came; a rejection is the end of the instance.
   * `heard` runs for the instance that still stands.
   */
  watch<T>(call: (client: CcxtExchange) => Promise<T>, heard: (value: T) => boolean): void {
    const { client } = this;
    if (!client) return;
    const again = (): void => {
      Promise.resolve()
        .then(() => call(client))
        .then(
          (value) => {
            if (client === this.client && heard(value)) again();
          },
          (error: unknown) => this.failed(client, error),
        );
    };
    again();
  }

  private failed(client: CcxtExchange, error: unknown): void {
    if (client !== this.client) return;
    if (this.parts.isRefusal(error)) return this.block(textOfError(error));
    this.restart(textOfError(error));
  }

  private block(reason: string): void {
    this.blockedReason = reason;
    this.isWaiting = true;
    this.leave(reason, 'blocked');
    const { timers } = this.parts.runtime;
    if (this.isWanted) this.timer = timers.set(refusedRetryMs, () => this.dial());
  }

  private dial(): void {
    this.disarm();
    this.isWaiting = false;
    const { runtime, connectDelayMs } = this.parts;
    this.timer = runtime.timers.set(connectDelayMs(), () => void this.open());
  }

  private async open(): Promise<void> {
    const { runtime, make, hooks, opened, onState } = this.parts;
    this.generation += 1;
    const { generation } = this;
    const isCurrent = (): boolean => this.isWanted && generation === this.generation;
    onState('connecting', undefined);
    this.timer = runtime.timers.set(liveWithinMs, () => this.restart('not live in time'));
    try {
      const down = (reason: string): void => void (isCurrent() && this.restart(reason));
      const client = await make({ ...hooks(isCurrent), down });
      if (!isCurrent()) return dropClient(client, runtime);
      this.client = client;
      opened();
    } catch (error) {
      if (isCurrent()) this.restart(textOfError(error));
    }
  }

  private later(): void {
    const { runtime } = this.parts;
    const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.failures);
    this.failures += 1;
    this.reconnects += 1;
    this.timer = runtime.timers.set(runtime.rng.next() * longest, () => this.dial());
  }

  private leave(reason: string, state: StreamState): void {
    this.disarm();
    const { client, isLive } = this;
    const { runtime, onState } = this.parts;
    if (isLive && runtime.monotonic() - this.liveSince >= stableAfterMs) this.failures = 0;
    this.client = undefined;
    this.isLive = false;
    // What the old instance still says is of a generation that is over.
    this.generation += client ? 1 : 0;
    if (client) dropClient(client, runtime);
    onState(state, reason);
  }

  private disarm(): void {
    if (this.timer) this.parts.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }
}
