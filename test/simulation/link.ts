import type { Answer, HttpRequest, Rng, SocketEvents, SocketLike } from '../../src/runtime/runtime';
import type { Scheduler } from '../../src/runtime/scheduler';
import type { WireRequest } from '../../src/venue-simulator/dialect.server';
import type { Faults } from '../../src/venue-simulator/faults';
import type { DoorLine } from '../../src/venue-simulator/in-process.door';
import type { EventLog } from './event-log';
import type { DialectReader, Stream } from './l2/dialect-reader';
import type { Latency } from './latency';
import type { VenueDoor } from './venue-door';
import type { Fate, SeenRequest, WireAnswer, WireFaults } from './wire';
import { isRead, lowered, wireAnswerOf } from './wire';

/** What the oracle hears of the wire. */
export interface WireEar {
  left(request: SeenRequest): void;
  arrived(request: SeenRequest): void;
  gone(request: SeenRequest): void;
  /** `isVenues` is false for what a fault has made of it. */
  answered(request: SeenRequest, answer: WireAnswer | undefined, isVenues: boolean): void;
  delivered(stream: 'public' | 'private', text: string, host: string, isVenues: boolean): void;
  /** `others`: how many more connections of the stream the same engine has open. */
  connected(stream: 'public' | 'private', isOpen: boolean, host: string, others: number): void;
}

export interface LinkParts {
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly door: VenueDoor;
  readonly reader: DialectReader;
  /** How long a request lies between its signature and its write. */
  readonly drawWriteMs: (rng: Rng) => number;
  readonly venueFaults: Faults;
  readonly faults: WireFaults;
  readonly latency: Latency;
  readonly rng: Rng;
  readonly log: EventLog;
  readonly ear: WireEar;
  readonly isDead: () => boolean;
  /** Runs it when the engine's process runs; never once it is dead. */
  readonly whenAwake: (act: () => void) => void;
}

const transferLimitMs = 12_000;
/** When the venue gives up a client that does not answer its pings. */
const forgottenMs = 60_000;

/** One engine's way to the venue: requests of their own connections, and streams in order on theirs. */
export class Link {
  readonly sockets = new Set<LinkSocket>();
  private readonly held: { readonly request: SeenRequest; readonly go: (carryOut: boolean) => void }[] = [];
  private made = 0;

  constructor(readonly parts: LinkParts) {}

  heldRequests(): readonly SeenRequest[] {
    return this.held.map(({ request }) => request);
  }

  /** Lets what waits at ingress in, or loses it. */
  release(carryOut: (request: SeenRequest) => boolean): void {
    for (const { request, go } of this.held.splice(0)) go(carryOut(request));
  }

  http(request: HttpRequest): Promise<Answer> {
    const { faults, host } = this.parts;
    this.made += 1;
    const raw = rawOf(request, this.parts.reader.prefix);
    const askedAt = this.parts.scheduler.elapsed;
    const seen: SeenRequest = { id: this.made, raw, host, askedAt, ...this.parts.reader.read(raw) };
    const fate = this.freshFate(seen);
    faults.onRequest(seen, fate);
    return new Promise((resolve) => {
      if (fate.writeMs === 0) return this.write(request, seen, fate, resolve);
      this.parts.scheduler.after(fate.writeMs, () =>
        this.parts.whenAwake(() => this.write(request, seen, fate, resolve)),
      );
    });
  }

  private write(
    request: HttpRequest,
    seen: SeenRequest,
    fate: Fate,
    resolve: (answer: Answer) => void,
  ): void {
    const { scheduler, ear, log, host } = this.parts;
    const why =
      request.sendBy < scheduler.elapsed
        ? 'send deadline passed before the write'
        : request.beforeWrite()
          ? undefined
          : 'refused at the moment of the write';
    if (why !== undefined) return resolve({ written: false, why });
    log.add(host, `> ${seen.kind}`, seen.clientOrderId || seen.raw.path);
    ear.left(seen);
    this.travel(seen, fate, resolve);
  }

  openSocket(url: string, events: SocketEvents): SocketLike {
    const path = url.slice('ws://venue'.length + this.parts.reader.prefix.length);
    return new LinkSocket(this, path, events);
  }

