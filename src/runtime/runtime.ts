import type { Mono, Ms } from '../domain/units';

export interface Timer {
  readonly id: number;
}

export interface Timers {
  set(ms: number, fn: () => void): Timer;
  every(ms: number, fn: () => void): Timer;
  clear(timer: Timer): void;
  active(): number;
}

export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** An independent stream; equal labels of equal seeds give equal streams. */
  fork(label: string): Rng;
}

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly pool: 'create' | 'act' | 'public';
  /** After this moment an unwritten request is refused. */
  readonly sendBy: Mono;
  /** Asked once, on the stack of the write; false leaves no byte. */
  readonly beforeWrite: () => boolean;
}

/** `written: false` is a proof that no byte left. Without `status` the request left and its answer did not come whole. */
export type Answer =
  | { readonly written: false; readonly why: string }
  | {
      readonly written: true;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly error?: string;
    };

export interface SocketOptions {
  readonly handshakeTimeoutMs: number;
  readonly maxPayloadBytes: number;
}

export interface SocketEvents {
  onOpen(): void;
  onFrame(frame: Buffer): void;
  onPong(): void;
  onClose(code: number, reason: string): void;
}

export interface SocketLike {
  send(text: string): void;
  ping(): void;
  /** Closes at once, without waiting for the peer; `onClose` still follows. */
  terminate(): void;
}

/** Time, timers, randomness and the network: the only source of non-determinism. */
export interface Runtime {
  now(): Ms;
  monotonic(): Mono;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  readonly timers: Timers;
  readonly rng: Rng;
  uuid(): string;
  randomBytes(n: number): Uint8Array;
  /** Never throws. */
  http(request: HttpRequest): Promise<Answer>;
  openSocket(url: string, options: SocketOptions, events: SocketEvents): SocketLike;
  /** Closes pools and sockets and removes timers. */
  close(): Promise<void>;
}
