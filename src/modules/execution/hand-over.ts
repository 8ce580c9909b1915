import type { Mono } from '../../domain/units';
import type { Engine } from './engine';
import { canChangeHands } from './handover-rules';
import { stopsCreates } from './store/halt-scopes';
import type { AccountConfig, CloseResult, HandedStrategy, HandoverFate, StopResult } from './types';

const pollMs = 50;
const lookMs = 250;
const longestLookMs = 1_000;
/** Of the whole time: until then every order is proved, somebody has taken the strategies, they are taken back. */
const provenShare = 0.2;
const takenShare = 0.55;
const takenBackShare = 0.65;
/** Nobody judges the prices of what is offered: a successor that is ready takes it within a second or two. */
const takenMs = 6_000;

/** The ordinary ways to stop, one strategy and all: orders cancelled, the venue asked, the leases let go. */
interface Stops {
  close(strategyId: string, timeoutMs: number): Promise<CloseResult>;
  stop(timeoutMs: number, accounts: readonly AccountConfig[] | undefined): Promise<StopResult>;
}

interface Leaving {
  fate: HandoverFate;
  ordersCount: number;
  takenBy: string | undefined;
}

/**
 * Leaves what runs here to another engine with its orders where they are. No create leaves from the first moment on. A
 * strategy is offered once the venue has shown every order of it, nothing asked for is outstanding and its fills are in
 * the books; one that does not come to that is stopped as ever. What nobody takes is taken back, to be stopped as well.
 * A crash at any step leaves either a lease that runs out or an offer that lapses: both are the startup's to clear up.
 */
export class HandOver {
  private readonly strategies = new Map<string, Leaving>();
  private isCutShort = false;

  constructor(
    private readonly engine: Engine,
    private readonly stops: Stops,
  ) {}

  /** What has become of each strategy; empty before a handover. */
  get view(): readonly HandedStrategy[] {
    return [...this.strategies].map(([strategyId, leaving]) => ({ strategyId, ...leaving }));
  }

  /** Leases of this engine, with the drain or without it. */
  get leasesHeldCount(): number {
    return this.engine.leases.heldCount();
  }

  /** Has `listener` called when another engine offers strategies. */
  onOffer(listener: () => void): void {
    this.engine.leases.onOffer(listener);
  }

  /** Nothing is waited for any more: what is not taken yet is stopped. */
  cutShort(): void {
    this.isCutShort = true;
  }

  /** Ends as `stop` does, which clears up what was not handed over. `accounts` as there. */
  async run(timeoutMs: number, accounts: readonly AccountConfig[] | undefined): Promise<StopResult> {
    const { runtime, lifecycle, sessions, leases } = this.engine;
    const began = runtime.monotonic();
    const until = (share: number): Mono => began + timeoutMs * share;
    const left = (share: number): number => Math.max(0, until(share) - runtime.monotonic());
    lifecycle.state = 'stopping';
    for (const strategyId of sessions.keys()) this.leave(strategyId);
    await Promise.all([...this.strategies.keys()].map((id) => this.offer(id, until(provenShare), until(1))));
    await this.untilTaken(Math.min(until(takenShare), runtime.monotonic() + takenMs));
    const takingBack = this.of('offered').map((strategyId) => this.takeBack(strategyId));
    await Promise.race([Promise.all(takingBack), runtime.sleep(left(takenBackShare))]);
    leases.withdraw([...this.of('offered'), ...this.of('cancelling')]);
    const result = await this.stops.stop(left(1), accounts);
    if (!result.confirmed) return result;
    for (const id of this.of('taken_back')) await leases.release(id).catch(() => undefined); // It expires.
    for (const one of this.strategies.values()) if (one.fate !== 'taken') one.fate = 'ended';
    return result;
  }

  private leave(strategyId: string): void {
    const session = this.engine.sessions.get(strategyId)!;
    const halt = this.engine.halts.over(session.strategy.scopes);
    const isLeft = session.mode === 'running' && !(halt && stopsCreates(halt));
    this.strategies.set(strategyId, {
      fate: isLeft ? 'proving' : 'cancelling',
      ...{ ordersCount: 0, takenBy: undefined },
    });
    session.mode = 'closing'; // What was decided before puts no byte on the wire any more.
    if (isLeft) this.engine.clock.unregister(session.name); // It takes no quote away either.
  }

