import type { RawData } from 'ws';

/**
 * What a dialect uses of one WebSocket. A socket of `ws` is one, and so is the near end of a connection that never
 * leaves the process: the same code serves both.
 */
export interface FramePort {
  send(text: string): void;
  ping(data?: string): void;
  /** Closes in order, with a code where one is given. */
  close(code?: number): void;
  /** Closes at once, without waiting for the peer. */
  terminate(): void;
  on(event: 'message', hear: (data: RawData) => void): unknown;
  on(event: 'pong', hear: (data: Buffer) => void): unknown;
  on(event: 'ping' | 'close', hear: () => void): unknown;
}
