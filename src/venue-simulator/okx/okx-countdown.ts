import type { Ms } from '../../domain/units';
import type { Timer } from '../../runtime/runtime';
import { switchCancel } from './okx-order-rows';
import type { OkxParts } from './okx-parts';

/** Dead-man's switches: one per account, and one per tag of its orders. What is not renewed in time cancels them all. */
export class Countdowns {
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly parts: Pick<OkxParts, 'core' | 'timers' | 'now'>) {}

  /** When it will fire; 0 seconds end it, and there is no such time. */
  set(account: string, tag: string, seconds: number): Ms | undefined {
    const { timers, now } = this.parts;
    const key = `${account}/${tag}`;
    const running = this.timers.get(key);
    if (running) timers.clear(running);
    this.timers.delete(key);
    if (seconds === 0) return undefined;
    const fire = (): void => {
      this.timers.delete(key);
      this.cancel(account, tag);
    };
    this.timers.set(key, timers.set(seconds * 1_000, fire));
    return now() + seconds * 1_000;
  }

  stop(): void {
    for (const timer of this.timers.values()) this.parts.timers.clear(timer);
    this.timers.clear();
  }

  private cancel(account: string, tag: string): void {
    const { core } = this.parts;
    for (const { symbol, orderId, memo } of core.openOrders(account)) {
      if (tag === '' || memo?.['tag'] === tag) core.cancel({ account, symbol, orderId }, switchCancel);
    }
  }
}
