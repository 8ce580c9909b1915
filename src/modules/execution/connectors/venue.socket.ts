import type { Mono } from '../../../domain/units';
import type { StreamState } from '../../../domain/venue-event';
import type { Runtime, SocketLike, Timer } from '../../../runtime/runtime';

export interface SocketHandler {
  url(): string;
  /** Sent in place of a WebSocket ping; the venue answers it with the text `pong`. */
  readonly pingText?: string | undefined;
  /** Milliseconds to wait before the next dial; reserves it. */
  connectDelayMs(): number;
  /** The socket is open: log in and subscribe. Call `markLive` when the venue agreed. */
  onOpen(): void;
  onFrame(frame: Buffer): void;
  onState(state: StreamState, reason: string | undefined): void;
}

const options = { handshakeTimeoutMs: 10_000, maxPayloadBytes: 4_194_304 };
const dialLimitMs = 10_000;
const setupLimitMs = 5_000;
const heartbeatMs = 1_000;
const pingEveryMs = 15_000;
const staleAfterMs = 30_000;
const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
const provenAfterMs = 60_000;
/** A refused key is tried again so seldom that no venue takes it for an attack: its owner may have mended it there. */
export const refusedRetryMs = 300_000;
const pong = Buffer.from('pong');

type Phase = 'idle' | 'dialing' | 'subscribing' | 'live' | 'backoff' | 'blocked';