  private freshFate(request: SeenRequest): Fate {
    const { latency } = this.parts;
    return {
      writeMs: this.parts.drawWriteMs(this.parts.rng),
      ingressMs: latency.draw(),
      replyMs: latency.draw(),
      readLagMs: isRead(request.kind) ? latency.readLag(request.kind) : 0,
      isRequestLost: false,
      isReplyLost: false,
      isHeld: false,
      instead: undefined,
      rewrite: undefined,
      effects: [],
    };
  }

  private travel(request: SeenRequest, fate: Fate, resolve: (answer: Answer) => void): void {
    const { scheduler, whenAwake } = this.parts;
    let isGivenUp = false;
    const limit = scheduler.after(transferLimitMs, () => {
      isGivenUp = true;
      whenAwake(() => resolve({ written: true, error: 'UND_ERR_HEADERS_TIMEOUT no answer' }));
    });
    const deliver = (answer: WireAnswer | undefined): void => {
      if (fate.isReplyLost) return this.effective(fate);
      scheduler.after(fate.replyMs, () => {
        if (isGivenUp) return this.effective(fate); // The connection is closed: nobody hears it.
        scheduler.undo(limit);
        whenAwake(() => {
          this.parts.log.add(
            this.parts.host,
            `< ${request.kind}`,
            `${answer?.status} ${request.clientOrderId}`,
          );
          this.tell(request, answer, !fate.instead && !fate.rewrite);
          this.effective(fate);
          resolve(answerOf(answer));
        });
      });
    };
    if (fate.isRequestLost) {
      this.parts.ear.gone(request);
      return this.effective(fate);
    }
    scheduler.after(fate.ingressMs, () => {
      if (fate.instead) {
        this.parts.ear.gone(request);
        return deliver(this.parts.reader.spoken(request.kind, fate.instead));
      }
      if (!fate.isHeld) return this.arrive(request, fate, deliver);
      const go = (carryOut: boolean): void =>
        carryOut ? this.arrive(request, fate, deliver) : this.parts.ear.gone(request);
      this.held.push({ request, go });
    });
  }

  private arrive(request: SeenRequest, fate: Fate, deliver: (answer: WireAnswer | undefined) => void): void {
    const { door, venueFaults, ear, log, reader } = this.parts;
    log.add('venue', `@ ${request.kind}`, request.clientOrderId || request.raw.path);
    ear.arrived(request);
    if (fate.readLagMs > 0) venueFaults.delayQueries(fate.readLagMs);
    const answering = door.answer(request);
    if (fate.readLagMs > 0) venueFaults.delayQueries(0);
    void answering.then((raw) => {
      const answer = wireAnswerOf(raw);
      if (!answer) return deliver(answer);
      const { kind } = request;
      const said = fate.rewrite ? fate.rewrite(answer, reader.heard(kind, answer)) : answer;
      deliver(reader.spoken(kind, said));
    });
  }

  private tell(request: SeenRequest, answer: WireAnswer | undefined, isVenues: boolean): void {
    const { ear, reader } = this.parts;
    ear.answered(request, answer && reader.heard(request.kind, answer), isVenues);
  }

  private effective(fate: Fate): void {
    if (this.parts.isDead()) return;
    for (const tell of fate.effects) tell();
  }
}

/** A stream: what was written before the end of either side still arrives, in order. */
export class LinkSocket implements SocketLike {
  stream: Stream;
  /** Nothing is heard in either direction, and nobody is told. */
  isSilent = false;
  private line: DoorLine | undefined;
  /** Which stream it is was told by its address, or by what was first sent over it. */
  private isTold: boolean;
  private isOpen = false;
  private isClosed = false;
  private lastDownUs = 0;
  private lastUpUs = 0;

  constructor(
    private readonly link: Link,
    path: string,
    private readonly events: SocketEvents,
  ) {
    const stream = link.parts.reader.streamOf(path);
    this.isTold = stream !== undefined;
    this.stream = stream ?? 'public';
    const { faults } = link.parts;
    this.up(() => {
      if (!faults.mayConnect(this.stream)) return this.down(() => this.end(1006, 'refused'));
      const onClosed = (): void => this.down(() => this.end(1006, 'closed by the venue'));
      this.line = link.parts.door.connect(path, { onFrame: (text) => this.frame(text), onClosed });
      this.down(() => this.opened());
    });
  }

