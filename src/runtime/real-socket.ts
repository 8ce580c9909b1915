import WebSocket from 'ws';
import type { SocketEvents, SocketLike, SocketOptions } from './runtime';

/** One WebSocket whose frames arrive one by one, in order, as bytes. Errors end as a close. */
export class RealSocket implements SocketLike {
  private readonly socket: WebSocket;
  private closed = false;

  constructor(
    url: string,
    options: SocketOptions,
    private readonly events: SocketEvents,
    private readonly onGone: () => void,
  ) {
    this.socket = new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: options.handshakeTimeoutMs,
      maxPayload: options.maxPayloadBytes,
      followRedirects: false,
    });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('open', () => this.events.onOpen());
    this.socket.on('message', (data) => this.events.onFrame(data as Buffer));
    this.socket.on('pong', () => this.events.onPong());
    this.socket.on('error', (error) => this.close(1006, error.message));
    this.socket.on('close', (code, reason) => this.close(code, reason.toString('utf8')));
  }

  send(text: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  ping(): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }

  terminate(): void {
    this.socket.terminate();
  }

  private close(code: number, reason: string): void {
    if (this.closed) return;
    this.closed = true;
    this.onGone();
    this.events.onClose(code, reason);
  }
}
