import type { Ms } from '../../domain/units';
import type { CreateEntry } from './create-log';
import { DeliveredBook } from './delivered-book';
import type { DeliveredSides } from './delivered-book';

/** A create that no valid book of its market can have led to. */
export interface InvalidCreate extends CreateEntry {
  readonly why: string;
}

/** From the write that made a book invalid, or the begin of its stream, to the snapshot that made it valid. */
export interface InvalidSpell {
  readonly symbol: string;
  readonly why: string;
  readonly from: Ms;
  readonly to: Ms;
}

export interface DeliveredReport {
  readonly isOn: boolean;
  readonly judgedCount: number;
  readonly invalidCount: number;
  /** The first 1,000. */
  readonly invalid: readonly InvalidCreate[];
  /** The last 200, oldest first. */
  readonly spells: readonly InvalidSpell[];
}

/** A depth frame with the stream and symbol it belongs to. */
export interface DeliveredDepth extends DeliveredSides {
  readonly stream: string;
  readonly symbol: string;
  readonly first: number;
  readonly last: number;
}

interface Stream {
  readonly symbol: string;
  readonly book: DeliveredBook;
  /** Since when, and with which write, it is not valid. */
  since: { readonly at: Ms; readonly mark: number; readonly wasValid: boolean } | undefined;
}

interface Connection {
  readonly streams: Map<string, Stream>;
  /** Something last went over it. */
  heardAt: Ms;
  acknowledged: number;
  closedAt: Ms | undefined;
}

/** How long a create, and a frame nobody has acknowledged, may be under way. */
const flightMs = 250;
const oldestMs = 5_000;
const invalidKept = 1_000;
const spellsKept = 200;

/**
 * Judges each create by what its venue had delivered before: some public connection must hold a valid, fresh book of
 * the market. A snapshot counts for every connection, because REST does not tell whose it is; a frame counts once the
 * client has acknowledged it, because a create may have left before. Off until started.
 */
export class DeliveredFrames {
  private readonly connections = new Map<object, Connection>();
  private readonly invalid: InvalidCreate[] = [];
  private readonly spells: InvalidSpell[] = [];
  private startedAt: Ms | undefined;
  private judgedCount = 0;
  private invalidCount = 0;
  private lastMark = 0;

  constructor(private readonly now: () => Ms) {}

  get isOn(): boolean {
    return this.startedAt !== undefined;
  }

  /** Connections that are open already stay unknown: the caller cuts them. */
  start(): void {
    this.startedAt ??= this.now();
  }

  opened(client: object): void {
    if (!this.isOn) return;
    this.forgetClosed();
    const heardAt = this.now();
    this.connections.set(client, { streams: new Map(), heardAt, acknowledged: 0, closedAt: undefined });
  }

  heard(client: object): void {
    const connection = this.connections.get(client);
    if (connection) connection.heardAt = this.now();
  }

  closed(client: object): void {
    const connection = this.connections.get(client);
    if (connection) connection.closedAt ??= this.now();
  }

  subscribed(client: object, stream: string, symbol: string): void {
    const streams = this.connections.get(client)?.streams;
    if (!streams || streams.has(stream)) return;
    const since = { at: this.now(), mark: 0, wasValid: false };
    streams.set(stream, { symbol, book: new DeliveredBook(), since });
  }

  unsubscribed(client: object, stream: string): void {
    this.connections.get(client)?.streams.delete(stream);
  }

  /** A depth frame was written. Returns the mark to send after it, which `acknowledged` takes back. */
  frame(client: object, frame: DeliveredDepth): number | undefined {
    const connection = this.connections.get(client);
    if (!connection) return undefined;
    this.subscribed(client, frame.stream, frame.symbol);
    this.lastMark += 1;
    connection.heardAt = this.now();
    this.change(connection.streams.get(frame.stream)!, (book) => book.frame(frame.first, frame.last, frame));
    return this.lastMark;
  }

  snapshot(symbol: string, last: number, sides: DeliveredSides): void {
    for (const { streams } of this.connections.values()) {
      for (const stream of streams.values()) {
        if (stream.symbol === symbol) this.change(stream, (book) => book.snapshot(last, sides));
      }
    }
  }

  acknowledged(client: object, mark: number): void {
    const connection = this.connections.get(client);
    if (connection) connection.acknowledged = Math.max(connection.acknowledged, mark);
  }

  /** A create has arrived. */
  create(entry: CreateEntry): void {
    this.forgetClosed();
    // What left before the judge began was decided on frames it has not seen.
    if (this.startedAt === undefined || this.now() - this.startedAt <= flightMs) return;
    this.judgedCount += 1;
    const why = this.refusal(entry.symbol);
    if (why === undefined) return;
    this.invalidCount += 1;
    if (this.invalid.length < invalidKept) this.invalid.push({ ...entry, why });
  }

  report(): DeliveredReport {
    const { isOn, judgedCount, invalidCount } = this;
    return { isOn, judgedCount, invalidCount, invalid: [...this.invalid], spells: [...this.spells] };
  }

  private refusal(symbol: string): string | undefined {
    let why = 'no depth stream is open';
    for (const connection of this.connections.values()) {
      for (const stream of connection.streams.values()) {
        if (stream.symbol !== symbol) continue;
        const problem = this.problemOf(connection, stream);
        if (problem === undefined) return undefined;
        why = problem;
      }
    }
    return why;
  }

  private problemOf(connection: Connection, { book, since }: Stream): string | undefined {
    const silentMs = this.now() - connection.heardAt;
    if (silentMs > oldestMs) return `nothing delivered for ${silentMs} ms`;
    if (!since || (since.wasValid && since.mark > connection.acknowledged && this.mayFly(since.at))) {
      return undefined;
    }
    return book.problem;
  }

  /** Notes when a book stops being valid and when it is valid again. */
  private change(stream: Stream, apply: (book: DeliveredBook) => void): void {
    const { book, symbol, since } = stream;
    const why = book.problem;
    apply(book);
    if (book.problem !== undefined) {
      stream.since ??= { at: this.now(), mark: this.lastMark, wasValid: true };
      return;
    }
    if (!since) return;
    stream.since = undefined;
    this.spells.push({ symbol, why: why ?? '', from: since.at, to: this.now() });
    if (this.spells.length > spellsKept) this.spells.shift();
  }

  /** The end of a connection cannot be acknowledged: its client may not have seen it for as long as a frame flies. */
  private forgetClosed(): void {
    for (const [client, { closedAt }] of this.connections) {
      if (closedAt !== undefined && !this.mayFly(closedAt)) this.connections.delete(client);
    }
  }

  private mayFly(since: Ms): boolean {
    return this.now() - since <= flightMs;
  }
}
