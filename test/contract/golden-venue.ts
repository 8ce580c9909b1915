import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { GenericVenueId } from '../../src/domain/instrument';
import type { UrlTree } from '../../src/modules/execution/connectors/ccxt.profiles';

type Json = unknown;

export interface Golden {
  /** `METHOD /path` → body. */
  readonly rest: Readonly<Record<string, Json>>;
  /** What a socket answers to a message that contains the text. */
  readonly answers: readonly (readonly [string, Json])[];
  readonly orders: readonly Json[];
  readonly trades: readonly Json[];
  readonly book: readonly Json[];
  /** A frame that breaks the sequence or the checksum. */
  readonly broken: Json;
  /** `POST /path` of a create. */
  readonly create: string;
  readonly refusals: readonly {
    readonly status: number;
    readonly body: Json;
    readonly outcome: Json;
  }[];
  readonly expected: {
    readonly rules: Json;
    readonly sent: readonly string[];
    readonly venueOrderId: string;
    readonly orders: readonly Json[];
    readonly fills: readonly Json[];
    readonly query: Json;
    readonly open: readonly Json[];
    readonly trades: readonly Json[];
    readonly balances: readonly Json[];
    readonly book: Json;
    readonly touch: Json;
  };
}

export const goldenOf = (venue: GenericVenueId): Golden =>
  JSON.parse(readFileSync(join(__dirname, 'golden', venue, 'payloads.json'), 'utf8')) as Golden;

/** Where the addresses of each venue stand in ccxt's tree. */
export const goldenUrls: Readonly<Record<GenericVenueId, (http: string, ws: string) => UrlTree>> = {
  bybit: (http, ws) => ({
    ...{ public: http, private: http },
    ws: { public: { spot: `${ws}/spot` }, private: { contract: `${ws}/private` } },
  }),
  kucoin: (http) => ({ public: http, private: http }),
  kraken: (http, ws) => ({
    ...{ public: http, private: http },
    ws: { private: `${ws}/token`, privateV2: `${ws}/private`, publicV2: `${ws}/public` },
  }),
  mexc: (http, ws) => ({
    spot: { public: http, private: http },
    contract: { public: `${http}/contract`, private: `${http}/contract` },
    ws: { spot: `${ws}/ws` },
  }),
  bitget: (http, ws) => ({
    ...{ spot: http, common: http, margin: http },
    ws: { public: `${ws}/public`, private: `${ws}/private` },
  }),
};

interface MexcPush {
  encode(message: unknown): { finish(): Uint8Array };
  fromObject(value: unknown): unknown;
}
const mexcPush = (): MexcPush =>
  jest.requireActual<{ PushDataV3ApiWrapper: MexcPush }>(
    join(__dirname, '../../node_modules/ccxt/js/src/protobuf/mexc/compiled.cjs'),
  ).PushDataV3ApiWrapper;

/** Answers with recorded shapes, on the loopback address. */
export class GoldenVenue {
  readonly requests: string[] = [];
  readonly unknown: string[] = [];
  origin = '';
  /** Said to the next message that contains the text, in place of its answer. */
  readonly once: [string, Json][] = [];
  /** Messages that contain it are not answered. */
  mute: string | undefined;
  private next: { readonly status: number; readonly body: Json } | undefined;
  private readonly sockets = new Set<WebSocket>();
  private readonly server: Server;
  private readonly wss: WebSocketServer;

  constructor(
    private readonly venue: GenericVenueId,
    private readonly golden: Golden,
  ) {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.wss = new WebSocketServer({ server: this.server });
    this.wss.on('connection', (socket) => this.greet(socket));
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.origin;
  }

  /** The next create is answered so. */
  refuse(next: { readonly status: number; readonly body: Json }): void {
    this.next = next;
  }

  push(frame: Json): void {
    for (const socket of this.sockets) this.send(socket, frame);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.wss.close();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private greet(socket: WebSocket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('message', (data) => {
      const text = (data as Buffer).toString();
      const at = this.once.findIndex(([part]) => text.includes(part));
      const [instead] = at < 0 ? [] : this.once.splice(at, 1);
      if (instead) return this.send(socket, instead[1], text);
      if (this.mute !== undefined && text.includes(this.mute)) return;
      for (const [part, answer] of this.golden.answers)
        if (text.includes(part)) this.send(socket, answer, text);
    });
  }

  /** `$req_id` and `$id` stand for what the message was numbered with. */
  private send(socket: WebSocket, frame: Json, asked = '{}'): void {
    const number = /"(?:req_id|id|reqId)":"?(\d+)"?/.exec(asked)?.[1] ?? '0';
    const text = JSON.stringify(frame)
      .replace(/"\$id"/g, number)
      .replace(/\$text_id/g, number);
    const isPush = this.venue === 'mexc' && text.includes('"channel"');
    if (!isPush) return socket.send(text);
    const push = mexcPush();
    socket.send(push.encode(push.fromObject(JSON.parse(text))).finish());
  }

  /** Trades of the payloads have just happened: they are read by time. */
  private filled(body: Json): string {
    const now = Date.now();
    return JSON.stringify(body)
      .replace(/"\$NOWS"/g, String(now / 1_000))
      .replace(/\$NOW/g, String(now))
      .replace(/"\$RAW(\d+)"/g, '$1')
      .replace(/\$WS/g, this.origin.replace('http', 'ws'));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const key = `${request.method} ${(request.url ?? '').split('?')[0]}`;
    this.requests.push(
      `${request.method} ${decodeURIComponent(request.url ?? '')} ${Buffer.concat(chunks).toString()}`,
    );
    const refused = key === this.golden.create ? this.next : undefined;
    if (refused) this.next = undefined;
    if (!(key in this.golden.rest)) this.unknown.push(key);
    const body = refused?.body ?? this.golden.rest[key] ?? { code: '404', msg: 'no such path' };
    response.writeHead(refused?.status ?? 200, { 'content-type': 'application/json' });
    response.end(this.filled(body));
  }
}
