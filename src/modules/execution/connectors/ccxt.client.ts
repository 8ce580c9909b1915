import { createRequire } from 'node:module';
import { Agent } from 'node:http';
import type { Runtime, Timer } from '../../../runtime/runtime';
import type { CcxtProfile, UrlTree } from './ccxt.profiles';
import type { Credentials, Environment } from './types';
import type { JsonRecord } from './venue-json';

/** What ccxt asks of a fetch, and what it reads of the answer. */
export interface CcxtRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
export interface CcxtResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  text(): Promise<string>;
}
export type CcxtFetch = (url: string, request: CcxtRequest) => Promise<CcxtResponse>;

/** One socket of ccxt. */
export interface CcxtSocket {
  readonly url: string;
  readonly connection?: { terminate?(): void };
  readonly connected: Promise<unknown>;
  error?: unknown;
  future(hash: string): Promise<unknown>;
  send(message: unknown): Promise<unknown>;
  reject(error: unknown): void;
}

type Rows = Promise<readonly JsonRecord[]>;
type Params = Readonly<Record<string, unknown>>;
interface Cache {
  append(item: JsonRecord): unknown;
}

/** The part of a ccxt.pro instance that is used. */
export interface CcxtExchange {
  markets?: Readonly<Record<string, JsonRecord>>;
  clients: Record<string, CcxtSocket>;
  orderbooks: Record<string, JsonRecord>;
  orders?: Cache;
  myTrades?: Cache;
  urls: { api: UrlTree };
  has: Record<string, unknown>;
  number: unknown;
  milliseconds: () => number;
  seconds: () => number;
  fetchImplementation: CcxtFetch;
  loadMarkets(reload?: boolean): Promise<unknown>;
  setMarketsFromExchange(source: CcxtExchange): void;
  setSandboxMode(enabled: boolean): void;
  crc32(text: string, signed: boolean): number;
  client(url: string): CcxtSocket;
  handleMessage(socket: CcxtSocket, message: unknown): void;
  handleOrderBook(socket: CcxtSocket, message: unknown): void;
  onError(socket: CcxtSocket, error: unknown): void;
  onClose(socket: CcxtSocket, event: unknown): void;
  onConnected(socket: CcxtSocket): void;
  delay(ms: number, method: (...args: unknown[]) => Promise<unknown>, ...args: unknown[]): void;
  spawn(method: (...args: unknown[]) => Promise<unknown>, ...args: unknown[]): unknown;
  createOrder(...order: readonly unknown[]): Promise<JsonRecord>;
  cancelOrder(id: string | undefined, symbol: string, params: Params): Promise<unknown>;
  fetchOrder(id: string | undefined, symbol: string, params: Params): Promise<JsonRecord>;
  fetchOpenOrders(symbol?: string, since?: number, limit?: number, params?: Params): Rows;
  fetchOrders(symbol: string, since?: number, limit?: number, params?: Params): Rows;
  fetchClosedOrders(symbol: string, since?: number, limit?: number, params?: Params): Rows;
  fetchCanceledAndClosedOrders(symbol: string, since?: number, limit?: number, params?: Params): Rows;
  fetchMyTrades(symbol: string | undefined, since: number, limit: number, params: Params): Rows;
  fetchBalance(): Promise<JsonRecord>;
  fetchTime(): Promise<number>;
  fetchOrderBook(symbol: string, limit?: number): Promise<JsonRecord>;
  watchOrderBook(symbol: string, limit?: number): Promise<JsonRecord>;
  watchOrders(): Promise<unknown>;
  watchMyTrades(): Promise<unknown>;
}

/** What a stream instance tells, on the stack of the frame. */
export interface StreamHooks {
  /** Before ccxt reads a frame: the frames it shall read in its place. */
  frames(message: unknown): readonly unknown[];
  /** Before a book is changed; false leaves it alone. */
  mayChangeBook(message: unknown): boolean;
  bookChanged(message: unknown): void;
  opened(): void;
  /** A frame that ccxt could not read. */
  unread(message: unknown, error: unknown): void;
  down(reason: string): void;
  order(row: JsonRecord): void;
  trade(row: JsonRecord): void;
}

