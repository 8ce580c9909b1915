import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly isSigned: boolean;
}

export interface Scripted {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Destroys the socket instead of answering. */
  readonly cut?: boolean;
}

export const secret = 'test-secret';

/** The few Binance answers a connector needs, with every signature verified and every answer replaceable. */
export class SmallBinance {
  readonly seen: SeenRequest[] = [];
  readonly answers = new Map<string, (request: SeenRequest) => Scripted>();
  readonly userSockets = new Set<WebSocket>();
  readonly marketSockets = new Set<WebSocket>();
  loginAnswer: Record<string, unknown> = { status: 200, result: { subscriptionId: 0 } };
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true });

  async listen(): Promise<string> {
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (ws) => this.onSocket(request.url ?? '', ws));
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.answer('GET time', () => ({ body: { serverTime: Date.now() } }));
    this.answer('GET exchangeInfo', () => ({ body: exchangeInfo }));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  answer(route: string, make: (request: SeenRequest) => Scripted): void {
    this.answers.set(route, make);
  }

  requests(route: string): readonly SeenRequest[] {
    return this.seen.filter((request) => `${request.method} ${request.path}` === route);
  }

  pushUser(event: Record<string, unknown>): void {
    for (const ws of this.userSockets) ws.send(JSON.stringify({ subscriptionId: 0, event }));
  }

  pushMarket(frame: string): void {
    for (const ws of this.marketSockets) ws.send(frame);
  }

  async close(): Promise<void> {
    for (const ws of [...this.userSockets, ...this.marketSockets]) ws.terminate();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [address = '', query = ''] = (request.url ?? '').split('?');
    const text = chunks.length > 0 ? Buffer.concat(chunks).toString() : query;
    const path = address.replace('/binance/api/v3/', '');
    const seen = {
      method: request.method ?? '',
      path,
      params: new URLSearchParams(text),
      isSigned: isSigned(text),
    };
    this.seen.push(seen);
    const scripted = this.answers.get(`${seen.method} ${path}`)?.(seen) ?? {
      status: 404,
      body: { code: -1, msg: 'no route' },
    };
    if (scripted.cut) return void request.socket.destroy();
    response.writeHead(scripted.status ?? 200, { 'content-type': 'application/json', ...scripted.headers });
    response.end(typeof scripted.body === 'string' ? scripted.body : JSON.stringify(scripted.body));
  }

  private onSocket(path: string, ws: WebSocket): void {
    const isUser = path.startsWith('/binance/ws-api/v3');
    (isUser ? this.userSockets : this.marketSockets).add(ws);
    ws.on('close', () => void (this.userSockets.delete(ws), this.marketSockets.delete(ws)));
    ws.on('message', (data) => {
      const { id } = JSON.parse((data as Buffer).toString()) as { id: unknown };
      ws.send(JSON.stringify(isUser ? { id, ...this.loginAnswer } : { result: null, id }));
    });
  }
}

function isSigned(text: string): boolean {
  const [signedText = '', signature] = text.split('&signature=');
  return signature === createHmac('sha256', secret).update(signedText).digest('hex');
}

export const exchangeInfo = {
  rateLimits: [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
  ],
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      isSpotTradingAllowed: true,
      allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER'],
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01000000' },
        { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001000' },
        { filterType: 'NOTIONAL', minNotional: '5.00000000' },
        { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
      ],
    },
  ],
};