  private async offer(strategyId: string, provenBy: Mono, closedBy: Mono): Promise<void> {
    const leaving = this.strategies.get(strategyId)!;
    while (leaving.fate === 'proving') {
      if (await this.isProven(strategyId, provenBy)) await this.give(strategyId, leaving);
      else if (this.isLate(provenBy)) leaving.fate = 'cancelling';
      else await this.engine.runtime.sleep(pollMs);
    }
    if (leaving.fate === 'cancelling') void this.stop(strategyId, closedBy);
  }

  /** Also that what is known of them is on record; it may take as long as the database. */
  private async isProven(strategyId: string, until: Mono): Promise<boolean> {
    const { orders, runtime } = this.engine;
    const areProven = (): boolean => orders.unended(strategyId).every(canChangeHands);
    if (!areProven()) return false;
    const late = runtime.sleep(Math.max(0, until - runtime.monotonic()));
    const isDurable = await Promise.race([orders.idle().then(() => true), late.then(() => false)]);
    return isDurable && areProven();
  }

  private async give(strategyId: string, leaving: Leaving): Promise<void> {
    const { engine } = this;
    const { orders, leases, notify } = engine;
    leaving.ordersCount = orders.unended(strategyId).length;
    const isGiven = await leases.handOver(strategyId);
    if (!isGiven) await this.look(); // It may have been given, and the answer lost.
    leaving.fate = isGiven || leases.isOthers(strategyId) ? 'offered' : 'cancelling';
    if (leaving.fate !== 'offered') return;
    this.forgetSession(strategyId);
    const detail = `${leaving.ordersCount} live orders are left to the engine that takes it`;
    notify({ code: 'OFFERED', severity: 'info', detail, strategyId });
  }

  private forgetSession(strategyId: string): void {
    const { sessions, books } = this.engine;
    const session = sessions.get(strategyId);
    if (!session) return;
    sessions.delete(strategyId);
    books.unfollow(session.strategy.account, session.strategy.rules.id);
  }

  private async stop(strategyId: string, until: Mono): Promise<void> {
    const { runtime, notify, clock } = this.engine;
    const { strategy, name } = this.engine.sessions.get(strategyId) ?? {};
    if (!strategy || name === undefined) return;
    const detail = 'an order is not proved, or it does not run: it is stopped, not handed over';
    notify({ code: 'NOT_HANDED_OVER', severity: 'warn', detail, strategyId });
    clock.unregister(name);
    const { confirmed } = await this.stops.close(strategyId, Math.max(0, until - runtime.monotonic()));
    if (confirmed) this.strategies.get(strategyId)!.fate = 'ended';
  }

  private async untilTaken(until: Mono): Promise<void> {
    const { runtime } = this.engine;
    while (this.of('offered').length > 0) {
      await this.look();
      for (const strategyId of this.of('offered')) this.seeWhoHas(strategyId);
      if (this.of('offered').length === 0 || this.isLate(until)) return;
      await runtime.sleep(lookMs);
    }
  }

  /** Without an answer, nothing new is seen. */
  private async look(): Promise<void> {
    const { halts, runtime } = this.engine;
    await Promise.race([halts.look().catch(() => undefined), runtime.sleep(longestLookMs)]);
  }

  private seeWhoHas(strategyId: string): void {
    const takenBy = this.engine.leases.ownerElsewhere(strategyId);
    if (takenBy === undefined) return;
    Object.assign(this.strategies.get(strategyId)!, { fate: 'taken', takenBy });
  }

  /** Orders must not rest with nobody to look after them. */
  private async takeBack(strategyId: string): Promise<void> {
    const { leases, notify } = this.engine;
    const leaving = this.strategies.get(strategyId)!;
    const lease = await leases.take(strategyId).catch(() => undefined); // Without it the orders are cancelled as well.
    if (!lease) await this.look();
    this.seeWhoHas(strategyId);
    if (leaving.fate === 'taken') return;
    leaving.fate = lease ? 'taken_back' : 'cancelling';
    const detail = `no other engine has taken it; its ${leaving.ordersCount} orders are cancelled`;
    notify({ code: 'NOT_HANDED_OVER', severity: 'warn', detail, strategyId });
  }

  private of(fate: HandoverFate): readonly string[] {
    return [...this.strategies].filter(([, leaving]) => leaving.fate === fate).map(([id]) => id);
  }

  private isLate(until: Mono): boolean {
    return this.isCutShort || this.engine.runtime.monotonic() >= until;
  }
}
