import type { Mono } from '../../../domain/units';
import type { Runtime, Timer } from '../../../runtime/runtime';
import { AccountBudget, AddressBudget, cautiousLimits, priorities } from './rate-limits';
import type { Priority, VenueLimits } from './rate-limits';
import type { RateWindow } from './rate-windows';
import { intervalEndsIn } from './rate-windows';

export interface RateRequest {
  /** Venue and environment: everything that leaves by this process's address to it. */
  readonly address: string;
  readonly account?: string | undefined;
  readonly priority: Priority;
  readonly weight: number;
  /** What a create is for: some venues count the orders of each instrument. */
  readonly instrument?: string | undefined;
  /** How many orders a create is; one unless it says so. */
  readonly orders?: number | undefined;
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
  private readonly accounts = new Map<string, AccountBudget>();
  private readonly limits = new Map<string, VenueLimits>();
  private waiting: Waiting[] = [];
  private timer: Timer | undefined;
  private taken = 0;

  constructor(private readonly runtime: Runtime) {}

  /** The limits a venue's metadata states. */
  configure(address: string, limits: VenueLimits): void {
    this.limits.set(address, limits);
    this.address(address).weight.setLimit(limits.weightPerMinute);
    for (const [key, account] of this.accounts) if (key.startsWith(`${address}|`)) account.setLimits(limits);
    this.pump();
  }

  /** Waits for permission. Resolves to undefined when granted, or to the reason of a refusal; never rejects. */
  take(request: RateRequest): Promise<string | undefined> {
    return new Promise((answer) => {
      this.taken += 1;
      this.waiting.push({ request, order: this.taken, answer });
      this.waiting.sort(byPriority);
      this.pump();
    });
  }

  feedback(feedback: RateFeedback): void {
    const now = this.runtime.monotonic();
    const address = this.address(feedback.address);
    const account = this.account(feedback);
    const { headers } = feedback;
    this.correct(address.weight, headers['x-mbx-used-weight-1m']);
    if (account) {
      this.correct(account.tenSeconds, headers['x-mbx-order-count-10s']);
      this.correct(account.day, headers['x-mbx-order-count-1d']);
    }
    if (orderCountCodes.has(feedback.code)) return this.stopCreates(account, now, headers);
    if (feedback.status !== 429 && feedback.status !== 418) return;
    const until = now + stopMs(feedback);
    const only = feedback.status === 429 ? feedback.only : undefined;
    if (only === undefined) address.blockedUntil = Math.max(address.blockedUntil, until);
    else if (only === 'create' && account) this.stopCreates(account, now, headers);
    else address.bar(only, until);
  }

  /** Milliseconds to wait before the next connection to a venue; reserves it. */
  connectDelayMs(address: string): number {
    return this.address(address).connects.take(this.runtime.monotonic());
  }

  /** The free share of the tighter budget, 0 to 1; 0 while the venue refuses everything. */
  budgetRatio(address: string, account?: string): number {
    const now = this.runtime.monotonic();
    const budget = this.address(address);
    if (now < budget.blockedUntil) return 0;
    const used = budget.weight.used(now) / budget.weight.limit;
    const orders = this.account({ address, account });
    const ordered = orders ? orders.tenSeconds.used(now) / orders.tenSeconds.limit : 0;
    return Math.max(0, 1 - Math.max(used, ordered));
  }

  /** Milliseconds until one more create may leave; 0 when it may now, Infinity when its limits never let one. */
  createWaitMs(address: string, account?: string): number {
    const now = this.runtime.monotonic();
    const wait = this.address(address).waitFor(now, 'create', 1);
    return Math.max(wait, this.account({ address, account })?.waitFor(now) ?? 0);
  }

  /** Milliseconds until a venue accepts requests again; 0 when it does. */
  blockedForMs(address: string): number {
    return Math.max(0, this.address(address).blockedUntil - this.runtime.monotonic());
  }

  /** Whether the venue still listens: asked at the write, because it may have asked for silence since the grant. */
  mayLeave(request: Pick<RateRequest, 'address' | 'account' | 'priority'>): boolean {
    const now = this.runtime.monotonic();
    if (now < this.address(request.address).barredUntil(request.priority)) return false;
    return request.priority !== 'create' || now >= (this.account(request)?.createsBlockedUntil ?? -Infinity);
  }

  /** Serves in order of priority. A request that must wait holds those behind it at its address. */
  private pump(): void {
    const now = this.runtime.monotonic();
    const held = new Set<string>();
    let wake = Infinity;
    const still: Waiting[] = [];
    for (const entry of this.waiting) {
      const wait = held.has(entry.request.address) ? Infinity : this.waitOf(entry.request, now);
      if (wait === 0 && now <= entry.request.sendBy) this.grant(entry, now);
      else if (now >= entry.request.sendBy) entry.answer('rate limit: the send deadline passed');
      else {
        still.push(entry);
        if (entry.request.priority !== 'create') held.add(entry.request.address);
        wake = Math.min(wake, now + wait, entry.request.sendBy);
      }
    }
    this.waiting = still;
    this.arm(wake - now);
  }

  private waitOf(request: RateRequest, now: Mono): number {
    const wait = this.address(request.address).waitFor(now, request.priority, request.weight);
    if (request.priority !== 'create') return wait;
    const { instrument, orders } = request;
    return Math.max(wait, this.account(request)?.waitFor(now, instrument, orders) ?? 0);
  }

  private grant(entry: Waiting, now: Mono): void {
    this.address(entry.request.address).weight.add(now, entry.request.weight);
    const { priority, instrument, orders } = entry.request;
    if (priority === 'create') this.account(entry.request)?.add(now, instrument, orders);
    entry.answer(undefined);
  }

  private arm(ms: number): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = Number.isFinite(ms)
      ? this.runtime.timers.set(Math.max(1, ms), () => this.pump())
      : undefined;
  }

  private correct(window: RateWindow, header: string | undefined): void {
    const endsInMs = intervalEndsIn(this.runtime.now(), window.windowMs);
    window.correct(this.runtime.monotonic(), counted(header), endsInMs);
  }

  private stopCreates(
    account: AccountBudget | undefined,
    now: Mono,
    headers: Readonly<Record<string, string>>,
  ): void {
    if (!account) return;
    const until = now + (retryAfterMs(headers) ?? defaultStopMs);
    account.createsBlockedUntil = Math.max(account.createsBlockedUntil, until);
  }

  private address(key: string): AddressBudget {
    const known = this.addresses.get(key);
    if (known) return known;
    const made = new AddressBudget(this.limits.get(key) ?? cautiousLimits);
    this.addresses.set(key, made);
    return made;
  }

  private account(of: {
    readonly address: string;
    readonly account?: string | undefined;
  }): AccountBudget | undefined {
    if (of.account === undefined) return undefined;
    const key = `${of.address}|${of.account}`;
    const known = this.accounts.get(key);
    if (known) return known;
    const made = new AccountBudget(this.limits.get(of.address) ?? cautiousLimits);
    this.accounts.set(key, made);
    return made;
  }
}

const byPriority = (a: Waiting, b: Waiting): number =>
  priorities[a.request.priority] - priorities[b.request.priority] || a.order - b.order;

const counted = (header: string | undefined): number => {
  const value = Number(header);
  return header !== undefined && Number.isFinite(value) ? value : 0;
};

export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(headers['retry-after']);
  return headers['retry-after'] !== undefined && seconds >= 0 ? seconds * 1_000 : undefined;
}

const stopMs = (feedback: RateFeedback): number =>
  retryAfterMs(feedback.headers) ?? (feedback.status === 418 ? banStopMs : defaultStopMs);
