import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Timers } from '../runtime/runtime';
import type { FramePort } from './frame-port';
import { closeServer, frameText, listenLocally, readBody, sendJson } from './loopback.server';
import type { Mutable, WireFaults } from './wire-faults';
import { mutableOf, sendSet } from './wire.server';

/** One HTTP request as it came, its path without the dialect prefix. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** Undefined means: close the connection, say nothing. */
export type WireAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }
  | undefined;

/** The protocol of one venue. Paths come without its prefix. */
export interface Dialect {
  /** `/binance` */
  readonly prefix: string;
  answer(request: WireRequest): Promise<WireAnswer>;
  /** The body of an answer with status 500. */
  failure(error: unknown): unknown;
  /** Whether there is a WebSocket at this path; the query comes with it. */
  hasSocket(path: string): boolean;
  accept(ws: FramePort, path: string): void;
  /** Closes its sockets and stops its timers. */
  stop(): void;
}

export interface DialectServerParts {
  readonly now: () => number;
  readonly timers: Timers;
  readonly wire: WireFaults;
}

const pingEveryMs = 20_000;
const silentLimitMs = 60_000;
/** Longer than clients keep an idle connection, so that no request meets a closing one. */
const idleLimitMs = 60_000;

/** One HTTP and WebSocket server on the loopback address; the first part of a path names the venue. */
export class DialectServer {
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly heard = new Map<WebSocket, number>();
  /** Taken, and never answered. */
  private readonly hung = new Set<Duplex>();
  private readonly pings;

  /** What names no venue is answered by the first dialect. */
  constructor(
    private readonly parts: DialectServerParts,
    private readonly dialects: readonly [Dialect, ...Dialect[]],
  ) {
    this.server.keepAliveTimeout = idleLimitMs;
    this.pings = parts.timers.every(pingEveryMs, () => this.ping());
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** The port in use. Rejects when it is taken. */
  listen(port: number): Promise<number> {
    return listenLocally(this.server, port);
  }

  async stop(): Promise<void> {
    this.parts.timers.clear(this.pings);
    for (const dialect of this.dialects) dialect.stop();
    for (const ws of this.heard.keys()) ws.terminate();
    for (const socket of this.hung) socket.destroy();
    await closeServer(this.server);
  }

  private named(url: string): Dialect | undefined {
    return this.dialects.find(({ prefix }) => url.startsWith(`${prefix}/`));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const named = this.named(url);
    const dialect = named ?? this.dialects[0];
    const set = this.parts.wire.take(method, url);
    try {
      if (set && !set.isExecuted) return sendSet(request, response, set, undefined);
      const answer = await dialect.answer(await wireRequest(request, named?.prefix));
      if (set) return sendSet(request, response, set, answer);
      if (!answer) return void request.socket.destroy();
      sendJson(response, answer.status, answer.body, answer.headers);
    } catch (error) {
      sendJson(response, 500, dialect.failure(error));
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { url = '' } = request;
    const dialect = this.named(url);
    const path = url.slice(dialect?.prefix.length);
    const fate = this.parts.wire.takeDial(url);
    if (fate === 'refused' || !dialect?.hasSocket(path)) return void socket.destroy();
    if (fate === 'hang') return void this.hung.add(socket.once('close', () => this.hung.delete(socket)));
    this.sockets.handleUpgrade(request, socket, head, (ws) => {
      const mutable = this.watch(ws, url);
      dialect.accept(ws, path);
      if (fate === 'mute') mutable.mute();
      if (fate === 'cut') ws.terminate();
    });
  }

  private watch(ws: WebSocket, url: string): Mutable {
    const { wire } = this.parts;
    const path = url.split('?')[0] ?? '';
    const mutable = mutableOf(ws, (text) => (wire.isPlain ? undefined : wire.leaving(path, text)));
    wire.opens(mutable, path);
    const hear = (): void => void this.heard.set(ws, this.parts.now());
    hear();
    // Only an answer counts: whoever sends without reading is not served either.
    ws.on('pong', hear);
    ws.on('message', (data) => wire.hears(frameText(data)));
    ws.on('error', () => ws.terminate());
    ws.on('close', () => {
      this.heard.delete(ws);
      wire.closes(mutable);
    });
    return mutable;
  }

  private ping(): void {
    const now = this.parts.now();
    for (const [ws, at] of this.heard) {
      if (now - at > silentLimitMs) ws.terminate();
      else ws.ping();
    }
  }
}

async function wireRequest(request: IncomingMessage, prefix = ''): Promise<WireRequest> {
  const [address = '', query = ''] = (request.url ?? '').split('?');
  const { method = '', headers } = request;
  return { method, path: address.slice(prefix.length), query, body: await readBody(request), headers };
}
