import type { Mono } from '../../../domain/units';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { AddressBudget, amountOf, priorities } from './rate-limits';
import type { Counted, Part, Priority, VenueLimits } from './rate-limits';
import type { RateWindow } from './rate-windows';
import { intervalEndsIn } from './rate-windows';

export interface RateRequest extends Counted {
  /** Venue and environment: everything that leaves by this process's address to it. */
  readonly address: string;
  /** After this moment the request is refused. */
  readonly sendBy: Mono;
}

/** What an answer says about limits. Header names are lower case. */
export interface RateFeedback {
  readonly address: string;
  readonly account?: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The venue's error code, when the body held one. */
  readonly code?: string | undefined;
  /** What alone a refusal is about, at a venue that counts each endpoint by itself. */
  readonly only?: Priority | undefined;
  /** What was answered, as it was given to `take`. */
  readonly request?: RateRequest | undefined;
}

interface Waiting {
  readonly request: RateRequest;
  readonly order: number;
  readonly answer: (refused: string | undefined) => void;
}

const defaultStopMs = 10_000;
const banStopMs = 120_000;
/** Too many orders of one account, as Binance and OKX say it. */
const orderCountCodes: ReadonlySet<string | undefined> = new Set(['-1015', '50061']);

/** One door for every request to a venue: strict priorities, a reserve for cancels, and the venue's own counts. */
export class RateLimiter {
  private readonly addresses = new Map<string, AddressBudget>();
  private waiting: Waiting[] = [];
  private timer: Timer | undefined;
  private taken = 0;

  constructor(private readonly runtime: Runtime) {}

  /** The limits a venue's dialect declares. */
  configure(address: string, limits: VenueLimits): void {
    this.address(address).setLimits(limits);
    this.pump();
  }

  /** Waits for permission. Resolves to undefined when granted, or to the reason of a refusal; never rejects. */
  take(request: RateRequest): Promise<string | undefined> {
    return new Promise((answer) => {
      this.taken += 1;
      this.waiting.push({ request, order: this.taken, answer });
      if (this.waiting.length > 1) this.waiting.sort(byPriority);
      this.pump();
    });
  }

  feedback(feedback: RateFeedback): void {
    const now = this.runtime.monotonic();
    const { status, account, headers } = feedback;
    const address = this.address(feedback.address);
    this.recount(address, feedback);
    const stopCreates = (): void => {
      if (account !== undefined) address.stopCreates(account, now + (retryAfterMs(headers) ?? defaultStopMs));
    };
    if (orderCountCodes.has(feedback.code)) return stopCreates();
    if (status !== 429 && status !== 418) return;
    const until = now + stopMs(feedback);
    const only = status === 429 ? feedback.only : undefined;
    if (only === undefined) address.blockedUntil = Math.max(address.blockedUntil, until);
    else if (only === 'create') stopCreates();
    else address.bar(only, account ?? '', until);
  }

  /** Milliseconds to wait before the next connection to a venue; reserves it. None is opened while it asks for silence. */
  connectDelayMs(address: string): number {
    const delay = this.address(address).connects.take(this.runtime.monotonic());
    return Math.max(delay, this.blockedForMs(address));
  }

  /** The free share of the tightest budget, 0 to 1; 0 while the venue refuses everything. */
  budgetRatio(address: string, account?: string): number {
    const now = this.runtime.monotonic();
    const budget = this.address(address);
    return now < budget.blockedUntil ? 0 : Math.max(0, 1 - budget.usedShare(now, account));
  }

  /** Milliseconds until one more create may leave; 0 when it may now, Infinity when its limits never let one. */
  createWaitMs(address: string, account?: string): number {
    const create = { account, priority: 'create', weight: 1 } as const;
    return this.address(address).waitFor(this.runtime.monotonic(), create);
  }

  /** Milliseconds until a venue accepts requests again; 0 when it does. */
  blockedForMs(address: string): number {
    return Math.max(0, this.address(address).blockedUntil - this.runtime.monotonic());
  }

  /** Whether the venue still listens: asked at the write, because it may have asked for silence since the grant. */
  mayLeave(request: Pick<RateRequest, 'address' | 'account' | 'priority'>): boolean {
    return this.runtime.monotonic() >= this.address(request.address).barredUntil(request);
  }

  /** Serves in order of priority. A request that must wait holds those behind it that take of the same count. */
  private pump(): void {
    const now = this.runtime.monotonic();
    const held = new Set<RateWindow>();
    let wake = Infinity;
    const still: Waiting[] = [];
    for (const entry of this.waiting) {
      const { request } = entry;
      const budget = this.address(request.address);
      const isHeld =
        request.priority !== 'cancel' && held.size > 0 && isHeldBy(held, budget.partsOf(request));
      const wait = isHeld ? Infinity : budget.waitFor(now, request);
      if (wait === 0 && now <= request.sendBy) this.grant(entry, now);
      else if (now >= request.sendBy) entry.answer('rate limit: the send deadline passed');
      else {
        still.push(entry);
        if (request.priority !== 'create') budget.partsOf(request).forEach(({ window }) => held.add(window));
        wake = Math.min(wake, now + wait, request.sendBy);
      }
    }
    this.waiting = still;
    this.arm(wake - now);
  }

  private grant({ request, answer }: Waiting, now: Mono): void {
    for (const part of this.address(request.address).partsOf(request))
      part.window.add(now, amountOf(part, request), request);
    answer(undefined);
  }

  /** What is answered has arrived: in a short window it counts from now on. Then the venue's own figures. */
  private recount(address: AddressBudget, { request, account, headers }: RateFeedback): void {
    const now = this.runtime.monotonic();
    for (const part of address.partsOf(request ?? { account, priority: 'create', weight: 1 })) {
      const { rule, window } = part;
      if (request) window.settle(now, amountOf(part, request), request);
      const left = countIn(headers, rule.leftIn);
      const used = left === undefined ? countIn(headers, rule.usedIn) : window.limit - left;
      window.correct(now, used ?? 0, intervalEndsIn(this.runtime.now(), window.windowMs));
    }
  }

  private arm(ms: number): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = Number.isFinite(ms)
      ? this.runtime.timers.set(Math.max(1, ms), () => this.pump())
      : undefined;
  }

  private address(key: string): AddressBudget {
    const known = this.addresses.get(key);
    if (known) return known;
    const made = new AddressBudget();
    this.addresses.set(key, made);
    return made;
  }
}

const isHeldBy = (held: ReadonlySet<RateWindow>, parts: readonly Part[]): boolean =>
  parts.some(({ window }) => held.has(window));

const byPriority = (a: Waiting, b: Waiting): number =>
  priorities[a.request.priority] - priorities[b.request.priority] || a.order - b.order;

function countIn(headers: Readonly<Record<string, string>>, name: string | undefined): number | undefined {
  const text = name === undefined ? undefined : headers[name];
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(value) ? value : undefined;
}

export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(headers['retry-after']);
  return headers['retry-after'] !== undefined && seconds >= 0 ? seconds * 1_000 : undefined;
}

const stopMs = (feedback: RateFeedback): number =>
  retryAfterMs(feedback.headers) ?? (feedback.status === 418 ? banStopMs : defaultStopMs);
