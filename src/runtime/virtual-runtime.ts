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
import type { Scheduled } from './scheduler';
import { Scheduler } from './scheduler';

export interface VirtualOptions {
  readonly seed: string | number;
  readonly startMs: Ms;
  /** Answers requests. The default refuses every request with a proof that no byte left. */
  readonly http?: (request: HttpRequest) => Promise<Answer>;
  /** Opens sockets. The default closes each one at once. */
  readonly openSocket?: (url: string, options: SocketOptions, events: SocketEvents) => SocketLike;
  /** Shared by every host of one world; a runtime without one has a time of its own. */
  readonly scheduler?: Scheduler;
  /** How far the wall clock is off after so many milliseconds; 0 without it. */
  readonly wallOffsetMs?: (elapsed: Mono) => number;
}

/**
 * A runtime whose time stands still until somebody advances it: tests and simulations, equal for equal seeds. `kill`
 * is a crash: its timers are gone and whatever its process still waits for never comes.
 */
export class VirtualRuntime implements Runtime {
  readonly timers: Timers;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  private readonly events = new Map<number, Scheduled>();
  private readonly bytesRng: Rng;
  private made = 0;
  private dead = false;
  private asleepUntil: Mono = 0;
  private readonly network: Required<Pick<VirtualOptions, 'http' | 'openSocket'>>;

  constructor(private readonly options: VirtualOptions) {
    this.rng = new Xoshiro128(seedOf(String(options.seed)));
    this.bytesRng = this.rng.fork('bytes');
    this.scheduler = options.scheduler ?? new Scheduler();
    this.network = {
      http: options.http ?? refuse,
      openSocket: options.openSocket ?? ((_url, _options, events) => this.closedSocket(events)),
    };
    this.timers = {
      set: (ms, fn) => this.once(ms, fn),
      every: (ms, fn) => this.every(Math.max(1, ms), fn),
      clear: (timer) => this.clear(timer.id),
      active: () => this.events.size,
    };
  }

  get isDead(): boolean {
    return this.dead;
  }

  now(): Ms {
    const { elapsed } = this.scheduler;
    return Math.floor(this.options.startMs + elapsed + (this.options.wallOffsetMs?.(elapsed) ?? 0));
  }

  monotonic(): Mono {
    return this.scheduler.elapsed;
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

  http(request: HttpRequest): Promise<Answer> {
    return this.dead ? new Promise(() => undefined) : this.network.http(request);
  }

  openSocket(url: string, options: SocketOptions, events: SocketEvents): SocketLike {
    return this.dead ? deafSocket : this.network.openSocket(url, options, events);
  }

  /** Lets `ms` pass: every timer that falls due runs at its own moment, and promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.scheduler.elapsed + ms;
    await settle();
    while (this.scheduler.runNext(end)) await settle();
  }

  kill(): void {
    this.dead = true;
    this.clearAll();
  }

  /** The process stands still for so long: whatever falls due meanwhile happens when it wakes. */
  freeze(ms: number): void {
    this.asleepUntil = Math.max(this.asleepUntil, this.scheduler.elapsed + ms);
  }

  /** Does it now, or when the process wakes; never once it is dead. */
  whenAwake(act: () => void): void {
    if (this.dead) return;
    const wait = this.sleepMs;
    if (wait > 0) this.scheduler.after(wait, () => this.whenAwake(act));
    else act();
  }

  close(): Promise<void> {
    this.clearAll();
    return Promise.resolve();
  }

  private clearAll(): void {
    for (const event of this.events.values()) this.scheduler.undo(event);
    this.events.clear();
  }

  private once(ms: number, fn: () => void): Timer {
    this.made += 1;
    const id = this.made;
    if (this.dead) return { id };
    const run = (): void => {
      if (this.isAsleep) return this.scheduler.again(event, this.sleepMs, run);
      this.events.delete(id);
      fn();
    };
    const event = this.scheduler.after(ms, run);
    this.events.set(id, event);
    return { id };
  }

  private every(ms: number, fn: () => void): Timer {
    this.made += 1;
    const id = this.made;
    if (this.dead) return { id };
    const again = (): void => {
      const { isAsleep } = this;
      this.scheduler.again(event, isAsleep ? this.sleepMs : ms, again);
      if (!isAsleep) fn();
    };
    const event = this.scheduler.after(ms, again);
    this.events.set(id, event);
    return { id };
  }

  private get isAsleep(): boolean {
    return this.asleepUntil > this.scheduler.elapsed;
  }

  private get sleepMs(): number {
    return this.asleepUntil - this.scheduler.elapsed;
  }

  private clear(id: number): void {
    const event = this.events.get(id);
    if (!event) return;
    this.scheduler.undo(event);
    this.events.delete(id);
  }

  private closedSocket(events: SocketEvents): SocketLike {
    this.timers.set(0, () => events.onClose(1006, 'no network'));
    return deafSocket;
  }
}

export const createVirtualRuntime = (options: VirtualOptions): VirtualRuntime => new VirtualRuntime(options);

const deafSocket: SocketLike = { send: () => undefined, ping: () => undefined, terminate: () => undefined };

const refuse = (): Promise<Answer> => Promise.resolve({ written: false, why: 'no network' });

/** Chains of promises settle in bounded depth; 50 turns is more than any path of the engine. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
