import type { FramePort } from '../frame-port';
import { FramePath } from '../frame-path';
import { frameText } from '../loopback.server';
import type { CoreEvent } from '../venue-types';
import type { BinanceParts } from './binance-parts';
import { DepthFrames } from './depth-frames';
import type { DepthFrame } from './depth-frames';
import { aggregateTradeFrame, bookTickerFrame, dayTickerRow, miniTickerFrame } from './market-rows';
import { tickerFrame, tradeFrame } from './market-rows';

const kinds = ['depth', 'depth@100ms', 'trade', 'aggTrade', 'bookTicker', 'ticker', 'miniTicker'] as const;
type Kind = (typeof kinds)[number];

interface Stream {
  readonly name: string;
  /** Some client has it: most that happens is asked for by nobody. */
  isWanted: boolean;
}

/** The depth stream of one market at one pace. */
interface DepthStream {
  readonly stream: Stream;
  readonly frames: DepthFrames;
  readonly path: FramePath<DepthFrame>;
}

/** What is said of one market. */
interface Tape {
  readonly symbol: string;
  readonly streams: Readonly<Record<Kind, Stream>>;
  readonly fast: DepthStream;
  readonly slow: DepthStream;
  /** The best prices and sizes as they were last said. */
  best: string | undefined;
}

interface Client {
  readonly streams: Set<string>;
  /** Frames come as `{stream, data}`. */
  readonly isCombined: boolean;
}

const fastMs = 100;
const slowMs = 1_000;

/** The public streams: subscriptions, and frames made from what happens in the core. */
export class MarketSockets {
  private readonly clients = new Map<FramePort, Client>();
  /** By symbol. */
  private readonly tapes = new Map<string, Tape>();
  /** By name. */
  private readonly streams = new Map<string, Stream>();
  private readonly stops: (() => void)[] = [];

  constructor(private readonly parts: BinanceParts) {
    const { core, formats, timers, faults } = parts;
    for (const symbol of formats.keys()) this.tapes.set(symbol, this.tapeOf(symbol));
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
    for (const stream of this.streams.values()) stream.isWanted = false;
    for (const { streams } of this.clients.values())
      for (const name of streams) this.streams.get(name)!.isWanted = true;
  }

  private tapeOf(symbol: string): Tape {
    const { core, formats, faults } = this.parts;
    const streamOf = (kind: Kind): Stream => {
      const stream = { name: `${symbol.toLowerCase()}@${kind}`, isWanted: false };
      this.streams.set(stream.name, stream);
      return stream;
    };
    const streams = Object.fromEntries(kinds.map((kind) => [kind, streamOf(kind)])) as Tape['streams'];
    const { updateId } = core.depth(symbol, 1);
    const depthOf = (kind: Kind): DepthStream => ({
      stream: streams[kind],
      frames: new DepthFrames(formats.get(symbol)!, updateId),
      path: new FramePath(faults, symbol),
    });
    return { symbol, streams, fast: depthOf('depth@100ms'), slow: depthOf('depth'), best: undefined };
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
    if (event.type !== 'trade') return;
    const streams = this.tapes.get(event.symbol)?.streams;
    const format = this.parts.formats.get(event.symbol);
    if (!streams || !format) return;
    if (streams.trade.isWanted) this.publish(streams.trade, JSON.stringify(tradeFrame(event, format)));
    if (streams.aggTrade.isWanted)
      this.publish(streams.aggTrade, JSON.stringify(aggregateTradeFrame(event, format)));
  }

  /** Few ask for the slow stream: a frame of it begins with whoever does. */
  private onDepth(event: Extract<CoreEvent, { type: 'depth' }>): void {
    const tape = this.tapes.get(event.symbol);
    if (!tape) return;
    tape.fast.frames.add(event);
    if (tape.slow.stream.isWanted) tape.slow.frames.add(event);
    else tape.slow.frames.pass(event);
  }

  private slowBeat(): void {
    for (const { slow } of this.tapes.values()) this.sendDepth(slow);
    this.sendDays('ticker', tickerFrame);
    this.sendDays('miniTicker', miniTickerFrame);
  }

  private sendDays(kind: Kind, frameOf: typeof tickerFrame): void {
    const { core, formats, now } = this.parts;
    for (const { symbol, streams } of this.tapes.values()) {
      if (!streams[kind].isWanted) continue;
      const day = dayTickerRow(core.depth(symbol, 1), core.publicTrades(symbol), formats.get(symbol)!);
      this.publish(streams[kind], JSON.stringify(frameOf(day, symbol, now())));
    }
  }

  private beat(): void {
    for (const { fast } of this.tapes.values()) this.sendDepth(fast);
    for (const tape of this.tapes.values()) if (tape.streams.bookTicker.isWanted) this.sendBest(tape);
  }

  private sendBest(tape: Tape): void {
    const { core, formats } = this.parts;
    const frame = bookTickerFrame(core.depth(tape.symbol, 1), formats.get(tape.symbol)!);
    const { b, B, a, A } = frame;
    const best = JSON.stringify([b, B, a, A]);
    if (tape.best === best) return;
    tape.best = best;
    this.publish(tape.streams.bookTicker, JSON.stringify(frame));
  }

  /** A frame that nobody would get is not one of those to be lost. */
  private sendDepth({ stream, frames, path }: DepthStream): void {
    if (!stream.isWanted) return frames.drop();
    const frame = frames.take(this.parts.now());
    if (!frame) return; // Most beats: nothing has happened since the last one.
    for (const one of path.pass(frame)) {
      this.publish(stream, one.text);
      if (this.parts.delivered.isOn) this.markAll(stream, one);
    }
  }

  private markAll({ name }: Stream, frame: DepthFrame): void {
    const { symbol, range, bids, asks } = frame;
    const written = { stream: name, symbol, ...range, bids, asks };
    for (const [ws, { streams }] of this.clients) {
      const mark = streams.has(name) ? this.parts.delivered.frame(ws, written) : undefined;
      if (mark !== undefined) ws.ping(String(mark));
    }
  }

  private publish({ name }: Stream, text: string): void {
    let combined: string | undefined;
    for (const [ws, client] of this.clients) {
      if (!client.streams.has(name)) continue;
      if (client.isCombined) combined ??= `{"stream":"${name}","data":${text}}`;
      ws.send(client.isCombined ? combined! : text);
    }
  }

  private isKnown(name: string): boolean {
    return this.streams.has(name);
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
