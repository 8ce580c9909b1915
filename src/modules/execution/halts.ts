import type { Mono } from '../../domain/units';
import type { Runtime, Timer } from '../../runtime/runtime';
import { haltPollMs } from './common/constants';
import { strictestOf } from './store/halt-scopes';
import type { Halt, HaltedScope, LeasedElsewhere, NewHalt, Offered, Store, SwitchRow } from './store/types';

/** A halt as the engine obeys it; not yet durable while the Store has not answered. */
export interface StandingHalt extends Halt {
  readonly isSaved: boolean;
}

export interface HaltListener {
  /** A halt began to stand, by this engine or another. */
  raised(halt: NewHalt): void;
  /** Which strategies other live engines lease now, and which are left to whoever takes them. */
  seenElsewhere(strategies: readonly LeasedElsewhere[], offered: readonly Offered[]): void;
  /** What venues may have been told, and when the Store was asked. */
  seenSwitches(switches: readonly SwitchRow[], askedAt: Mono): void;
  storeAnswered(ok: boolean, detail: string): void;
}

/**
 * The standing halts, in memory at once and durable as soon as the Store answers. They tighten by themselves and
 * loosen only when a person lifts them: what another engine or person set in the database is seen when it is told, and
 * within a second if that gets lost.
 */
export class Halts {
  private standing: readonly Halt[] = [];
  private readonly unsaved = new Map<string, Halt>();
  private readonly saving = new Map<string, Promise<HaltedScope | undefined>>();
  /** Counts what changed the standing halts here: a read that began before is out of date. */
  private changes = 0;
  private looking: Promise<void> | undefined;
  private timer: Timer | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly store: Store,
    private readonly boot: { readonly ownerId: string; readonly engineId: string },
    private readonly listener: HaltListener,
  ) {}

  start(): void {
    if (this.timer) return;
    const look = (): void => void this.look().catch(() => undefined); // The listener hears that the Store is silent.
    this.timer = this.runtime.timers.every(haltPollMs, look);
    this.store.onHalt(() => this.told());
  }

  stop(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  /** The strictest halt over any of these scopes, or over this engine. */
  over(scopeKeys: readonly string[]): StandingHalt | undefined {
    if (this.standing.length === 0 && this.unsaved.size === 0) return undefined; // Asked by every session each tick.
    const mine = `engine:${this.boot.engineId}`;
    return strictestOf(
      this.all().filter(({ scopeKey }) => scopeKey === mine || scopeKeys.includes(scopeKey)),
    );
  }

  all(): readonly StandingHalt[] {
    const unsaved = [...this.unsaved.values()].filter((halt) => !this.standing.some(isSame(halt)));
    return [
      ...this.standing.map((halt) => ({ ...halt, isSaved: true })),
      ...unsaved.map((halt) => ({ ...halt, isSaved: false })),
    ];
  }

  /** Acts in memory before it returns. Resolves with what it covers once it is durable; undefined when it is not yet. */
  async raise(halt: NewHalt): Promise<HaltedScope | undefined> {
    const isNew = !this.all().some(isSame(halt));
    this.unsaved.set(keyOf(halt), { ...halt, at: this.runtime.now(), leases: 0 });
    if (isNew) this.listener.raised(halt);
    return this.save(halt);
  }

  /** Ends the standing halts of a scope. Rejects with StoreUnavailable: then they stand on. */
  async lift(lift: Parameters<Store['liftHalt']>[0]): Promise<readonly Halt[]> {
    const lifted = await this.store.liftHalt(lift);
    for (const [key, halt] of this.unsaved) if (halt.scopeKey === lift.scopeKey) this.unsaved.delete(key);
    this.changes += 1;
    this.standing = this.standing.filter((halt) => halt.scopeKey !== lift.scopeKey);
    return lifted;
  }

  /** Reads the standing halts and saves what is not saved yet. Rejects with StoreUnavailable. */
  look(): Promise<void> {
    this.looking ??= this.readAll().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** A read under way may have begun before what was told: then another one follows it. */
  private told(): void {
    if (!this.timer) return;
    const before = this.looking?.catch(() => undefined) ?? Promise.resolve();
    void before.then(() => this.look()).catch(() => undefined); // The listener hears that the Store is silent.
  }

  private async readAll(): Promise<void> {
    for (const [key, halt] of [...this.unsaved]) if (this.unsaved.has(key)) await this.save(halt); // Not if lifted.
    const before = this.changes;
    const askedAt = this.runtime.monotonic();
    try {
      const { halts, elsewhere, offered, switches } = await this.store.standing(this.boot.ownerId);
      this.listener.storeAnswered(true, '');
      this.listener.seenElsewhere(elsewhere, offered);
      this.listener.seenSwitches(switches, askedAt);
      if (before === this.changes) this.adopt(halts);
    } catch (error) {
      this.listener.storeAnswered(false, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  private adopt(halts: readonly Halt[]): void {
    const known = this.all();
    this.standing = halts;
    for (const halt of halts) if (!known.some(isSame(halt))) this.listener.raised(halt);
  }

  /** Once at a time: said again behind its own answer, a halt that a person has lifted by then would stand anew. */
  private save(halt: NewHalt): Promise<HaltedScope | undefined> {
    const key = keyOf(halt);
    const saving = this.saving.get(key) ?? this.tell(halt).finally(() => this.saving.delete(key));
    this.saving.set(key, saving);
    return saving;
  }

  private async tell({ scopeKey, level, reason, actor }: NewHalt): Promise<HaltedScope | undefined> {
    try {
      const saved = await this.store.kill({ scopeKey, level, reason, actor });
      this.unsaved.delete(keyOf(saved.halt));
      this.changes += 1;
      this.standing = [...this.standing.filter((halt) => !isSame(saved.halt)(halt)), saved.halt];
      this.listener.storeAnswered(true, '');
      return saved;
    } catch (error) {
      this.listener.storeAnswered(false, error instanceof Error ? error.message : String(error));
      return undefined; // It stands in memory, and every look tries again.
    }
  }
}

const keyOf = ({ scopeKey, level }: NewHalt): string => `${level} ${scopeKey}`;

const isSame =
  (a: NewHalt) =>
  (b: NewHalt): boolean =>
    keyOf(a) === keyOf(b);