export interface ClientParts {
  readonly profile: CcxtProfile;
  readonly environment: Environment;
  readonly simOrigin?: string | undefined;
  readonly credentials?: Credentials | undefined;
  readonly runtime: Runtime;
  readonly fetch: CcxtFetch;
  /** The venue's time, and what is signed with. No two calls of one account get the same. */
  readonly clock: () => number;
  /** Numbers as texts, except where ccxt keeps a book: its own code compares their sizes with zero. */
  readonly areNumbersText: boolean;
  readonly hooks?: StreamHooks;
}

type CcxtClass = new (options: unknown) => CcxtExchange;
interface CcxtLibrary {
  readonly pro: Readonly<Record<string, CcxtClass>>;
}

const keepAliveMs = 15_000;
const connectMs = 10_000;
const quiet = (): void => undefined;

/** A ccxt instance that requests by `fetch` alone and retries nothing. ccxt is loaded here, on first use: it is large. */
export function ccxtClient(parts: ClientParts): CcxtExchange {
  const { profile, environment, credentials, hooks } = parts;
  const library = createRequire(__filename)('ccxt') as CcxtLibrary;
  const venue = library.pro[profile.id];
  if (!venue) throw new Error(`ccxt does not know ${profile.id}`);
  const made = hooks ? streamClass(venue, parts.runtime, hooks) : venue;
  const client = new made(settingsOf(profile, credentials, environment));
  if (parts.areNumbersText) client.number = String;
  client.fetchImplementation = parts.fetch;
  client.milliseconds = parts.clock;
  client.seconds = () => Math.floor(parts.clock() / 1_000);
  client.has['fetchCurrencies'] = false;
  if (environment === 'sandbox') client.setSandboxMode(true);
  if (environment === 'sim') pointAt(client, profile, parts.simOrigin);
  if (hooks) tapPrivateEvents(client, hooks);
  hide(client);
  return client;
}

const settingsOf = (
  profile: CcxtProfile,
  keys: Credentials | undefined,
  environment: Environment,
): object => ({
  apiKey: keys?.apiKey,
  secret: keys?.secret,
  password: keys?.passphrase,
  enableRateLimit: true,
  userAgent: 'market-making-engine',
  timeout: 30_000,
  streaming: { keepAlive: keepAliveMs, connectionTimeout: connectMs },
  log: quiet,
  // Without an agent of its own ccxt does not dial a socket without TLS.
  ...(environment === 'sim' ? { httpAgent: new Agent({ keepAlive: true }) } : {}),
  options: {
    ...profile.options,
    fetchMarkets: { types: ['spot'] },
    maxRetriesOnFailure: 0,
    ws: { options: { perMessageDeflate: false } },
  },
});

/** Every address of the tree is replaced first, so none can lead to a real venue. */
function pointAt(client: CcxtExchange, profile: CcxtProfile, origin: string | undefined): void {
  if (origin === undefined || !profile.simulated)
    throw new Error(
      `nothing simulates ${profile.id}: use an account of environment ${profile.environments.join(' or ')}`,
    );
  blockAll(client.urls.api, `${origin}/blocked`);
  Object.assign(client.urls.api, profile.simulated(origin, origin.replace(/^http/, 'ws')));
}

function blockAll(tree: UrlTree, blocked: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') tree[key] = blocked;
    else blockAll(value, blocked);
  }
}

/** A ccxt instance prints its keys; this one prints its venue. */
function hide(client: CcxtExchange): void {
  const shown = (): object => ({ ccxt: (client as unknown as { readonly id: string }).id });
  for (const name of [Symbol.for('nodejs.util.inspect.custom'), 'toJSON'])
    Object.defineProperty(client, name, { value: shown, enumerable: false });
}

/**
 * ccxt keeps the latest state of each order and wakes its reader once for many: what lies between is lost. So every item
 * is taken as it is appended, copied before it is merged into what was there.
 */
function tapPrivateEvents(client: CcxtExchange, hooks: StreamHooks): void {
  tap(client, 'orders', (row) => hooks.order(row));
  tap(client, 'myTrades', (row) => hooks.trade(row));
}