  send(text: string): void {
    if (!this.isOpen) return;
    if (!this.isTold) this.stream = text.includes('"auth"') ? 'private' : 'public';
    this.isTold = true;
    this.up(() => this.line?.send(text));
  }

  ping(): void {
    if (!this.isOpen) return;
    this.up(() =>
      this.down(() => {
        if (!this.isOpen) return;
        this.events.onPong();
      }),
    );
  }

  terminate(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { scheduler, latency } = this.link.parts;
    scheduler.after(this.isSilent ? forgottenMs : latency.draw(), () => this.line?.close());
    scheduler.after(0, () => this.guard(() => this.end(1006, 'terminated')));
  }

  get isConnected(): boolean {
    return this.isOpen && !this.isClosed;
  }

  /** The connection breaks: the venue notices at once, the engine when the news arrives. */
  cut(): void {
    this.line?.close();
    this.down(() => this.end(1006, 'connection reset'));
  }

  /** A frame the venue did not send, or sends again. */
  inject(text: string): void {
    this.deliver(text, 0, false);
  }

  private opened(): void {
    if (this.isClosed) return;
    this.isOpen = true;
    this.link.sockets.add(this);
    this.events.onOpen();
    this.tellEar(true);
  }

  private tellEar(isOpen: boolean): void {
    const { ear, host } = this.link.parts;
    const others = [...this.link.sockets].filter((one) => one !== this && one.stream === this.stream);
    ear.connected(this.stream, isOpen, host, others.length);
  }

  private frame(text: string): void {
    const { stream } = this;
    const { faults, host, reader } = this.link.parts;
    if (!faults.spoilsFrames) return this.deliver(text, 0, true);
    const isDepth = stream === 'public' && reader.isDepth(text);
    const event = stream === 'private' ? reader.eventOf(text) : undefined;
    const fate = faults.onFrame({ host, stream, isDepth, event, text });
    if (!fate) return this.deliver(text, 0, true);
    for (const part of fate) this.deliver(part.text, part.extraMs, part.text === text);
  }

  private deliver(text: string, extraMs: number, isVenues: boolean): void {
    const { log, ear, host } = this.link.parts;
    const take = (): void => {
      if (!this.isOpen || this.isClosed) return;
      log.add(host, this.stream === 'public' ? '~' : '~~', text, this.stream === 'private');
      ear.delivered(this.stream, text, host, isVenues);
      this.events.onFrame(Buffer.from(text));
    };
    if (extraMs > 0) return void this.link.parts.scheduler.after(extraMs, () => this.guard(take));
    this.down(take);
  }

  private end(code: number, reason: string): void {
    const wasOpen = this.isOpen;
    this.isOpen = false;
    this.link.sockets.delete(this);
    if (wasOpen) this.tellEar(false);
    if (this.isClosed && reason !== 'terminated') return;
    this.isClosed = true;
    this.events.onClose(code, reason);
  }

  private up(act: () => void): void {
    const { scheduler, latency } = this.link.parts;
    if (this.isSilent) return;
    this.lastUpUs = Math.max(this.lastUpUs, scheduler.elapsed + latency.draw());
    scheduler.after(this.lastUpUs - scheduler.elapsed, act);
  }

  private down(act: () => void): void {
    const { scheduler, latency } = this.link.parts;
    if (this.isSilent && this.isOpen) return;
    this.lastDownUs = Math.max(this.lastDownUs, scheduler.elapsed + latency.draw());
    scheduler.after(this.lastDownUs - scheduler.elapsed, () => this.guard(act));
  }

  private guard(act: () => void): void {
    this.link.parts.whenAwake(act);
  }
}

function rawOf({ url, method, headers, body }: HttpRequest, prefix: string): WireRequest {
  const [address = '', query = ''] = url.slice('http://venue'.length + prefix.length).split('?');
  return { method, path: address, query, body: body ?? '', headers: lowered(headers) };
}

function answerOf(answer: WireAnswer | undefined): Answer {
  if (!answer) return { written: true, error: 'ECONNRESET socket hang up' };
  const { status, headers, body } = answer;
  return { written: true, status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}
