import type { Mono, Ms } from '../../../domain/units';
import type { StreamState } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { VenueSocket } from './venue.socket';

/** What one connection of a stream says when it opens, and what it hears. */
export interface Line {
  onOpen(): void;
  onFrame(frame: Buffer): void;
}

export interface RotationHandler {
  url(): string;
  readonly pingText?: string | undefined;
  /** Milliseconds to wait before the next dial; reserves it. */
  connectDelayMs(): number;
  /** Of a connection that is to be replaced before the venue cuts it; never without one. */
  readonly lifeMs?: Ms | undefined;
  /** Which streams rotate at the same time: those of equal names. */
  readonly name: string;
  /** Made for each connection, the first and every one that takes over. */
  line(socket: VenueSocket): Line;
  /** Of the stream. `isOverlap`: the new generation began before the old one ended. */
  onState(state: StreamState, reason: string | undefined, isOverlap: boolean): void;
  /** Another connection has the same streams and is live: `promote` when it has joined. */
  onSuccessor(): void;
  /** It was lost before it took over. */
  onSuccessorLost(): void;
}

const spreadMs = 1_800_000;

/**
 * A stream that outlives its connections. One that the venue is about to close is replaced before: the next one dials,
 * logs in and subscribes while the first still speaks, and takes over when it is told to. Until then the stream is what
 * the first connection says; a connection that breaks by itself comes back as a VenueSocket does.
 */
export class RotatingSocket {
  private current: VenueSocket;
  private next: VenueSocket | undefined;
  private readonly lines = new WeakMap<VenueSocket, Line>();
  private timer: Timer | undefined;
  private retired = { generations: 0, reconnects: 0 };
  /** How often the connection was interrupted before it took over. */
  private before = 0;
  private why = '';
  private readonly rng;

  constructor(
    private readonly runtime: Runtime,
    private readonly handler: RotationHandler,
  ) {
    this.rng = runtime.rng.fork(`rotation/${handler.name}`);
    this.current = this.make();
  }

  get isLive(): boolean {
    return this.current.isLive;
  }

  get generation(): number {
    return this.retired.generations + this.current.generation;
  }

  get liveSince(): Mono {
    return this.current.liveSince;
  }

  /** How often the stream was interrupted: a connection that was replaced in time does not count. */
  get reconnects(): number {
    return this.retired.reconnects + this.current.reconnects - this.before;
  }

  get blockedReason(): string | undefined {
    return this.current.blockedReason;
  }

  /** Whether a connection is being replaced. */
  get isRotating(): boolean {
    return this.next !== undefined;
  }

  start(): void {
    this.current.start();
  }

  stop(): void {
    this.disarm();
    this.current.stop();
    this.drop();
  }

  /** Drops the connection; a new generation follows. */
  restart(reason: string): void {
    this.current.restart(reason);
    this.drop();
  }

  /** Replaces the connection while it still speaks. Nothing happens to one that does not, or is being replaced. */
  rotate(reason: string): void {
    if (!this.current.isLive || this.next) return;
    this.why = reason;
    this.next = this.make();
    this.next.start();
  }

  /** The successor is the stream from now on; the connection before it is closed. */
  promote(): void {
    const { current: old, next } = this;
    if (!next) return;
    this.next = undefined;
    this.retired.generations += old.generation;
    this.retired.reconnects += old.reconnects - this.before;
    this.before = next.reconnects;
    this.current = next;
    old.stop();
    this.arm();
    this.handler.onState('live', this.why, true);
  }

  private make(): VenueSocket {
    const { runtime, handler } = this;
    const socket: VenueSocket = new VenueSocket(runtime, {
      url: () => handler.url(),
      pingText: handler.pingText,
      connectDelayMs: () => handler.connectDelayMs(),
      onOpen: () => this.lines.get(socket)?.onOpen(),
      onFrame: (frame) => this.lines.get(socket)?.onFrame(frame),
      onState: (state, reason) => this.onState(socket, state, reason),
    });
    this.lines.set(socket, handler.line(socket));
    return socket;
  }

  private onState(socket: VenueSocket, state: StreamState, reason: string | undefined): void {
    if (socket === this.next) return this.onNextState(state);
    if (socket !== this.current) return;
    if (state === 'live') this.arm();
    else {
      this.disarm();
      this.drop();
    }
    this.handler.onState(state, reason, false);
  }

  /** One that breaks comes back by itself; one that the venue does not let in would be refused again. */
  private onNextState(state: StreamState): void {
    if (state === 'live') return this.handler.onSuccessor();
    if (state === 'blocked') return this.drop();
    if (state === 'down') this.handler.onSuccessorLost();
  }

  private drop(): void {
    const { next } = this;
    if (!next) return;
    this.next = undefined;
    next.stop();
    this.handler.onSuccessorLost();
  }

  /** Streams of one process and venue do not all rotate at once. */
  private arm(): void {
    this.disarm();
    const { lifeMs } = this.handler;
    if (lifeMs === undefined) return;
    // A stream that was begun anew on its connection does not make that any younger.
    const age = this.runtime.monotonic() - this.current.openedAt;
    const life = lifeMs + (this.rng.next() * 2 - 1) * spreadMs - age;
    this.timer = this.runtime.timers.set(Math.max(0, life), () => this.rotate('its time is up'));
  }

  private disarm(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }
}