function tap(client: CcxtExchange, name: 'orders' | 'myTrades', take: (row: JsonRecord) => void): void {
  let held: Cache | undefined;
  Object.defineProperty(client, name, {
    configurable: true,
    get: () => held,
    set: (cache: Cache | undefined) => {
      held = cache;
      if (!cache) return;
      const append = cache.append.bind(cache);
      const tapped = (item: JsonRecord): unknown => {
        take({ ...item });
        return append(item);
      };
      Object.defineProperty(cache, 'append', { value: tapped, enumerable: false });
    },
  });
}

/** The timers of an instance, so that none outlives it. */
const timersOf = new WeakMap<CcxtExchange, Set<Timer>>();

const nameOfError = (error: unknown): string => (error instanceof Error ? error.constructor.name : 'error');

function attempt(run: () => void, failed: (error: unknown) => void): void {
  try {
    run();
  } catch (error) {
    failed(error);
  }
}

function later(client: CcxtExchange, runtime: Runtime, ms: number, run: () => unknown): void {
  const timers = timersOf.get(client) ?? new Set<Timer>();
  timersOf.set(client, timers);
  const timer = runtime.timers.set(ms, () => {
    timers.delete(timer);
    run();
  });
  timers.add(timer);
}

function streamClass(venue: CcxtClass, runtime: Runtime, hooks: StreamHooks): CcxtClass {
  return class extends venue {
    override client(url: string): CcxtSocket {
      return guarded(super.client(url));
    }

    override handleMessage(socket: CcxtSocket, message: unknown): void {
      for (const frame of hooks.frames(message)) {
        const read = (): void => super.handleMessage(socket, frame);
        attempt(read, (error) => hooks.unread(frame, error));
      }
    }

    override handleOrderBook(socket: CcxtSocket, message: unknown): void {
      if (!hooks.mayChangeBook(message)) return;
      super.handleOrderBook(socket, message);
      hooks.bookChanged(message);
    }

    /** The base asks the venue to unsubscribe and waits for its word, with a wrong book in its hands. */
    handleCheckSumError(_socket: CcxtSocket, symbol: string): Promise<void> {
      hooks.down(`the checksum of ${symbol} does not agree`);
      return Promise.resolve();
    }

    override onConnected(): void {
      hooks.opened();
    }

    /** The base takes out whatever socket is at the address, which may be the next one already. */
    override onError(socket: CcxtSocket, error: unknown): void {
      this.leave(socket, nameOfError(error));
    }

    override onClose(socket: CcxtSocket): void {
      this.leave(socket, 'closed');
    }

    override delay(ms: number, method: (...args: unknown[]) => Promise<unknown>, ...args: unknown[]): void {
      later(this, runtime, ms, () => this.spawn(method, ...args));
    }

    private leave(socket: CcxtSocket, reason: string): void {
      if (this.clients[socket.url] !== socket) return;
      delete this.clients[socket.url];
      hooks.down(reason);
    }
  };
}

const guardedSockets = new WeakSet<CcxtSocket>();

/** ccxt rejects promises that nobody waits for: none of them may end the process. */
function guarded(socket: CcxtSocket): CcxtSocket {
  if (guardedSockets.has(socket)) return socket;
  guardedSockets.add(socket);
  const future = socket.future.bind(socket);
  socket.future = (hash) => {
    const made = future(hash);
    made.catch(quiet);
    return made;
  };
  const send = socket.send.bind(socket);
  socket.send = (message) => {
    const sent = send(message);
    sent.catch(quiet);
    return sent;
  };
  socket.connected.catch(quiet);
  return socket;
}

/** Ends every socket and timer of an instance at once. What still waits for it is rejected. */
export function dropClient(client: CcxtExchange, runtime: Runtime): void {
  for (const timer of timersOf.get(client) ?? []) runtime.timers.clear(timer);
  timersOf.delete(client);
  const sockets = Object.values(client.clients ?? {});
  client.clients = {};
  for (const socket of sockets) {
    socket.error = new Error('left');
    socket.reject(socket.error);
    endSocket(socket);
  }
}

interface Timed extends CcxtSocket {
  clearConnectionTimeout(): void;
  clearPingInterval(): void;
}

function endSocket(socket: CcxtSocket): void {
  (socket as Timed).clearConnectionTimeout();
  (socket as Timed).clearPingInterval();
  socket.connection?.terminate?.();
}
