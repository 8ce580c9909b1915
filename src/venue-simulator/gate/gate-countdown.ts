import type { Ms } from '../../domain/units';
import type { Timer, Timers } from '../../runtime/runtime';
import type { VenueCore } from '../venue-types';

interface CountdownParts {
  readonly core: VenueCore;
  readonly timers: Timers;
  readonly now: () => Ms;
}

/** Dead-man's switches: one per account and market. What is not renewed in time cancels every open order there. */
export class Countdowns {
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly parts: CountdownParts) {}

  /** When it would fire. */
  arm(account: string, symbol: string, ms: number): Ms {
    this.disarm(account, symbol);
    const fire = (): void => this.fire(account, symbol);
    this.timers.set(keyOf(account, symbol), this.parts.timers.set(ms, fire));
    return this.parts.now() + ms;
  }

  disarm(account: string, symbol: string): void {
    const key = keyOf(account, symbol);
    const timer = this.timers.get(key);
    if (timer) this.parts.timers.clear(timer);
    this.timers.delete(key);
  }

  stop(): void {
    for (const timer of this.timers.values()) this.parts.timers.clear(timer);
    this.timers.clear();
  }

  private fire(account: string, symbol: string): void {
    this.timers.delete(keyOf(account, symbol));
    const { core } = this.parts;
    for (const { orderId } of core.openOrders(account, symbol)) core.cancel({ account, symbol, orderId });
  }
}

const keyOf = (account: string, symbol: string): string => `${account}/${symbol}`;
