import { createHmac } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Runtime } from '../../src/runtime/runtime';

export type Json = Readonly<Record<string, unknown>>;
export type Texts = Readonly<Record<string, string>>;

export interface OkxAnswer {
  readonly status: number;
  readonly code: string;
  readonly msg: string;
  readonly data: readonly Texts[];
  readonly body: Json;
}

export interface OkxCall {
  readonly query?: string;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly text?: string;
  /** More headers, or others than the right ones; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface OkxKey {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase: string;
}

const signed = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64');

const windowMs = 2_000;
/** Below what OKX takes of one user in one instrument. */
const placesPerWindow = 50;

/** OKX's REST as the public documents describe it, written apart from the venue's own code. */
export class OkxWire {
  private readonly places = { window: 0, count: 0 };

  constructor(
    private readonly origin: string,
    private readonly key: OkxKey,
    private readonly runtime: Pick<Runtime, 'now' | 'sleep'>,
  ) {}

  async call(method: 'GET' | 'POST', path: string, call: OkxCall = {}): Promise<OkxAnswer> {
    const { query = '', headers = {} } = call;
    const text = call.text ?? (call.body === undefined ? '' : JSON.stringify(call.body));
    const full = `/api/v5/${path}${query === '' ? '' : `?${query}`}`;
    const time = headers['OK-ACCESS-TIMESTAMP'] ?? new Date(this.runtime.now()).toISOString();
    const all = {
      'OK-ACCESS-KEY': this.key.apiKey,
      'OK-ACCESS-PASSPHRASE': this.key.passphrase,
      'OK-ACCESS-TIMESTAMP': time,
      'OK-ACCESS-SIGN': signed(this.key.secret, `${time}${method}${full}${text}`),
      'Content-Type': 'application/json',
      ...headers,
    };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const url = `${this.origin}/okx${full}`;
    const response = await fetch(url, { method, headers: sent, ...(text === '' ? {} : { body: text }) });
    const body = (await response.json()) as Json & Omit<OkxAnswer, 'status' | 'body'>;
    const { code, msg, data } = body;
    return { status: response.status, code, msg, data, body };
  }

  get(path: string, query = ''): Promise<OkxAnswer> {
    return this.call('GET', path, { query });
  }

  post(path: string, body: unknown, call: OkxCall = {}): Promise<OkxAnswer> {
    return this.call('POST', path, { ...call, body });
  }

  /** Waits for the next window of the limit when this one has seen enough orders. */
  async place(order: Texts, call: OkxCall = {}): Promise<OkxAnswer> {
    const window = (): number => Math.floor(this.runtime.now() / windowMs);
    if (this.places.window !== window()) Object.assign(this.places, { window: window(), count: 0 });
    this.places.count += 1;
    if (this.places.count > placesPerWindow) await this.nextWindow();
    return this.post('trade/order', anOrder(order), call);
  }

  /** The order's row; fails when there is none. */
  async order(id: Texts): Promise<Texts> {
    const query = new URLSearchParams({ instId: 'BTC-USDT', ...id }).toString();
    const { data, msg } = await this.get('trade/order', query);
    if (!data[0]) throw new Error(msg);
    return data[0];
  }

  /** Until the next window of a limit begins. */
  nextWindow(length = windowMs): Promise<void> {
    return this.runtime.sleep(length - (this.runtime.now() % length) + 5);
  }
}

/** A limit order that buys 0.01 BTC, changed. */
export const anOrder = (order: Texts): Texts => ({
  ...{ instId: 'BTC-USDT', tdMode: 'cash', side: 'buy', ordType: 'limit', sz: '0.01', px: '60000' },
  ...order,
});

/** One socket; frames are kept in the order they came. */
export class OkxWireSocket {
  readonly frames: Json[] = [];
  readonly texts: string[] = [];
  readonly closed: Promise<number>;
  private readonly ws: WebSocket;
  private readonly opened: Promise<void>;

  constructor(
    origin: string,
    path: string,
    private readonly runtime: Runtime,
  ) {
    this.ws = new WebSocket(`${origin.replace('http', 'ws')}/okx/ws/v5/${path}`);
    this.ws.on('message', (data) => this.hear((data as Buffer).toString()));
    this.opened = new Promise((resolve) => this.ws.once('open', () => resolve()));
    this.closed = new Promise((resolve) => this.ws.once('close', (code: number) => resolve(code)));
  }

  async send(message: Json | string): Promise<void> {
    await this.opened;
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The answer to one subscription or its end. */
  async request(op: string, arg: Json, more: Json = {}): Promise<Json> {
    const from = this.frames.length;
    await this.send({ op, args: [arg], ...more });
    return this.find((frame) => ['error', op].includes(String(frame['event'])), from);
  }

  login({ apiKey, secret, passphrase }: OkxKey, more: Json = {}): Promise<Json> {
    const timestamp = String(Math.floor(this.runtime.now() / 1_000));
    const sign = signed(secret, `${timestamp}GET/users/self/verify`);
    return this.request('login', { apiKey, passphrase, timestamp, sign, ...more });
  }

  /** What a channel has told. */
  pushes(channel: string): readonly Json[] {
    return this.frames.filter((frame) => !frame['event'] && (frame['arg'] as Json)['channel'] === channel);
  }

  rows(channel: string): readonly Texts[] {
    return this.pushes(channel).flatMap((frame) => frame['data'] as readonly Texts[]);
  }

  /** Waits for a frame, one that came already included. */
  async find(isIt: (frame: Json) => boolean, from = 0): Promise<Json> {
    for (let waited = 0; waited < 5_000; waited += 5) {
      const found = this.frames.slice(from).find(isIt);
      if (found) return found;
      await this.runtime.sleep(5);
    }
    throw new Error(`no such frame among ${this.frames.length}`);
  }

  async row(channel: string, isIt: (row: Texts) => boolean): Promise<Texts> {
    const frame = await this.find((one) => !one['event'] && rowsOf(one, channel).some(isIt));
    return rowsOf(frame, channel).find(isIt)!;
  }

  close(): void {
    this.ws.terminate();
  }

  private hear(text: string): void {
    this.texts.push(text);
    if (text.startsWith('{')) this.frames.push(JSON.parse(text) as Json);
  }
}

const rowsOf = (frame: Json, channel: string): readonly Texts[] =>
  (frame['arg'] as Json)['channel'] === channel ? (frame['data'] as readonly Texts[]) : [];
