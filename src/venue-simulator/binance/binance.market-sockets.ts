import type { FramePort } from '../frame-port';
import { FramePath } from '../frame-path';
import { frameText } from '../loopback.server';
import type { CoreEvent } from '../venue-types';
import type { BinanceParts } from './binance-parts';
import { DepthFrames } from './depth-frames';
import type { DepthFrame } from './depth-frames';
import { aggregateTradeFrame, bookTickerFrame, dayTickerRow, miniTickerFrame } from './market-rows';
import { tickerFrame, tradeFrame } from './market-rows';
import type { Row } from './order-rows';

/** The depth stream of one market at one pace. */
interface DepthStream {
  readonly symbol: string;
  readonly kind: string;
  readonly frames: DepthFrames;
  readonly path: FramePath<DepthFrame>;
}

interface Client {
  readonly streams: Set<string>;
  /** Frames come as `{stream, data}`. */
  readonly isCombined: boolean;
}

const streamPattern = /^([a-z0-9]+)@(depth|depth@100ms|trade|aggTrade|bookTicker|ticker|miniTicker)$/;
const fastMs = 100;
const slowMs = 1_000;

/** The public streams: subscriptions, and frames made from what happens in the core. */
export class MarketSockets {
  private readonly clients = new Map<FramePort, Client>();
  private readonly fast = new Map<string, DepthStream>();
  private readonly slow = new Map<string, DepthStream>();
  /** By symbol, then by kind. */
  private readonly names = new Map<string, Map<string, string>>();
  /** Every stream that a client has: most that happens is asked for by nobody. */
  private readonly wanted = new Set<string>();
  private readonly bests = new Map<string, string>();
  private readonly stops: (() => void)[] = [];

  constructor(private readonly parts: BinanceParts) {
    const { core, formats, timers, faults } = parts;
    for (const [symbol, format] of formats) {
      const { updateId } = core.depth(symbol, 1);
      const streamOf = (kind: string): DepthStream => {
        const frames = new DepthFrames(format, updateId);
        return { symbol, kind, frames, path: new FramePath(faults, symbol) };
      };
      this.fast.set(symbol, streamOf('depth@100ms'));
      this.slow.set(symbol, streamOf('depth'));
    }
    const [fastTimer, slowTimer] = [
      timers.every(fastMs, () => this.beat()),
      timers.every(slowMs, () => this.slowBeat()),
    ];
    this.stops.push(() => timers.clear(fastTimer));
    this.stops.push(() => timers.clear(slowTimer));
    this.stops.push(core.onEvent((event) => this.onCore(event), ['depth', 'trade']));
    faults.onCut((which) => which === 'public' && this.cut());
  }

  /** `path` is the upgrade address without the dialect prefix, such as `/stream/ws/0` or `/stream?streams=…`. */
  accept(ws: FramePort, path: string): void {
    const [address = '', query = ''] = path.split('?');
    const named = new URLSearchParams(query).get('streams')?.split('/') ?? singleStream(address);
    const client = {
      streams: new Set(named.filter((name) => this.isKnown(name))),
      isCombined: address === '/stream',
    };
    this.clients.set(ws, client);
    this.count();
    ws.on('message', (data) => this.onMessage(ws, client, frameText(data)));
    ws.on('close', () => this.forget(ws));
    this.watch(ws, client);
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.cut();
  }

  private cut(): void {
    for (const ws of this.clients.keys()) {
      ws.terminate();
      this.forget(ws);
    }
  }

  private forget(ws: FramePort): void {
    this.clients.delete(ws);
    this.count();
    this.parts.delivered.closed(ws);
  }

  private count(): void {
    this.wanted.clear();
    for (const { streams } of this.clients.values()) for (const name of streams) this.wanted.add(name);
  }

  /** Each depth frame is followed by a ping that carries its mark, so that the pong says that the frame was read. */
  private watch(ws: FramePort, { streams }: Client): void {
    const { delivered } = this.parts;
    delivered.opened(ws);
    for (const stream of streams) this.begin(ws, stream);
    ws.on('ping', () => delivered.heard(ws));
    ws.on('pong', (data: Buffer) => {
      delivered.heard(ws);
      delivered.acknowledged(ws, Number(data.toString()));
    });
  }

  private begin(ws: FramePort, stream: string): void {
    const [symbol = '', kind = ''] = stream.split('@');
    if (kind === 'depth') this.parts.delivered.subscribed(ws, stream, symbol.toUpperCase());
  }

  /** The acknowledgement leaves before any frame of a stream it names, unless it is to come late. */
  private onMessage(ws: FramePort, client: Client, text: string): void {
    const request = requestOf(text);
    if (!request) return ws.send(JSON.stringify({ error: { code: 3, msg: 'Invalid JSON' } }));
    const { id, method, params } = request;
    const bad = params.find((name) => !this.isKnown(name));
    if (bad !== undefined) {
      return ws.send(
        JSON.stringify({ error: { code: 2, msg: `Invalid request: unknown stream ${bad}` }, id }),
      );
    }
    if (method === 'SUBSCRIBE') this.subscribe(ws, client, params);
    else if (method === 'UNSUBSCRIBE') this.unsubscribe(ws, client, params);
    const result = method === 'LIST_SUBSCRIPTIONS' ? [...client.streams] : null;
    const { control, timers } = this.parts;
    const acknowledge = (): void => ws.send(JSON.stringify({ result, id }));
    if (control.acksAfterMs === 0) acknowledge();
    else timers.set(control.acksAfterMs, acknowledge);
  }

