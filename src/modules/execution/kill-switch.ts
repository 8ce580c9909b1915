import { decodeClientOrderId } from '../../domain/ids';
import type { ClientOrder } from '../../domain/order';
import type { Mono } from '../../domain/units';
import { killTargetMs, sweepGapMs } from './common/constants';
import type { Engine, OpenAccount } from './engine';
import { engineActor } from './gates';
import { scopesOf } from './halt-effects';
import type { StandingHalt } from './halts';
import { cancelAll, recoverOrders } from './recover-orders';
import { orderViewOf } from './session-view';
import type { HaltedScope } from './store/types';
import type { KillRequest, KillView } from './types';

const everyMs = 500;

interface Run extends KillRequest {
  readonly id: string;
  readonly began: Mono;
  readonly createdAtMs: number;
  readonly provingSinceMs: number;
  covered: HaltedScope | undefined;
  confirmedAtMs: number | undefined;
  /** When the first of two empty reads was asked for. */
  emptySince: Mono | undefined;
  sweptAtMs: number | undefined;
  /** Accounts whose last question was not answered. */
  silent: readonly string[];
  isPaged: boolean;
  isOver: boolean;
}

/**
 * A halt of a person over a scope, carried through: no create from now on, every own order cancelled again and again,
 * then the proof. Confirmed: every order has ended by its own evidence. Swept: after that, two empty reads of the
 * venue, further apart than a read may lag. It cancels and refuses from memory while the database is down.
 */
export class KillSwitch {
  private readonly runs = new Map<string, Run>();

  constructor(private readonly engine: Engine) {}

  /** Resolves when the halt is durable, or is known not to be yet; cancelling has begun before. Repeated calls join. */
  async engage(request: KillRequest): Promise<KillView> {
    return this.carry(request, this.engine.runtime.now());
  }

  /**
   * The kill that stands over a scope, carried through by this process too: one from before it started, or of another
   * engine. Undefined when no person has killed the scope.
   */
  async resume(scopeKey: string): Promise<KillView | undefined> {
    const isIt = (halt: StandingHalt): boolean =>
      halt.scopeKey === scopeKey && halt.level === 'HALTED' && halt.actor !== engineActor;
    const halt = this.engine.halts.all().find(isIt);
    if (!halt || this.runs.has(scopeKey)) return this.view(scopeKey);
    return this.carry({ scopeKey, reason: halt.reason, actor: halt.actor }, halt.at);
  }

  private async carry(request: KillRequest, createdAtMs: number): Promise<KillView> {
    const { engine } = this;
    const known = this.runs.get(request.scopeKey);
    const run = known && !known.isOver ? known : this.begin(request, createdAtMs);
    const { scopeKey, reason, actor } = request;
    run.covered = (await engine.halts.raise({ scopeKey, level: 'HALTED', reason, actor })) ?? run.covered;
    if (run !== known) {
      run.silent = this.unopened(run);
      void this.carryThrough(run);
    }
    return this.viewOf(run);
  }

  view(scopeKey: string): KillView | undefined {
    const run = this.runs.get(scopeKey);
    return run && this.viewOf(run);
  }

  /** The halt was lifted: what is left to prove is nobody's question any more. */
  forget(scopeKey: string): void {
    const run = this.runs.get(scopeKey);
    if (run) run.isOver = true;
    this.runs.delete(scopeKey);
  }

  private begin(request: KillRequest, createdAtMs: number): Run {
    const { runtime } = this.engine;
    const run: Run = {
      ...{ ...request, id: runtime.uuid(), began: runtime.monotonic(), createdAtMs },
      provingSinceMs: runtime.now(),
      ...{ covered: undefined, confirmedAtMs: undefined, emptySince: undefined, sweptAtMs: undefined },
      ...{ silent: [], isPaged: false, isOver: false },
    };
    this.runs.set(request.scopeKey, run);
    return run;
  }

  private async carryThrough(run: Run): Promise<void> {
    const { runtime, lifecycle } = this.engine;
    while (!run.isOver && lifecycle.state !== 'stopped') {
      const isKnown = await this.takeIn(run);
      for (const account of this.accountsOf(run)) cancelAll(account, this.left(run, account));
      if (run.confirmedAtMs === undefined && isKnown && this.allLeft(run).length === 0)
        run.confirmedAtMs = runtime.now();
      if (run.confirmedAtMs !== undefined) await this.sweep(run);
      this.pageWhenLate(run);
      await runtime.sleep(everyMs);
    }
  }

  /** Orders of other engines and processes in the scope become ours to cancel. False when the Store does not answer. */
  private async takeIn(run: Run): Promise<boolean> {
    try {
      for (const account of this.accountsOf(run)) {
        const rows = (await this.engine.store.load(account.config.id)).orders;
        const strangers = rows.filter((row) => !this.engine.orders.get(row.clientOrderId));
        const ids = new Set(strangers.filter((row) => this.covers(run, row)).map((row) => row.strategyId));
        for (const id of ids) await recoverOrders(this.engine, account, id);
      }
      for (const id of this.unopened(run)) {
        const { orders } = await this.engine.store.load(id);
        if (orders.some((row) => this.covers(run, row))) return false;
      }
      return true;
    } catch {
      return this.engine.halts.all().some((halt) => halt.scopeKey === run.scopeKey && !halt.isSaved);
    }
  }

