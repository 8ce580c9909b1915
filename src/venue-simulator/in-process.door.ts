import type { Dialect, WireAnswer, WireRequest } from './dialect.server';
import type { FramePort } from './frame-port';

/** The far end of a connection that never leaves the process. */
export interface DoorPeer {
  onFrame(text: string): void;
  onClosed(): void;
}

type Listener = (data: Buffer) => void;

/** The venue's end of such a connection: what a dialect uses of a WebSocket, without a wire. */
class DoorPort implements FramePort {
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

  close(): void {
    this.terminate();
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

/** A venue's protocol without a network: the same routes, signatures, limits and streams as on the wire. */
export class InProcessDoor {
  constructor(private readonly dialect: Dialect) {}

  answer(request: WireRequest): Promise<WireAnswer> {
    return this.dialect.answer(request);
  }

  /** `path` without the dialect's prefix. A peer that dials what is no socket is closed at once. */
  connect(path: string, peer: DoorPeer): DoorLine {
    const port = new DoorPort(peer);
    if (this.dialect.hasSocket(path)) this.dialect.accept(port, path);
    else port.terminate();
    return { send: (text) => port.hear(text), close: () => port.hangUp() };
  }

  stop(): void {
    this.dialect.stop();
  }
}
