import type { InstrumentId } from '../../../domain/instrument';
import type { Mono, Ms } from '../../../domain/units';
import type { StreamState } from '../../../domain/venue-event';
import type { Runtime, Timer } from '../../../runtime/runtime';
import type { StreamMethod } from './dialect';
import { FeedHandover } from './feed-handover';
import type { FramePlace } from './feed-handover';
import { StreamSubscriptions } from './stream-subscriptions';
import { RotatingSocket } from './venue.rotation';
import type { Line } from './venue.rotation';
import type { VenueSocket } from './venue.socket';

/** One connection of the feed, and the streams it has. */
export interface FeedLine {
  readonly socket: VenueSocket;
  readonly streams: StreamSubscriptions;
}

export interface FeedLineParts {
  readonly name: string;
  readonly lifeMs: Ms | undefined;
  readonly pingText: string | undefined;
  url(): string;
  connectDelayMs(): number;
  send(line: FeedLine, method: StreamMethod, instruments: readonly InstrumentId[], id: number): void;
  onOpen(line: FeedLine): void;
  onFrame(frame: Buffer, line: FeedLine): void;
  onState(state: StreamState, reason: string | undefined): void;
  /** A market frame whose turn it is. */
  pass(json: unknown): void;
  /** What comes next of the lane does not follow what came before. */
  breakAt(lane: string): void;
}

const lookEveryMs = 100;
/** A lane of which neither connection has said a word for so long stands still on both. */
const quietMs = 1_000;
const longestMs = 5_000;

/** The connections of a feed: the one that speaks and, while the venue is about to close it, the one that takes over. */
export class FeedLines {
  readonly socket: RotatingSocket;
  private lines: readonly [current: FeedLine, next?: FeedLine] | undefined;
  private handover: FeedHandover<unknown> | undefined;
  private timer: Timer | undefined;
  private begunAt: Mono = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly parts: FeedLineParts,
  ) {
    this.socket = new RotatingSocket(runtime, {
      ...{ name: parts.name, pingText: parts.pingText, lifeMs: parts.lifeMs },
      url: () => parts.url(),
      connectDelayMs: () => parts.connectDelayMs(),
      line: (socket) => this.lineOf(socket),
      // An overlap is no event of the feed: no book is lost.
      onState: (state, reason, isOverlap) => !isOverlap && parts.onState(state, reason),
      onSuccessor: () => this.begin(),
      onSuccessorLost: () => this.lost(),
    });
  }

  get current(): FeedLine {
    return this.lines![0];
  }

  get isHandingOver(): boolean {
    return this.handover !== undefined;
  }

  isCurrent(line: FeedLine): boolean {
    return line === this.lines?.[0];
  }

  add(instrument: InstrumentId): void {
    for (const line of this.lines!) line?.streams.add(instrument);
  }

  remove(instrument: InstrumentId): void {
    for (const line of this.lines!) line?.streams.remove(instrument);
  }

  /** A market frame while two connections speak. One without a place in a sequence is heard from the first alone. */
  heard(json: unknown, place: FramePlace | undefined, line: FeedLine): void {
    const isCurrent = this.isCurrent(line);
    if (!place) return isCurrent ? this.parts.pass(json) : undefined;
    if (isCurrent) this.handover?.old(place, json);
    else this.handover?.fresh(place, json);
  }

  private lineOf(socket: VenueSocket): Line {
    const { parts } = this;
    const line: FeedLine = {
      socket,
      streams: new StreamSubscriptions(this.runtime, {
        send: (method, instruments, id) => parts.send(line, method, instruments, id),
        isOpen: () => socket.isOpen,
        onSilence: (reason) => socket.restart(reason),
        onAllConfirmed: () => socket.markLive(),
      }),
    };
    if (this.lines) line.streams.copy(this.current.streams);
    this.lines = this.lines ? [this.current, line] : [line];
    return {
      onOpen: () => {
        if (!this.isCurrent(line)) this.handover = new FeedHandover((json) => parts.pass(json));
        parts.onOpen(line);
      },
      onFrame: (frame) => parts.onFrame(frame, line),
    };
  }

  private begin(): void {
    this.handover?.begin();
    this.begunAt = this.runtime.monotonic();
    this.timer = this.runtime.timers.every(lookEveryMs, () => this.look());
  }

  private look(): void {
    const elapsed = this.runtime.monotonic() - this.begunAt;
    if (elapsed < quietMs || (elapsed < longestMs && !this.handover?.isComplete)) return;
    this.disarm();
    this.handover?.finish((lane) => this.parts.breakAt(lane));
    this.handover = undefined;
    const [current, next] = this.lines!;
    this.lines = [next ?? current];
    this.socket.promote();
  }

  /** What it has said since lanes may join is missing in what the first connection goes on to say. */
  private lost(): void {
    this.disarm();
    const hadBegun = this.handover?.hasBegun ?? false;
    this.handover = undefined;
    if (!this.socket.isRotating) this.lines = [this.current];
    if (hadBegun) this.socket.restart('the connection that was to take over is lost');
  }

  private disarm(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }
}
