import type { WebSocket } from 'ws';
import type { BinanceParts } from './binance-parts';
import { MarketSockets } from './binance.market-sockets';
import { BinanceRequests } from './binance.requests';
import type { RawAnswer, RawRequest } from './binance.requests';
import { UserSockets } from './binance.user-sockets';

/** The far end of a connection that never leaves the process. */
export interface DoorPeer {
  onFrame(text: string): void;
  onClosed(): void;
}

type Listener = (data: Buffer) => void;

/** What the doors use of a WebSocket, without a wire. */
class DoorSocket {
  private readonly listeners = new Map<string, Listener[]>();
  private isOpen = true;

  constructor(private readonly peer: DoorPeer) {}

  on(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  send(text: string): void {
    if (this.isOpen) this.peer.onFrame(text);
  }

  /** Nobody here needs to be asked whether he is alive. */
  ping(): void {
    return undefined;
  }

  terminate(): void {
    if (!this.isOpen) return;
    this.hangUp();
    this.peer.onClosed();
  }

  /** The client's end is gone. */
  hangUp(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.tell('close', Buffer.alloc(0));
  }

  hear(text: string): void {
    if (this.isOpen) this.tell('message', Buffer.from(text));
  }

  private tell(event: string, data: Buffer): void {
    for (const listener of this.listeners.get(event) ?? []) listener(data);
  }
}

/** The client's end of a connection. */
export interface DoorLine {
  send(text: string): void;
  close(): void;
}

/** The Binance dialect without a network: the same routes, signatures, limits and streams as on the wire. */
export class InProcessBinance {
  private readonly requests: BinanceRequests;
  private readonly market: MarketSockets;
  private readonly user: UserSockets;

  constructor(parts: BinanceParts) {
    this.requests = new BinanceRequests(parts);
    this.market = new MarketSockets(parts);
    this.user = new UserSockets(parts);
  }

  answer(request: RawRequest): Promise<RawAnswer> {
    return this.requests.answer(request);
  }

  /** `path` without the dialect prefix, such as `/stream/ws/0` or `/ws-api/v3`. */
  connect(path: string, peer: DoorPeer): DoorLine {
    const socket = new DoorSocket(peer);
    const accepted = socket as unknown as WebSocket;
    if (path.startsWith('/ws-api')) this.user.accept(accepted);
    else this.market.accept(accepted, path);
    return { send: (text) => socket.hear(text), close: () => socket.hangUp() };
  }

  stop(): void {
    this.market.stop();
    this.user.stop();
  }
}