  private async sweep(run: Run): Promise<void> {
    const { runtime } = this.engine;
    const askedAt = runtime.monotonic();
    if (run.emptySince !== undefined && askedAt - run.emptySince <= sweepGapMs) return;
    const silent = [...this.unopened(run)];
    let open = 0;
    for (const account of this.accountsOf(run)) {
      try {
        open += await this.openAtVenue(run, account);
      } catch {
        silent.push(account.config.id); // Not answered: the venue has shown nothing.
      }
    }
    run.silent = silent;
    if (open > 0 || silent.length > 0) run.emptySince = undefined;
    else if (run.emptySince === undefined) run.emptySince = askedAt;
    else {
      run.sweptAtMs = runtime.now();
      run.isOver = true;
    }
  }

  private async openAtVenue(run: Run, { reconciler }: OpenAccount): Promise<number> {
    const numbers = this.numbersOf(run);
    const isOurs = (id: string): boolean =>
      this.engine.orders.isOwn(id) &&
      (numbers === undefined || numbers.has(decodeClientOrderId(id)?.strategyNumber ?? -1));
    const rows = await reconciler.openAtVenue(isOurs);
    const [kind, rest = ''] = splitKey(run.scopeKey);
    return kind === 'instrument'
      ? rows.filter((row) => rest.endsWith(`/${row.instrument}`)).length
      : rows.length;
  }

  private pageWhenLate(run: Run): void {
    if (run.isPaged || run.confirmedAtMs !== undefined) return;
    if (this.engine.runtime.monotonic() - run.began < killTargetMs) return;
    run.isPaged = true;
    const ids = this.allLeft(run).map((order) => order.clientOrderId);
    const detail = `${run.scopeKey}: not confirmed within ${killTargetMs / 1_000} s: ${ids.join(', ')}`;
    this.engine.notify({ code: 'STOP_NOT_CONFIRMED', severity: 'page', detail });
  }

  private accountsOf({ scopeKey }: Run): readonly OpenAccount[] {
    const [kind, rest = ''] = splitKey(scopeKey);
    return [...this.engine.accounts.values()].filter(({ config }) => {
      if (kind === 'venue') return config.venue === rest;
      if (kind === 'account') return config.id === rest;
      return kind === 'instrument' ? rest.startsWith(`${config.id}/`) : true;
    });
  }

  /** Accounts in the scope that this engine has not opened: it cannot speak for them. */
  private unopened({ covered }: Run): readonly string[] {
    const ids = new Set((covered?.strategies ?? []).map(({ accountId }) => accountId));
    return [...ids].filter((id) => !this.engine.accounts.has(id));
  }

  private allLeft(run: Run): readonly ClientOrder[] {
    return this.accountsOf(run).flatMap((account) => this.left(run, account));
  }

  private left(run: Run, { config }: OpenAccount): readonly ClientOrder[] {
    return this.engine.orders
      .allUnended()
      .filter((order) => order.accountId === config.id && !order.ended && this.covers(run, order));
  }

  private covers(run: Run, order: Parameters<typeof scopesOf>[1]): boolean {
    const isMember = run.covered?.strategies.some(({ id }) => id === order.strategyId) ?? false;
    return isMember || scopesOf(this.engine, order).includes(run.scopeKey);
  }

  /** Strategies by number, for scopes that are not told by the place of an order. */
  private numbersOf(run: Run): ReadonlySet<number> | undefined {
    const [kind] = splitKey(run.scopeKey);
    if (kind !== 'strategy' && kind !== 'owner') return undefined;
    const sessions = [...this.engine.sessions.values()].map((session) => session.strategy);
    const running = sessions.filter(({ scopes }) => scopes.includes(run.scopeKey));
    return new Set([...(run.covered?.strategies ?? []), ...running].map(({ number }) => number));
  }

  private viewOf(run: Run): KillView {
    const { orders, runtime, halts } = this.engine;
    const remaining = this.allLeft(run).map((order) =>
      orderViewOf(order, orders.rulesOf(order.clientOrderId)!, runtime.monotonic()),
    );
    const isSaved = halts.all().some((halt) => halt.scopeKey === run.scopeKey && halt.isSaved);
    const { id, scopeKey, reason, actor, createdAtMs, confirmedAtMs, sweptAtMs, silent } = run;
    const { provingSinceMs } = run;
    const leases = run.covered?.halt.leases ?? 0;
    return {
      ...{ id, scopeKey, reason, actor, createdAtMs, provingSinceMs, confirmedAtMs, sweptAtMs },
      ...{ isSaved, leases, remaining, silentAccounts: silent },
    };
  }
}

function splitKey(scopeKey: string): readonly [string, string?] {
  const at = scopeKey.indexOf(':');
  return at < 0 ? [scopeKey] : [scopeKey.slice(0, at), scopeKey.slice(at + 1)];
}
