import type { Ms } from '../../domain/units';
import { refusals } from './binance-errors';

export const limits = { weightPerMinute: 6_000, ordersPer10s: 100, ordersPerDay: 200_000 } as const;

const minute = 60_000;
const tenSeconds = 10_000;
const day = 86_400_000;
const patience = 20;
const banMs = 120_000;

interface Window {
  index: number;
  used: number;
}

/** What one address has spent: request weight for everybody, orders per account. Windows start on round times. */
export class RateMeter {
  private readonly weight: Window = { index: 0, used: 0 };
  private readonly orders = new Map<string, readonly [Window, Window]>();
  private refused = 0;
  private bannedUntil: Ms = 0;

  constructor(
    private readonly now: () => Ms,
    readonly weightPerMinute: number = limits.weightPerMinute,
    readonly ordersPer10s: number = limits.ordersPer10s,
  ) {}

  /** Throws when the address has nothing left; one that keeps asking is banned. */
  charge(weight: number): void {
    const now = this.now();
    if (now < this.bannedUntil) throw refusals.weight(secondsUntil(this.bannedUntil, now), 418);
    if (roll(this.weight, now, minute)) this.refused = 0;
    this.weight.used += weight;
    if (this.weight.used <= this.weightPerMinute) return;
    this.refused += 1;
    if (this.refused <= patience) throw refusals.weight(secondsUntil(nextStart(now, minute), now), 429);
    this.bannedUntil = now + banMs;
    throw refusals.weight(secondsUntil(this.bannedUntil, now), 418);
  }

  /** Throws before an order would exceed the limit; a refused order is not counted. */
  chargeOrder(account: string): void {
    const [short, long] = this.windowsOf(account);
    if (short.used >= this.ordersPer10s || long.used >= limits.ordersPerDay) throw refusals.tooManyOrders();
    short.used += 1;
    long.used += 1;
  }

  weightHeader(): Readonly<Record<string, string>> {
    return { 'X-MBX-USED-WEIGHT-1M': String(this.weight.used) };
  }

  orderHeaders(account: string): Readonly<Record<string, string>> {
    const { per10s, perDay } = this.orderCounts(account);
    return { 'X-MBX-ORDER-COUNT-10S': String(per10s), 'X-MBX-ORDER-COUNT-1D': String(perDay) };
  }

  orderCounts(account: string): { readonly per10s: number; readonly perDay: number } {
    const [short, long] = this.windowsOf(account);
    return { per10s: short.used, perDay: long.used };
  }

  private windowsOf(account: string): readonly [Window, Window] {
    const known = this.orders.get(account) ?? [
      { index: 0, used: 0 },
      { index: 0, used: 0 },
    ];
    this.orders.set(account, known);
    const now = this.now();
    roll(known[0], now, tenSeconds);
    roll(known[1], now, day);
    return known;
  }
}

/** True when a new window began. */
function roll(window: Window, now: Ms, length: number): boolean {
  const index = Math.floor(now / length);
  if (index === window.index) return false;
  window.index = index;
  window.used = 0;
  return true;
}

const nextStart = (now: Ms, length: number): Ms => (Math.floor(now / length) + 1) * length;
const secondsUntil = (until: Ms, now: Ms): number => Math.max(1, Math.ceil((until - now) / 1_000));
