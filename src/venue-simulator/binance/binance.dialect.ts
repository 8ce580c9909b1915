import type { FramePort } from '../frame-port';
import type { Dialect, WireAnswer, WireRequest } from '../dialect.server';
import type { BinanceParts } from './binance-parts';
import { Connections } from './binance.connections';
import { MarketSockets } from './binance.market-sockets';
import { BinanceRequests } from './binance.requests';
import { UserSockets } from './binance.user-sockets';

/** Binance spot: REST and the sockets for markets and accounts. */
export class BinanceDialect implements Dialect {
  readonly prefix = '/binance';
  private readonly requests: BinanceRequests;
  private readonly connections: Connections;
  private readonly market: MarketSockets;
  private readonly user: UserSockets;

  constructor(parts: BinanceParts) {
    this.requests = new BinanceRequests(parts);
    this.connections = new Connections(parts);
    this.market = new MarketSockets(parts);
    this.user = new UserSockets(parts);
  }

  answer({ method, path, query, body, headers }: WireRequest): Promise<WireAnswer> {
    const key = headers['x-mbx-apikey'];
    const apiKey = typeof key === 'string' ? key : undefined;
    return this.requests.answer({ method, path, query, body, apiKey });
  }

  failure(error: unknown): unknown {
    return { code: -1000, msg: String(error) };
  }

  hasSocket(path: string): boolean {
    return /^\/(stream|ws|ws-api\/v3)([/?]|$)/.test(path);
  }

  accept(ws: FramePort, path: string): void {
    const isUser = path.startsWith('/ws-api');
    const farewell = (at: number) => ({ e: 'serverShutdown', E: at });
    this.connections.add(ws, (at) => (isUser ? { event: farewell(at) } : farewell(at)));
    if (isUser) this.user.accept(ws);
    else this.market.accept(ws, path);
  }

  stop(): void {
    this.connections.stop();
    this.market.stop();
    this.user.stop();
  }
}
