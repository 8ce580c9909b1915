import type { FramePort } from '../frame-port';
import { frameText } from '../loopback.server';
import { SocketRefusal } from './gate-client';
import type { ChannelRequest, GateClient } from './gate-client';
import { GateRefusal } from './gate-errors';
import type { GateLedger } from './gate-ledger';
import { MarketChannels } from './gate-market-channels';
import type { Row } from './gate-order-rows';
import { seconds } from './gate-pairs';
import type { GateParts } from './gate-parts';
import { isPublicChannel } from './gate-streams';
import { UserChannels, isPrivateChannel } from './gate-user-channels';
import { authenticateSocket } from './gate.signature';

interface Frame {
  readonly id?: unknown;
  readonly time?: unknown;
  readonly channel?: unknown;
  readonly event?: unknown;
  readonly payload?: unknown;
  readonly auth?: unknown;
}

/** One kind of socket for public and private channels; every private subscription brings its own signature. */
export class GateSockets {
  private readonly clients = new Set<GateClient>();
  private readonly market: MarketChannels;
  private readonly user: UserChannels;
  private sequence = 0;

  constructor(
    private readonly parts: GateParts,
    ledger: GateLedger,
  ) {
    this.market = new MarketChannels(parts);
    this.user = new UserChannels(parts, ledger);
    parts.faults.onCut((which) => this.cut(which));
  }

  accept(ws: FramePort): void {
    const client: GateClient = {
      ...{ ws, connectionId: this.nextId(), streams: new Set() },
      ...{ private: new Map(), queue: [] },
    };
    this.clients.add(client);
    ws.on('message', (data) => this.onMessage(client, frameText(data)));
    ws.on('close', () => this.forget(client));
  }

  stop(): void {
    for (const client of this.clients) client.ws.terminate();
    this.market.stop();
    this.user.stop();
  }

  /** A socket that hears private channels is one of those, the others are public; one that hears both is both. */
  private cut(which: 'public' | 'private'): void {
    for (const client of [...this.clients]) {
      const hasPrivate = client.private.size > 0;
      const isMeant = which === 'private' ? hasPrivate : client.streams.size > 0 || !hasPrivate;
      if (!isMeant) continue;
      client.ws.terminate();
      this.forget(client);
    }
  }

  private forget(client: GateClient): void {
    this.clients.delete(client);
    this.market.forget(client);
    this.user.forget(client);
  }

  private onMessage(client: GateClient, text: string): void {
    const frame = frameOf(text);
    if (!frame) return this.reply(client, {}, new SocketRefusal(1, 'Invalid request body format'));
    if (frame.channel === 'spot.ping') return this.pong(client, frame);
    try {
      const first = this.carryOut(client, requestOf(frame));
      this.reply(client, frame, undefined);
      for (const one of first) client.ws.send(one);
    } catch (error) {
      if (!(error instanceof SocketRefusal)) throw error;
      this.reply(client, frame, error);
    }
  }

  /** What the client gets behind the acknowledgement. */
  private carryOut(client: GateClient, request: ChannelRequest): readonly string[] {
    const isStart = request.event === 'subscribe';
    if (isPublicChannel(request.channel)) {
      if (isStart) return this.market.subscribe(client, request);
      this.market.end(client, request);
      return [];
    }
    if (!isPrivateChannel(request.channel)) throw new SocketRefusal(2, `unknown channel ${request.channel}`);
    if (isStart && this.takeFailure(request.channel)) throw new SocketRefusal(2, 'service is busy');
    if (isStart) this.user.subscribe(client, request, this.accountOf(request));
    else this.user.end(client, request);
    return [];
  }

  private takeFailure(channel: string): boolean {
    const { failingChannels } = this.parts.terms;
    const left = failingChannels.get(channel) ?? 0;
    failingChannels.set(channel, Math.max(0, left - 1));
    return left > 0;
  }

  private accountOf(request: ChannelRequest): string {
    try {
      return authenticateSocket(request, this.parts.secrets, this.parts.now());
    } catch (error) {
      if (!(error instanceof GateRefusal)) throw error;
      throw new SocketRefusal(4, `${JSON.stringify({ label: error.label, message: error.text })}\n`);
    }
  }

  private reply(client: GateClient, frame: Frame, refusal: SocketRefusal | undefined): void {
    const now = this.parts.now();
    const trace = this.nextId();
    const { id, channel = '', event = '', payload } = frame;
    const body: Row = {
      time: seconds(now),
      time_ms: now,
      ...(id === undefined ? {} : { id }),
      conn_id: client.connectionId,
      trace_id: trace,
      channel,
      event,
      ...(payload === undefined ? {} : { payload }),
      error: refusal ? { code: refusal.code, message: refusal.text } : null,
      result: { status: refusal ? 'fail' : 'success' },
      requestId: trace,
    };
    client.ws.send(JSON.stringify(body));
  }

  private pong({ ws }: GateClient, { id }: Frame): void {
    const now = this.parts.now();
    const named = id === undefined ? {} : { id };
    const body = { time: seconds(now), time_ms: now, ...named, channel: 'spot.pong', event: '' };
    ws.send(JSON.stringify({ ...body, error: null, result: null }));
  }

  private nextId(): string {
    this.sequence += 1;
    return this.sequence.toString(16).padStart(16, '0');
  }
}

function frameOf(text: string): Frame | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

function requestOf({ channel, event, payload = [], time, auth }: Frame): ChannelRequest {
  if (typeof channel !== 'string' || typeof time !== 'number' || !Array.isArray(payload))
    throw new SocketRefusal(1, 'Invalid request body format');
  if (event !== 'subscribe' && event !== 'unsubscribe') throw new SocketRefusal(2, 'Invalid event');
  return { channel, event, payload: payload.map(String), time, auth };
}
