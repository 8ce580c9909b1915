import type { Runtime, Timer } from '../runtime/runtime';
import type { Watched } from './watch-list';
import { WatchList } from './watch-list';

const lookMs = 1_000;

export interface WatchdogParts {
  readonly runtime: Runtime;
  /** What engines lease now. */
  readonly read: () => Promise<readonly Watched[]>;
  /** Makes an account ready to be swept even when the database has gone. */
  readonly prepare: (accountId: string) => void;
  /** Cancels the orders of these strategies until it is proved that none rests, or they are not dead any more. */
  readonly sweep: (accountId: string, dead: () => ReadonlySet<number>) => Promise<boolean>;
  readonly say: (line: string) => void;
}

/**
 * Cancels what a dead engine left at the venue. It acts for the strategies that an engine without progress still
 * leases, once for each death, and leaves off as soon as the engine lives again or another one has taken over.
 */
export class Watchdog {
  private readonly list = new WatchList();
  private readonly sweeping = new Set<string>();
  /** Accounts and engines whose last orders were proved gone. */
  private readonly swept = new Set<string>();
  private timer: Timer | undefined;
  private isReading = false;
  private failure = '';

  constructor(private readonly parts: WatchdogParts) {}

  start(): void {
    this.timer ??= this.parts.runtime.timers.every(lookMs, () => {
      void this.read();
      for (const accountId of this.list.accounts()) this.judge(accountId);
    });
  }

  stop(): void {
    if (this.timer) this.parts.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  private async read(): Promise<void> {
    if (this.isReading) return; // A database that hangs shows no progress either.
    this.isReading = true;
    const { runtime, read, prepare, say } = this.parts;
    const askedAt = runtime.monotonic();
    try {
      const watched = await read();
      this.list.read(watched, askedAt);
      for (const accountId of this.list.accounts()) prepare(accountId);
      if (this.failure) say('the database answers again');
      this.failure = '';
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== this.failure) say(`the database does not answer: ${failure}`);
      this.failure = failure;
    } finally {
      this.isReading = false;
    }
  }

  private judge(accountId: string): void {
    const dead = this.dead(accountId);
    const keys = new Set(dead.map(keyOf));
    for (const key of this.swept)
      if (key.startsWith(`${accountId} `) && !keys.has(key)) this.swept.delete(key);
    const fresh = [...keys].filter((key) => !this.swept.has(key));
    if (fresh.length === 0 || this.sweeping.has(accountId)) return;
    this.parts.say(`no progress for 15 s: ${fresh.join(', ')}`);
    this.sweeping.add(accountId);
    void this.parts
      .sweep(accountId, () => new Set(this.dead(accountId).map(({ strategyNumber }) => strategyNumber)))
      .then((isSwept) => {
        if (isSwept) for (const key of fresh) this.swept.add(key);
      })
      .catch((error: unknown) => this.parts.say(`${accountId} cannot be swept: ${String(error)}`))
      .finally(() => this.sweeping.delete(accountId));
  }

  private dead(accountId: string): readonly Watched[] {
    return this.list.deadOn(accountId, this.parts.runtime.monotonic());
  }
}

const keyOf = ({ accountId, ownerId }: Watched): string => `${accountId} ${ownerId}`;
