import { createHash, createHmac } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Runtime } from '../../src/runtime/runtime';

export type Json = Readonly<Record<string, unknown>>;

export interface GateAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface GateCall {
  readonly query?: string;
  readonly body?: unknown;
  /** More headers, or others than the right ones; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface GateKey {
  readonly apiKey: string;
  readonly secret: string;
}

const signed = (secret: string, text: string): string =>
  createHmac('sha512', secret).update(text).digest('hex');

/** Orders and amends; below what Gate takes of one user in one pair. */
const placesPerSecond = 8;

/** Gate's REST as the public documents describe it, written apart from the venue's own code. */
export class GateWire {
  private readonly places = { second: 0, count: 0 };

  constructor(
    private readonly origin: string,
    private readonly key: GateKey,
    private readonly runtime: Pick<Runtime, 'now' | 'sleep'>,
  ) {}

  async call(
    method: string,
    path: string,
    { query = '', body, headers = {} }: GateCall = {},
  ): Promise<GateAnswer> {
    if (method === 'PATCH') await this.pace();
    const text = body === undefined ? '' : JSON.stringify(body);
    const timestamp = headers['Timestamp'] ?? String(Math.floor(this.runtime.now() / 1_000));
    const hash = createHash('sha512').update(text).digest('hex');
    const plain = `${method}\n/api/v4${path}\n${decodeURIComponent(query)}\n${hash}\n${timestamp}`;
    const all = {
      KEY: this.key.apiKey,
      Timestamp: timestamp,
      SIGN: signed(this.key.secret, plain),
      'Content-Type': 'application/json',
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const url = `${this.origin}/gate/api/v4${path}${query === '' ? '' : `?${query}`}`;
    const response = await fetch(url, { method, headers: sent, ...(text === '' ? {} : { body: text }) });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  }

  /** Waits for the next second when this one has seen enough orders. */
  async place(order: Json, call: GateCall = {}): Promise<GateAnswer> {
    await this.pace();
    const usual = { currency_pair: 'BTC_USDT', type: 'limit', account: 'spot', side: 'buy', amount: '0.01' };
    return this.call('POST', '/spot/orders', { ...call, body: { ...usual, ...order } });
  }

  private async pace(): Promise<void> {
    const second = (): number => Math.floor(this.runtime.now() / 1_000);
    if (this.places.second !== second()) Object.assign(this.places, { second: second(), count: 0 });
    this.places.count += 1;
    if (this.places.count <= placesPerSecond) return;
    await this.runtime.sleep(1_000 - (this.runtime.now() % 1_000) + 5);
    Object.assign(this.places, { second: second(), count: 1 });
  }

  async list(path: string, query = ''): Promise<readonly Json[]> {
    const { body } = await this.call('GET', path, { query });
    return body as unknown as readonly Json[];
  }
}

/** One socket; frames are kept in the order they came. */
export class GateWireSocket {
  readonly frames: Json[] = [];
  readonly closed: Promise<void>;
  private readonly ws: WebSocket;
  private readonly opened: Promise<void>;
  private lastId = 0;

  constructor(
    origin: string,
    private readonly key: GateKey,
    private readonly runtime: Runtime,
  ) {
    this.ws = new WebSocket(`${origin.replace('http', 'ws')}/gate/ws/v4/`);
    this.ws.on('message', (data) => this.frames.push(JSON.parse((data as Buffer).toString()) as Json));
    this.opened = new Promise((resolve) => this.ws.once('open', () => resolve()));
    this.closed = new Promise((resolve) => this.ws.once('close', () => resolve()));
  }

  /** The frame that answers. */
  async request(channel: string, event: string, payload?: unknown, more: Json = {}): Promise<Json> {
    this.lastId += 1;
    const time = Math.floor(this.runtime.now() / 1_000);
    const id = this.lastId;
    const body = payload === undefined ? {} : { payload };
    await this.send(JSON.stringify({ time, id, channel, event, ...body, ...more }));
    return this.find((frame) => frame['id'] === id);
  }

  async send(text: string): Promise<void> {
    await this.opened;
    this.ws.send(text);
  }

  /** A subscription with its signature. */
  login(channel: string, payload?: unknown): Promise<Json> {
    return this.request(channel, 'subscribe', payload, { auth: this.auth(channel) });
  }

  auth(channel: string, secret = this.key.secret): Json {
    const time = Math.floor(this.runtime.now() / 1_000);
    const text = `channel=${channel}&event=subscribe&time=${time}`;
    return { method: 'api_key', KEY: this.key.apiKey, SIGN: signed(secret, text) };
  }

  updates(channel: string): readonly Json[] {
    return this.frames.filter((frame) => frame['channel'] === channel && frame['event'] === 'update');
  }

  /** Waits for a frame, one that came already included. */
  async find(isIt: (frame: Json) => boolean): Promise<Json> {
    for (let waited = 0; waited < 5_000; waited += 5) {
      const found = this.frames.find(isIt);
      if (found) return found;
      await this.runtime.sleep(5);
    }
    throw new Error(`no such frame among ${this.frames.length}`);
  }

  close(): void {
    this.ws.terminate();
  }
}
