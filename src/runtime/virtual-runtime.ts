import type { Mono, Ms } from '../domain/units';
import { seedOf, uuidV7, Xoshiro128 } from './rng';
import type {
  Answer,
  HttpRequest,
  Rng,
  Runtime,
  SocketEvents,
  SocketLike,
  SocketOptions,
  Timer,
  Timers,
} from './runtime';

export interface VirtualOptions {
  readonly seed: string | number;
  readonly startMs: Ms;
  /** Answers requests. The default refuses every request with a proof that no byte left. */
  readonly http?: (request: HttpRequest) => Promise<Answer>;
  /** Opens sockets. The default closes each one at once. */
  readonly openSocket?: (url: string, options: SocketOptions, events: SocketEvents) => SocketLike;
}

interface Scheduled {
  readonly id: number;
  readonly order: number;
  readonly due: Mono;
  readonly every: number | undefined;
  readonly fn: () => void;
}

/** A runtime whose time stands still until somebody advances it: tests and simulations, equal for equal seeds. */
export class VirtualRuntime implements Runtime {
  readonly timers: Timers;
  readonly rng: Rng;
  /** Changeable between calls, so a test can take the venue away. */
  http: (request: HttpRequest) => Promise<Answer>;
  openSocket: (url: string, options: SocketOptions, events: SocketEvents) => SocketLike;
  private elapsed: Mono = 0;
  private made = 0;
  private readonly scheduled = new Map<number, Scheduled>();
  private readonly bytesRng: Rng;

  constructor(private readonly options: VirtualOptions) {
    this.rng = new Xoshiro128(seedOf(String(options.seed)));
    this.bytesRng = this.rng.fork('bytes');
    this.http = options.http ?? refuse;
    this.openSocket = options.openSocket ?? ((_url, _options, events) => this.closedSocket(events));
    this.timers = {
      set: (ms, fn) => this.schedule(ms, undefined, fn),
      every: (ms, fn) => this.schedule(ms, ms, fn),
      clear: (timer) => void this.scheduled.delete(timer.id),
      active: () => this.scheduled.size,
    };
  }

  now(): Ms {
    return this.options.startMs + Math.floor(this.elapsed);
  }

  monotonic(): Mono {
    return this.elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Error('aborted'));
      const timer = this.timers.set(ms, resolve);
      const abort = (): void => {
        this.timers.clear(timer);
        reject(new Error('aborted'));
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  uuid(): string {
    return uuidV7(this.now(), this.randomBytes(16));
  }

  randomBytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.bytesRng.int(256));
  }

  /** Lets `ms` pass: every timer that falls due runs at its own moment, and promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settle();
    for (let next = this.nextDue(end); next; next = this.nextDue(end)) {
      this.elapsed = Math.max(this.elapsed, next.due);
      this.run(next);
      await settle();
    }
    this.elapsed = end;
  }

  close(): Promise<void> {
    this.scheduled.clear();
    return Promise.resolve();
  }

  private run(timer: Scheduled): void {
    this.scheduled.delete(timer.id);
    if (timer.every !== undefined) {
      this.made += 1;
      const due = timer.due + Math.max(1, timer.every);
      this.scheduled.set(timer.id, { ...timer, due, order: this.made });
    }
    timer.fn();
  }

  private nextDue(end: Mono): Scheduled | undefined {
    let best: Scheduled | undefined;
    for (const timer of this.scheduled.values()) {
      if (timer.due > end) continue;
      if (!best || timer.due < best.due || (timer.due === best.due && timer.order < best.order)) best = timer;
    }
    return best;
  }

  private schedule(ms: number, every: number | undefined, fn: () => void): Timer {
    this.made += 1;
    const timer = { id: this.made, order: this.made, due: this.elapsed + Math.max(0, ms), every, fn };
    this.scheduled.set(timer.id, timer);
    return { id: timer.id };
  }

  private closedSocket(events: SocketEvents): SocketLike {
    this.timers.set(0, () => events.onClose(1006, 'no network'));
    return { send: () => undefined, ping: () => undefined, terminate: () => undefined };
  }
}

export const createVirtualRuntime = (options: VirtualOptions): VirtualRuntime => new VirtualRuntime(options);

const refuse = (): Promise<Answer> => Promise.resolve({ written: false, why: 'no network' });

/** Chains of promises settle in bounded depth; 50 turns is more than any path of the engine. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
