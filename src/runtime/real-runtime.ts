import { randomBytes } from 'node:crypto';
import { Agent } from 'undici';
import type { Mono, Ms } from '../domain/units';
import { HttpExchange } from './http-exchange';
import { RealSocket } from './real-socket';
import { RealTimers } from './real-timers';
import { uuidV7, Xoshiro128 } from './rng';
import type { Answer, HttpRequest, Rng, Runtime, SocketEvents, SocketLike, SocketOptions } from './runtime';

type Pool = HttpRequest['pool'];

const connections: Readonly<Record<Pool, number>> = { create: 32, act: 16, public: 4 };
const mebibyte = 1_048_576;
const answerCap: Readonly<Record<Pool, number>> = {
  create: 4 * mebibyte,
  act: 64 * mebibyte,
  public: 64 * mebibyte,
};
const connectTimeoutMs = 5_000;
const keepAliveMs = 20_000;
const transferTimeoutMs = 12_000;

/** The process's own time, randomness and network. */
export class RealRuntime implements Runtime {
  readonly timers = new RealTimers();
  readonly rng: Rng = new Xoshiro128(words());
  private readonly agents: Readonly<Record<Pool, Agent>> = {
    create: agentOf('create'),
    act: agentOf('act'),
    public: agentOf('public'),
  };
  private readonly sockets = new Set<RealSocket>();

  now(): Ms {
    return Date.now();
  }

  monotonic(): Mono {
    return performance.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Error('aborted'));
      const abort = (): void => {
        this.timers.clear(timer);
        reject(new Error('aborted'));
      };
      const timer = this.timers.set(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  uuid(): string {
    return uuidV7(this.now(), this.randomBytes(16));
  }

  randomBytes(n: number): Uint8Array {
    return randomBytes(n);
  }

  http(request: HttpRequest): Promise<Answer> {
    return new Promise((resolve) => {
      const exchange = new HttpExchange(request.beforeWrite, answerCap[request.pool], (answer) => {
        this.timers.clear(timer);
        resolve(answer);
      });
      const timer = this.timers.set(request.sendBy - this.monotonic(), () => exchange.expire());
      this.dispatch(request, exchange);
    });
  }

  openSocket(url: string, options: SocketOptions, events: SocketEvents): SocketLike {
    const socket: RealSocket = new RealSocket(url, options, events, () => this.sockets.delete(socket));
    this.sockets.add(socket);
    return socket;
  }

  async close(): Promise<void> {
    this.timers.clearAll();
    for (const socket of [...this.sockets]) socket.terminate();
    await Promise.all(Object.values(this.agents).map((agent) => agent.destroy()));
  }

  private dispatch(request: HttpRequest, exchange: HttpExchange): void {
    try {
      const url = new URL(request.url);
      this.agents[request.pool].dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: { ...request.headers },
          body: request.body ?? null,
          idempotent: false,
        },
        exchange.handler(),
      );
    } catch (error) {
      exchange.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

export const createRealRuntime = (): Runtime => new RealRuntime();

const agentOf = (pool: Pool): Agent =>
  new Agent({
    connections: connections[pool],
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: transferTimeoutMs,
    bodyTimeout: transferTimeoutMs,
  });

function words(): readonly [number, number, number, number] {
  const bytes = randomBytes(16);
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
}
