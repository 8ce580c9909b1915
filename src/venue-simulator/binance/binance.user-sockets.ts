import type { FramePort } from '../frame-port';
import { frameText } from '../loopback.server';
import type { CoreEvent, PlaceRequest } from '../venue-types';
import { BinanceRefusal, refusals } from './binance-errors';
import type { BinanceParts } from './binance-parts';
import { checkValid, validityOf, verifyParams } from './binance.signature';
import { accountPosition, executionReport, movementUpdate } from './user-events';
import type { Row } from './order-rows';

interface Client {
  readonly accounts: Map<string, number>;
  readonly queue: string[];
  /** Subscriptions that have ended, of which the client is to be told. */
  readonly ended: number[];
}

interface Request {
  readonly id: unknown;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const laterMs = 2;
const subscribeWeight = 2;

/** The private streams. An event may overtake the answer to the request that caused it, or follow it. */
export class UserSockets {
  private readonly clients = new Map<FramePort, Client>();
  private readonly unsubscribe: () => void;
  private sequence = 0;
  private subscriptions = 0;

  constructor(private readonly parts: BinanceParts) {
    this.unsubscribe = parts.core.onEvent((event) => this.onCore(event), ['order', 'balance']);
    parts.rejections.add((request) => this.onRejected(request));
    parts.faults.onCut((which) => which === 'private' && this.cut());
    parts.control.onTermination((account) => this.terminate(account));
  }

  accept(ws: FramePort): void {
    const client: Client = { accounts: new Map<string, number>(), queue: [], ended: [] };
    this.clients.set(ws, client);
    ws.on('message', (data) => {
      ws.send(JSON.stringify(this.answer(client, frameText(data))));
      this.tellEnded(ws, client);
    });
    ws.on('close', () => this.clients.delete(ws));
  }

  stop(): void {
    this.unsubscribe();
    this.cut();
  }

  private cut(): void {
    for (const ws of this.clients.keys()) ws.terminate();
  }

  private answer(client: Client, text: string): Row {
    let id: unknown = null;
    try {
      const request = JSON.parse(text) as Request;
      id = request.id;
      return { id, status: 200, result: this.result(client, request) };
    } catch (error) {
      const refusal = error instanceof BinanceRefusal ? error : refusals.illegal('request');
      return { id, status: refusal.status, error: this.errorOf(refusal) };
    }
  }

  /** What a read says in a header stands in the answer here, as a moment. */
  private errorOf({ code, text, headers }: BinanceRefusal): Row {
    const seconds = headers['retry-after'];
    const serverTime = this.parts.now();
    const data = { serverTime, retryAfter: serverTime + Number(seconds) * 1_000 };
    return { code, msg: text, ...(seconds === undefined ? {} : { data }) };
  }

  private result(client: Client, { method, params = {} }: Request): Row {
    if (method === 'ping') return {};
    if (method === 'time') return { serverTime: this.parts.now() };
    if (method === 'userDataStream.subscribe.signature') return this.subscribe(client, params);
    if (method !== 'userDataStream.unsubscribe') throw refusals.illegal('method');
    const id = params['subscriptionId'];
    for (const [account, subscriptionId] of [...client.accounts]) {
      if (id !== undefined && id !== subscriptionId) continue;
      client.accounts.delete(account);
      client.ended.push(subscriptionId);
    }
    return {};
  }

  /** The streams of the account end, the sockets stay. */
  private terminate(account: string): void {
    for (const [ws, client] of this.clients) {
      const subscriptionId = client.accounts.get(account);
      if (subscriptionId === undefined) continue;
      this.flush(ws, client);
      client.accounts.delete(account);
      client.ended.push(subscriptionId);
      this.tellEnded(ws, client);
    }
  }

  private tellEnded(ws: FramePort, { ended }: Client): void {
    const event = { e: 'eventStreamTerminated', E: this.parts.now() };
    for (const subscriptionId of ended.splice(0)) ws.send(JSON.stringify({ subscriptionId, event }));
  }

  private subscribe(client: Client, params: Request['params']): Row {
    this.parts.meter.charge(subscribeWeight);
    const { secrets, now } = this.parts;
    const account = params['apiKey'];
    if (typeof account !== 'string' || account === '') throw refusals.noKey();
    const secret = secrets.get(account);
    if (secret === undefined) throw refusals.badKey();
    verifyParams(params, secret, this.parts.signature);
    checkValid(validityOf(params['timestamp'], params['recvWindow']), now());
    const subscriptionId = client.accounts.get(account) ?? this.subscriptions++;
    client.accounts.set(account, subscriptionId);
    return { subscriptionId };
  }

  private onCore(event: CoreEvent): void {
    if (event.type === 'balance') return this.onBalance(event);
    if (event.type !== 'order' || !this.parts.secrets.has(event.order.account)) return;
    const format = this.parts.formats.get(event.order.symbol);
    if (!format) return;
    this.sequence += 1;
    const report = executionReport(event, format, this.sequence);
    const { account, clientOrderId } = event.order;
    const { faults } = this.parts;
    // A fill that nobody hears of here may be reported by another dialect: it leaves the hold alone.
    const isHeld = event.execution === 'TRADE' && this.isHeard(account) && faults.takeHold('fill-reported');
    if (!isHeld) return this.push(account, report);
    faults.park('fill-reported', clientOrderId, (verdict) => {
      if (verdict === 'continue') this.push(account, report);
    });
  }

  private onBalance(event: Extract<CoreEvent, { type: 'balance' }>): void {
    const { account, moved, at } = event;
    if (moved) this.push(account, movementUpdate(at, moved));
    this.push(account, accountPosition(event));
  }

  private isHeard(account: string): boolean {
    for (const { accounts } of this.clients.values()) if (accounts.has(account)) return true;
    return false;
  }

  private onRejected(request: PlaceRequest): void {
    const at = this.parts.now();
    const never = { orderId: -1, stamp: 0, filled: 0, filledTickLots: 0, status: 'REJECTED' } as const;
    const order = { ...request, ...never, createdAt: at, updatedAt: at };
    this.onCore({ type: 'order', at, execution: 'REJECTED', order });
  }

  /** In order within a socket; now or a moment later. */
  private push(account: string, event: Row): void {
    let text: string | undefined;
    for (const [ws, client] of this.clients) {
      const subscriptionId = client.accounts.get(account);
      if (subscriptionId === undefined) continue;
      text ??= JSON.stringify(event);
      client.queue.push(`{"subscriptionId":${subscriptionId},"event":${text}}`);
      if (client.queue.length > 1) continue;
      if (this.parts.rng.int(2) === 0) this.flush(ws, client);
      else this.parts.timers.set(laterMs, () => this.flush(ws, client));
    }
  }

  private flush(ws: FramePort, client: Client): void {
    for (const text of client.queue.splice(0)) ws.send(text);
  }
}
