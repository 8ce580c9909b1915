import { scopeKeysOf } from '../../src/modules/execution/store/halt-scopes';
import type { HaltLevel } from '../../src/modules/execution/store/types';
import type { EventLog } from './event-log';
import type { Host } from './host';
import { accountId } from './seed-plan';
import type { SeedPlan } from './seed-plan';

export interface DeskParts {
  readonly plan: SeedPlan;
  readonly log: EventLog;
  readonly now: () => number;
  readonly lifted: (level: HaltLevel) => void;
}

/** How long a person takes to look at a halt, and the halts of which there is nothing to mend in this world. */
const deskMs = 10_000;
const lookedAt =
  /^(PERSON|REJECT_RATE|ACCOUNT_UNRECONCILED|AUTH|RESTRICTED|SYMBOL|BAD_REQUEST|DEAD_MAN_FIRED)/;

const losses = /^(LOSS_LIMIT|DRAWDOWN_LIMIT)/;

/** A person at the desk: lifts a halt after a look, and an engine that kept dying is let in again. */
export class Desk {
  private readonly seen = new Map<string, number>();

  constructor(private readonly parts: DeskParts) {}

  /** Where it dies again and again on purpose, the breaker of boots stands long enough to be judged. */
  private get isSlow(): boolean {
    return this.parts.plan.rates.has('P7');
  }

  /** Asked every second. */
  look(host: Host): void {
    const { service } = host;
    if (!service || host.runtime.isDead) return;
    const { log, now, lifted } = this.parts;
    const standing = service.halts();
    // Whoever lifts a scope lifts all that stands on it: what there is to mend in one of them keeps the others.
    const isKept = (key: string): boolean =>
      standing.some(({ scopeKey, reason }) => scopeKey === key && losses.test(reason));
    for (const { scopeKey, reason, level } of standing) {
      if (isKept(scopeKey)) continue;
      const isSeen = now() - (this.seen.get(scopeKey) ?? Infinity) >= deskMs;
      if (!this.seen.has(scopeKey)) this.seen.set(scopeKey, now());
      const isBoots = reason.startsWith('BOOT_BREAKER') && (isSeen || !this.isSlow);
      if (!isBoots && !(isSeen && lookedAt.test(reason))) continue;
      this.seen.delete(scopeKey);
      lifted(level);
      log.add('operator', 'lift', scopeKey);
      void service
        .liftHalt({ scopeKey, actor: 'operator', reason: 'looked at it' })
        .then(() => this.resume(host, scopeKey))
        .catch((error: unknown) => log.add('operator', 'failed', String(error)));
    }
  }

  /** What was halted stays so after the halt is lifted, until a person resumes it by name. */
  private async resume(host: Host, scopeKey: string): Promise<void> {
    for (const strategy of this.parts.plan.strategies) {
      const { market, id } = strategy;
      const instrument = `${market.base}/${market.quote}`;
      const scopes = scopeKeysOf(id, { accountId, venue: this.parts.plan.venue, instrument });
      if (scopes.includes(scopeKey)) await host.resume(strategy);
    }
  }
}
