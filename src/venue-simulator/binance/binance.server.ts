import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { closeServer, listenLocally, readBody, sendJson } from '../loopback.server';
import type { BinanceParts } from './binance-parts';
import { MarketSockets } from './binance.market-sockets';
import { BinanceRequests } from './binance.requests';
import { UserSockets } from './binance.user-sockets';

const prefix = '/binance';
const pingEveryMs = 20_000;
const silentLimitMs = 60_000;
/** Longer than clients keep an idle connection, so that no request meets a closing one. */
const idleLimitMs = 60_000;

/** The doors of the Binance dialect: one HTTP and WebSocket server on the loopback address. */
export class BinanceServer {
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly heard = new Map<WebSocket, number>();
  private readonly requests: BinanceRequests;
  private readonly market: MarketSockets;
  private readonly user: UserSockets;
  private readonly pings;

  constructor(private readonly parts: BinanceParts) {
    this.server.keepAliveTimeout = idleLimitMs;
    this.requests = new BinanceRequests(parts);
    this.market = new MarketSockets(parts);
    this.user = new UserSockets(parts);
    this.pings = parts.timers.every(pingEveryMs, () => this.ping());
    this.server.on('upgrade', (request, socket, head) => {
      const path = (request.url ?? '').slice(prefix.length);
      if (!isSocketPath(request.url ?? '')) return void socket.destroy();
      this.sockets.handleUpgrade(request, socket, head, (ws) => this.accept(ws, path));
    });
  }

  /** The port in use. Rejects when it is taken. */
  listen(port: number): Promise<number> {
    return listenLocally(this.server, port);
  }

  async stop(): Promise<void> {
    this.parts.timers.clear(this.pings);
    this.market.stop();
    this.user.stop();
    for (const ws of this.heard.keys()) ws.terminate();
    await closeServer(this.server);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [address = '', query = ''] = (request.url ?? '').split('?');
    const key = request.headers['x-mbx-apikey'];
    try {
      const answer = await this.requests.answer({
        method: request.method ?? '',
        path: address.startsWith(`${prefix}/`) ? address.slice(prefix.length) : address,
        query,
        body: await readBody(request),
        apiKey: typeof key === 'string' ? key : undefined,
      });
      if (!answer) return void request.socket.destroy();
      sendJson(response, answer.status, answer.body, answer.headers);
    } catch (error) {
      sendJson(response, 500, { code: -1000, msg: String(error) });
    }
  }

  private accept(ws: WebSocket, path: string): void {
    this.heard.set(ws, this.parts.now());
    const hear = (): void => void this.heard.set(ws, this.parts.now());
    ws.on('pong', hear);
    ws.on('message', hear);
    ws.on('error', () => ws.terminate());
    ws.on('close', () => this.heard.delete(ws));
    if (path.startsWith('/ws-api')) this.user.accept(ws);
    else this.market.accept(ws, path);
  }

  private ping(): void {
    const now = this.parts.now();
    for (const [ws, at] of this.heard) {
      if (now - at > silentLimitMs) ws.terminate();
      else ws.ping();
    }
  }
}

const isSocketPath = (url: string): boolean => /^\/binance\/(stream|ws|ws-api\/v3)([/?]|$)/.test(url);
