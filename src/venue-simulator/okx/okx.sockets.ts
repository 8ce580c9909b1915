import type { FramePort } from '../frame-port';
import { frameText } from '../loopback.server';
import type { Timer } from '../../runtime/runtime';
import { SocketRefusal } from './okx-client';
import type { OkxClient, SocketKind } from './okx-client';
import { refusals } from './okx-errors';
import type { Fields } from './okx-fields';
import type { OkxLedger } from './okx-ledger';
import { MarketChannels } from './okx-market-channels';
import type { OkxParts } from './okx-parts';
import { UserChannels, isPrivateChannel } from './okx-user-channels';
import { isIn, loginOf } from './okx.signature';

interface Request {
  readonly op: string;
  readonly args: readonly Fields[];
  /** Comes back with every answer. */
  readonly id: unknown;
}

const hourMs = 3_600_000;
const operationsPerHour = 480;
const idleLookMs = 1_000;
const operations: readonly string[] = ['subscribe', 'unsubscribe', 'login'];

export const socketPath = /^\/ws\/v5\/(public|private|business)(\?|$)/;

/** Sockets of three kinds: for markets, for accounts once they have logged in, and for the rest. */
export class OkxSockets {
  private readonly clients = new Set<OkxClient>();
  private readonly market: MarketChannels;
  private readonly user: UserChannels;
  private readonly timers = new Set<Timer>();
  private sequence = 0;

  constructor(
    private readonly parts: OkxParts,
    ledger: OkxLedger,
  ) {
    this.market = new MarketChannels(parts);
    this.user = new UserChannels(parts, ledger);
    parts.faults.onCut((which) => this.cut((kind) => (kind === 'private') === (which === 'private')));
    parts.control.onNotice((closeAfterMs) => this.announce(closeAfterMs));
    this.timers.add(parts.timers.every(idleLookMs, () => this.closeIdle()));
  }

  /** `path` matches `socketPath`; the query names the broker of demo trading. */
  accept(ws: FramePort, path: string): void {
    const client: OkxClient = {
      ...{ ws, connectionId: this.nextId(), kind: socketPath.exec(path)?.[1] as SocketKind },
      ...{ isDemo: /[?&]brokerId=9999(&|$)/.test(path), streams: new Set(), private: new Map() },
      ...{ account: undefined, activeAt: this.parts.now(), queue: [], operations: { hour: 0, count: 0 } },
    };
    this.clients.add(client);
    ws.on('message', (data) => this.onMessage(client, frameText(data)));
    ws.on('close', () => this.forget(client));
  }

  stop(): void {
    for (const timer of this.timers) this.parts.timers.clear(timer);
    this.cut(() => true);
    this.market.stop();
    this.user.stop();
  }

  private cut(isMeant: (kind: SocketKind) => boolean): void {
    for (const client of [...this.clients]) {
      if (!isMeant(client.kind)) continue;
      client.ws.terminate();
      this.forget(client);
    }
  }

  private forget(client: OkxClient): void {
    this.clients.delete(client);
    this.market.forget(client);
    this.user.forget(client);
  }

  private onMessage(client: OkxClient, text: string): void {
    client.activeAt = this.parts.now();
    if (text === 'ping') return client.ws.send('pong');
    const request = requestOf(text);
    try {
      if (!request) throw new SocketRefusal('60012', `Invalid request: ${text}`);
      if (!operations.includes(request.op)) throw new SocketRefusal('60019', `Invalid op: ${request.op}`);
      this.count(client);
      if (request.op === 'login') this.login(client, request);
      else for (const arg of request.args) this.carryOut(client, request, arg);
    } catch (error) {
      this.refuse(client, request, error);
    }
  }

  /** One answer for every channel of a request, and behind it what the channel begins with. */
  private carryOut(client: OkxClient, { op, id }: Request, arg: Fields): void {
    try {
      const channels = isPrivateChannel(arg['channel']) ? this.user : this.market;
      const first = op === 'subscribe' ? channels.subscribe(client, arg) : channels.end(client, arg);
      this.tell(client, id, { event: op, arg });
      if (channels === this.user && op === 'subscribe') this.user.tellCount(client, arg['channel']);
      if (first !== undefined) client.ws.send(first);
    } catch (error) {
      this.refuse(client, { id }, error);
    }
  }

  private login(client: OkxClient, { args, id }: Request): void {
    const { keys, now, control } = this.parts;
    if (client.kind === 'public')
      throw new SocketRefusal('60008', 'Login is not supported for public channels.');
    if (control.takeLoginRefusal()) throw new SocketRefusal('60009', 'Login failed.');
    const result = loginOf(args[0] ?? {}, keys, now());
    if ('code' in result) throw new SocketRefusal(result.code, result.msg);
    const key = keys.get(result.account)!;
    // A demo key may also come to a socket that names no broker: its host tells, which is the same here.
    if (client.isDemo && !isIn(key, true)) {
      const { code, text } = refusals.environment();
      throw new SocketRefusal(code, text);
    }
    client.account = result.account;
    this.tell(client, id, { event: 'login', code: '0', msg: '' });
  }

  private count({ operations: counted }: OkxClient): void {
    const hour = Math.floor(this.parts.now() / hourMs);
    if (counted.hour !== hour) Object.assign(counted, { hour, count: 0 });
    counted.count += 1;
    if (counted.count > operationsPerHour) throw new SocketRefusal('60014', 'Requests too frequent');
  }

  private refuse(client: OkxClient, request: Pick<Request, 'id'> | undefined, error: unknown): void {
    if (!(error instanceof SocketRefusal)) throw error;
    this.tell(client, request?.id, { event: 'error', code: error.code, msg: error.text });
  }

  private tell({ ws, connectionId: connId }: OkxClient, id: unknown, body: Fields): void {
    ws.send(JSON.stringify({ ...(id === undefined ? {} : { id }), ...body, connId }));
  }

  /** Every socket that is open now is closed after the time; new ones stay. */
  private announce(closeAfterMs: number): void {
    const msg = 'The connection will soon be closed for a service upgrade. Please reconnect.';
    const told = [...this.clients];
    for (const client of told) this.tell(client, undefined, { event: 'notice', code: '64008', msg });
    const timer = this.parts.timers.set(closeAfterMs, () => {
      this.timers.delete(timer);
      for (const { ws } of told) ws.close();
    });
    this.timers.add(timer);
  }

  /** A socket over which nothing goes either way is closed. */
  private closeIdle(): void {
    const { now, control } = this.parts;
    for (const { ws, activeAt } of this.clients) if (now() - activeAt > control.idleMs) ws.close(4004);
  }

  private nextId(): string {
    this.sequence += 1;
    return this.sequence.toString(16).padStart(8, '0');
  }
}

function requestOf(text: string): Request | undefined {
  try {
    const { op, args, id } = JSON.parse(text) as Partial<Record<keyof Request, unknown>>;
    if (typeof op !== 'string' || !Array.isArray(args)) return undefined;
    const isObject = (arg: unknown): arg is Fields => typeof arg === 'object' && arg !== null;
    return args.length > 0 && args.every(isObject) ? { op, args, id } : undefined;
  } catch {
    return undefined;
  }
}
