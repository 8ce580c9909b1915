import type { Notice } from '../../../src/modules/execution/common/notices';
import type { Session } from '../../../src/modules/execution/session';
import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { Host } from '../host';
import { accountId } from '../seed-plan';
import type { SeenRequest, WireAnswer } from '../wire';
import type { Ear } from './ears';
import { outcomeOf } from './outcome-classes';

const breakerClasses = ['create', 'cancel', 'query'] as const;
const losses = / by engine: (LOSS_LIMIT|DRAWDOWN_LIMIT):/;
const noticed = /^(\S+) (REDUCE_ONLY|CANCEL_ONLY|HALTED) by /;

/** What each code is counted as: written once, for a second has hundreds of them. */
interface Names {
  readonly reason: string;
  readonly gate: string;
  readonly slot: string;
}

/** What was reached, each counted when it begins: reasons, gates, held slots, states and breakers, outcomes. */
export class Coverage implements Ear {
  readonly counts = new Map<string, number>();
  private readonly shown = new Map<string, ReadonlySet<string>>();
  private readonly names = new Map<string, Names>();
  private readonly modes = new Map<string, string>();
  private readonly phases = new Map<string, string>();

  answered({ kind }: SeenRequest, answer: WireAnswer | undefined): void {
    if (kind === 'create') this.count(`outcome ${outcomeOf(answer)}`);
  }

  logged(lines: readonly OrderLogLine[]): void {
    for (const { kind } of lines) if (kind === 'denied') this.count('outcome NOT_SENT');
  }

  /** Everything of a process begins anew with it. */
  booted(): void {
    this.shown.clear();
    this.modes.clear();
    this.phases.clear();
  }

  noticed({ code, detail }: Notice): void {
    const level = code === 'HALT' ? noticed.exec(detail)?.[2] : undefined;
    if (level !== undefined) this.count(`state ACTIVE>${level}`);
    // A loss ends a strategy in the tick that finds it: no look of a second later shows it as a reason.
    const loss = code === 'HALT' ? losses.exec(detail)?.[1] : undefined;
    if (loss !== undefined) this.count(`reason ${loss}`);
  }

  lifted(level: string): void {
    this.count(`state ${level}>ACTIVE`);
  }

  /** Asked every second. */
  probe({ engine, runtime }: Host): void {
    if (!engine || runtime.isDead) return;
    for (const session of engine.sessions.values()) this.session(session);
    if (!engine.accounts.has(accountId)) return;
    for (const kind of breakerClasses) {
      const edge = this.step(this.phases, kind, engine.breaker.phase(accountId, kind), 'closed');
      if (edge !== undefined) this.count(`breaker ${edge}`);
    }
  }

  private session(session: Session): void {
    const edge = this.step(this.modes, session.name, session.mode, 'running');
    if (edge !== undefined) this.count(`mode ${edge}`);
    const now = new Set<string>();
    for (const { code, effect, side, slot } of session.latestReasons) {
      const names = this.namesOf(code);
      now.add(names.reason);
      if (side === 'both' && effect !== 'info') now.add(names.gate);
      if (slot !== undefined && effect !== 'info') now.add(names.slot);
    }
    const before = this.shown.get(session.name);
    for (const key of now) if (!before?.has(key)) this.count(key);
    this.shown.set(session.name, now);
  }

  private namesOf(code: string): Names {
    const known = this.names.get(code);
    if (known) return known;
    const made = { reason: `reason ${code}`, gate: `gate ${code}`, slot: `slot ${code}` };
    this.names.set(code, made);
    return made;
  }

  private step(known: Map<string, string>, name: string, to: string, first: string): string | undefined {
    const from = known.get(name) ?? first;
    known.set(name, to);
    return from === to ? undefined : `${from}>${to}`;
  }

  private count(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}