  private subscribe(ws: FramePort, { streams }: Client, names: readonly string[]): void {
    for (const name of names) {
      streams.add(name);
      this.begin(ws, name);
    }
    this.count();
  }

  private unsubscribe(ws: FramePort, { streams }: Client, names: readonly string[]): void {
    for (const name of names) {
      streams.delete(name);
      this.parts.delivered.unsubscribed(ws, name);
    }
    this.count();
  }

  private onCore(event: CoreEvent): void {
    if (event.type === 'depth') return this.onDepth(event);
    const format = event.type === 'trade' ? this.parts.formats.get(event.symbol) : undefined;
    if (event.type !== 'trade' || !format) return;
    if (this.hasTakers(event.symbol, 'trade')) this.publish(event.symbol, 'trade', tradeFrame(event, format));
    if (this.hasTakers(event.symbol, 'aggTrade'))
      this.publish(event.symbol, 'aggTrade', aggregateTradeFrame(event, format));
  }

  /** Few ask for the slow stream: a frame of it begins with whoever does. */
  private onDepth(event: Extract<CoreEvent, { type: 'depth' }>): void {
    this.fast.get(event.symbol)?.frames.add(event);
    const slow = this.slow.get(event.symbol)?.frames;
    if (this.hasTakers(event.symbol, 'depth')) slow?.add(event);
    else slow?.pass(event);
  }

  private slowBeat(): void {
    this.sendDepth(this.slow);
    this.sendDays('ticker', tickerFrame);
    this.sendDays('miniTicker', miniTickerFrame);
  }

  private sendDays(kind: string, frameOf: typeof tickerFrame): void {
    const { core, formats, now } = this.parts;
    for (const [symbol, format] of formats) {
      if (!this.hasTakers(symbol, kind)) continue;
      const day = dayTickerRow(core.depth(symbol, 1), core.publicTrades(symbol), format);
      this.publish(symbol, kind, frameOf(day, symbol, now()));
    }
  }

  private beat(): void {
    this.sendDepth(this.fast);
    for (const [symbol, format] of this.parts.formats) {
      if (!this.hasTakers(symbol, 'bookTicker')) continue;
      const frame = bookTickerFrame(this.parts.core.depth(symbol, 1), format);
      const { b, B, a, A } = frame;
      const best = JSON.stringify([b, B, a, A]);
      if (this.bests.get(symbol) === best) continue;
      this.bests.set(symbol, best);
      this.publish(symbol, 'bookTicker', frame);
    }
  }

  /** A frame that nobody would get is not one of those to be lost. */
  private sendDepth(books: ReadonlyMap<string, DepthStream>): void {
    for (const { symbol, kind, frames, path } of books.values()) {
      if (!this.hasTakers(symbol, kind)) {
        frames.drop();
        continue;
      }
      const frame = frames.take(this.parts.now());
      if (!frame) continue; // Most beats: nothing has happened since the last one.
      const stream = this.streamOf(symbol, kind);
      const takers = [...this.clients].filter(([, { streams }]) => streams.has(stream));
      for (const one of path.pass(frame)) {
        this.publish(symbol, kind, one);
        for (const [ws] of takers) this.mark(ws, stream, one);
      }
    }
  }

  private mark(
    ws: FramePort,
    stream: string,
    { s: symbol, U: first, u: last, b: bids, a: asks }: DepthFrame,
  ): void {
    const mark = this.parts.delivered.frame(ws, { stream, symbol, first, last, bids, asks });
    if (mark !== undefined) ws.ping(String(mark));
  }

  private hasTakers(symbol: string, kind: string): boolean {
    return this.wanted.size > 0 && this.wanted.has(this.streamOf(symbol, kind));
  }

  private streamOf(symbol: string, kind: string): string {
    let ofSymbol = this.names.get(symbol);
    if (!ofSymbol) this.names.set(symbol, (ofSymbol = new Map<string, string>()));
    let name = ofSymbol.get(kind);
    if (name === undefined) ofSymbol.set(kind, (name = `${symbol.toLowerCase()}@${kind}`));
    return name;
  }

  private publish(symbol: string, kind: string, data: Row): void {
    const stream = this.streamOf(symbol, kind);
    const text = { bare: '', combined: '' };
    for (const [ws, client] of this.clients) {
      if (!client.streams.has(stream)) continue;
      if (client.isCombined) text.combined ||= JSON.stringify({ stream, data });
      else text.bare ||= JSON.stringify(data);
      ws.send(client.isCombined ? text.combined : text.bare);
    }
  }

  private isKnown(name: string): boolean {
    const symbol = streamPattern.exec(name)?.[1]?.toUpperCase();
    return symbol !== undefined && this.parts.formats.has(symbol);
  }
}

interface StreamRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly string[];
}

function singleStream(address: string): readonly string[] {
  const [, , name = ''] = address.split('/');
  return address.startsWith('/ws/') ? [name] : [];
}

function requestOf(text: string): StreamRequest | undefined {
  try {
    const json = JSON.parse(text) as Partial<StreamRequest>;
    const params = Array.isArray(json.params) ? json.params.map(String) : [];
    return { id: json.id ?? null, method: String(json.method), params };
  } catch {
    return undefined;
  }
}