/** One WebSocket that keeps coming back. Every successful opening is a new generation; nothing is replayed. */
export class VenueSocket {
  private phase: Phase = 'idle';
  private socket: SocketLike | undefined;
  private timer: Timer | undefined;
  private heartbeat: Timer | undefined;
  private failures = 0;
  private heardAt: Mono = 0;
  private pingedAt: Mono = 0;
  private liveAt: Mono = 0;
  private dialledAt: Mono = 0;
  private opened = 0;
  private dials = 0;
  private refusal: string | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly handler: SocketHandler,
  ) {}

  get isLive(): boolean {
    return this.phase === 'live';
  }

  get isOpen(): boolean {
    return this.phase === 'live' || this.phase === 'subscribing';
  }

  get generation(): number {
    return this.opened;
  }

  get liveSince(): Mono {
    return this.liveAt;
  }

  get reconnects(): number {
    return Math.max(0, this.opened - 1);
  }

  /** Why the venue does not let us in; undefined while it does. */
  get blockedReason(): string | undefined {
    return this.refusal;
  }

  start(): void {
    if (this.phase !== 'idle' && this.phase !== 'blocked') return;
    this.failures = 0;
    this.refusal = undefined;
    this.heartbeat ??= this.runtime.timers.every(heartbeatMs, () => this.beat());
    this.dial();
  }

  stop(): void {
    if (this.heartbeat) this.runtime.timers.clear(this.heartbeat);
    this.heartbeat = undefined;
    this.refusal = undefined;
    this.leave('idle', 'stopped');
  }

  /** When the connection was opened. */
  get openedAt(): Mono {
    return this.dialledAt;
  }

  /** Drops the connection; a new generation follows. */
  restart(reason: string): void {
    if (this.phase === 'idle' || this.phase === 'blocked' || this.phase === 'backoff') return;
    this.backOff(reason);
  }

  /** The venue refused our key: the next dial is five minutes away, or `start`. */
  block(reason: string): void {
    this.refusal = reason;
    this.leave('blocked', reason);
    // Whoever heard of it may have stopped this socket meanwhile.
    if (this.phase !== 'blocked') return;
    this.clearTimer();
    this.timer = this.runtime.timers.set(refusedRetryMs, () => this.dial());
  }

  markLive(): void {
    if (this.phase !== 'subscribing') return;
    this.clearTimer();
    this.phase = 'live';
    this.liveAt = this.runtime.monotonic();
    this.refusal = undefined;
    this.handler.onState('live', undefined);
  }

  send(frame: unknown): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(frame));
  }

  private dial(): void {
    this.phase = 'dialing';
    this.handler.onState('connecting', undefined);
    // Whoever heard of it may have stopped this socket meanwhile.
    if (this.phase !== 'dialing') return;
    this.clearTimer();
    const delay = this.handler.connectDelayMs();
    this.timer = this.runtime.timers.set(delay, () => this.open());
  }

  private open(): void {
    this.dials += 1;
    const dial = this.dials;
    const mine = (use: () => void) => (): void => {
      if (dial === this.dials && this.phase !== 'idle') use();
    };
    this.timer = this.runtime.timers.set(dialLimitMs, () => this.backOff('the dial took too long'));
    this.socket = this.runtime.openSocket(this.handler.url(), options, {
      onOpen: mine(() => this.onOpen()),
      onFrame: (frame) => {
        if (dial === this.dials && this.isOpen) this.onFrame(frame);
      },
      onPong: mine(() => this.onPong()),
      onClose: (code, reason) => {
        if (dial === this.dials) this.onClose(code, reason);
      },
    });
  }

  private onOpen(): void {
    this.dialledAt = this.runtime.monotonic();
    this.heardAt = this.dialledAt;
    this.pingedAt = this.heardAt;
    this.setUp();
  }

  private setUp(): void {
    this.opened += 1;
    this.phase = 'subscribing';
    this.waitForSetup();
    this.handler.onOpen();
  }

  /**
   * The stream has ended and its connection has not: it is set up anew on it, as a new generation. One that ends again
   * at once is dialled anew, with the pauses of a connection that fails.
   */
  renew(reason: string): void {
    if (this.phase !== 'live' || this.runtime.monotonic() - this.liveAt < setupLimitMs)
      return this.restart(reason);
    this.phase = 'subscribing';
    this.handler.onState('down', reason);
    // Whoever heard of it may have stopped this socket meanwhile.
    if (this.isOpen) this.setUp();
  }

  /** The venue has answered a part of the setup, which is asked for again: it may take its time anew. */
  extendSetup(): void {
    if (this.phase === 'subscribing') this.waitForSetup();
  }

  private waitForSetup(): void {
    this.clearTimer();
    this.timer = this.runtime.timers.set(setupLimitMs, () =>
      this.backOff('the subscription was not confirmed'),
    );
  }

  private onFrame(frame: Buffer): void {
    this.heardAt = this.runtime.monotonic();
    if (this.handler.pingText !== undefined && frame.equals(pong)) return;
    this.handler.onFrame(frame);
  }

  private onPong(): void {
    this.heardAt = this.runtime.monotonic();
  }

  private onClose(code: number, reason: string): void {
    this.socket = undefined;
    if (this.phase === 'idle' || this.phase === 'blocked' || this.phase === 'backoff') return;
    this.backOff(`closed ${code} ${reason}`.trim());
  }

  private beat(): void {
    if (!this.isOpen) return;
    const now = this.runtime.monotonic();
    if (now - this.heardAt >= staleAfterMs) return this.backOff('nothing heard for 30 s');
    if (now - this.pingedAt < pingEveryMs) return;
    this.pingedAt = now;
    if (this.handler.pingText === undefined) this.socket?.ping();
    else this.socket?.send(this.handler.pingText);
  }

  /** Full jitter over a doubling bound; a minute of life forgets earlier failures. */
  private backOff(reason: string): void {
    const wasProven = this.phase === 'live' && this.runtime.monotonic() - this.liveAt >= provenAfterMs;
    this.failures = wasProven ? 0 : this.failures;
    const bound = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    this.leave('backoff', reason);
    // Whoever heard of it may have stopped this socket meanwhile.
    if (this.phase !== 'backoff') return;
    this.timer = this.runtime.timers.set(this.runtime.rng.next() * bound, () => this.dial());
  }

  private leave(phase: 'idle' | 'backoff' | 'blocked', reason: string): void {
    if (this.phase === phase) return;
    this.clearTimer();
    this.phase = phase;
    this.dials += 1;
    this.socket?.terminate();
    this.socket = undefined;
    this.handler.onState(phase === 'blocked' ? 'blocked' : 'down', reason);
  }

  private clearTimer(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }
}
