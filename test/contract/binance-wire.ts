import { createHmac } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { Runtime } from '../../src/runtime/runtime';

export type Json = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, string | number>>;

export interface BinanceAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as an object; the first row of a list is `rows[0]`. */
  readonly body: Json;
  readonly rows: readonly Json[];
}

export interface BinanceKey {
  readonly apiKey: string;
  readonly secret: string;
}

const signed = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

const textsOf = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** Binance's REST as the public documents describe it, written apart from the venue's own code. */
export class BinanceWire {
  constructor(
    private readonly origin: string,
    private readonly key: BinanceKey,
    private readonly runtime: Pick<Runtime, 'now'>,
  ) {}

  async call(method: string, path: string, values: Values = {}): Promise<BinanceAnswer> {
    const all = { timestamp: this.runtime.now(), ...values };
    const text = new URLSearchParams(textsOf(all)).toString();
    return this.send(method, path, `${text}&signature=${signed(this.key.secret, text)}`);
  }

  open(path: string, values: Values = {}): Promise<BinanceAnswer> {
    return this.send('GET', path, new URLSearchParams(textsOf(values)).toString());
  }

  private async send(method: string, path: string, text: string): Promise<BinanceAnswer> {
    const inQuery = method === 'GET' || method === 'DELETE';
    const url = `${this.origin}/binance/${path}${inQuery ? `?${text}` : ''}`;
    const headers = {
      'X-MBX-APIKEY': this.key.apiKey,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const response = await fetch(url, { method, headers, ...(inQuery ? {} : { body: text }) });
    const json = (await response.json()) as Json | readonly Json[];
    const rows = Array.isArray(json) ? (json as readonly Json[]) : [];
    return { status: response.status, headers: response.headers, body: json as Json, rows };
  }
}

/** One socket; frames are kept in the order they came. */
export class BinanceWireSocket {
  readonly frames: Json[] = [];
  readonly closed: Promise<number>;
  readonly opened: Promise<void>;
  private readonly ws: WebSocket;
  private lastId = 0;

  constructor(
    origin: string,
    path: string,
    private readonly runtime: Pick<Runtime, 'now' | 'sleep'>,
    options: ClientOptions = {},
  ) {
    this.ws = new WebSocket(`${origin.replace('http', 'ws')}/binance/${path}`, options);
    this.ws.on('message', (data) => this.frames.push(JSON.parse((data as Buffer).toString()) as Json));
    this.opened = new Promise((resolve) => this.ws.once('open', () => resolve()));
    this.closed = new Promise((resolve) => this.ws.once('close', (code: number) => resolve(code)));
  }

  async request(method: string, params: unknown): Promise<Json> {
    await this.opened;
    this.lastId += 1;
    const id = this.lastId;
    this.ws.send(JSON.stringify({ id, method, params }));
    return this.find((frame) => frame['id'] === id);
  }

  /** The signed request for the events of an account; the signature covers the parameters sorted by name. */
  subscribe({ apiKey, secret }: BinanceKey, values: Values = {}): Promise<Json> {
    const params: Values = { apiKey, timestamp: this.runtime.now(), ...values };
    const text = Object.keys(params)
      .sort()
      .map((name) => `${name}=${params[name]}`)
      .join('&');
    return this.request('userDataStream.subscribe.signature', {
      ...params,
      signature: params['signature'] ?? signed(secret, text),
    });
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

  /** The event of an account that is of a kind. */
  async event(isIt: (event: Json) => boolean): Promise<Json> {
    const frame = await this.find((one) => one['event'] !== undefined && isIt(one['event'] as Json));
    return frame['event'] as Json;
  }

  close(): void {
    this.ws.terminate();
  }
}
