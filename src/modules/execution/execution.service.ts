import type { FieldProblem } from '../../domain/errors';
import { DomainError } from '../../domain/errors';
import type { Instrument, VenueId } from '../../domain/instrument';
import { AccountReads } from './account-reads';
import { closeAccount, openAccount } from './accounts';
import type { ClockCounters } from './clock/clock.service';
import type { CredentialCheck } from './connectors/credential-probe';
import type { Capabilities, Credentials, Environment } from './connectors/types';
import { parseMarketMakingConfig } from './controllers/market-making.config';
import type { Preset } from './controllers/presets';
import { presets } from './controllers/presets';
import type { SwitchView } from './dead-man-words';
import type { Engine, OpenAccount } from './engine';
import { HandOver } from './hand-over';
import { KillSwitch } from './kill-switch';
import { planFor } from './plan-for';
import type { Resolution, ShownTrade } from './resolve-order';
import { bookFill, resolveOrder } from './resolve-order';
import { openSession } from './open-session';
import type { Session } from './session';
import { orderViewOf, sessionViewOf } from './session-view';
import { clearAccount, clearLeftovers, clearStrategy, ownUnended } from './stop-engine';
import { scopeKeysOf } from './store/halt-scopes';
import type { Balance, Halt, NewHalt, Store, Transfer, TransferResult } from './store/types';
import { VenueWatch } from './venue-watch';
import type {
  AccountHealth,
  PlanInput,
  AccountConfig,
  AccountReadsView,
  CloseResult,
  KillRequest,
  KillView,
  StandingHalt,
  StrategyPlace,
  DecisionView,
  OrderView,
  PlanView,
  SessionConfig,
  SessionView,
  StopResult,
} from './types';

export interface ExecutionHealth {
  readonly clock: ClockCounters;
  readonly databaseDownSince: number | undefined;
  readonly venues: readonly {
    readonly venue: VenueId;
    readonly accountId: string;
    readonly publicLive: boolean;
    readonly privateLive: boolean;
    readonly clockOffsetMs: number;
    readonly isReconciled: boolean;
    readonly disagreement: string | undefined;
  }[];
}

/** The door for callers: accounts, sessions and money, and what they look like now. Knows no user and no HTTP. */
export class ExecutionService {
  /** The way to leave what runs here to another engine, with its orders where they are. */
  readonly handover: HandOver;

  private readonly opening = new Map<string, Promise<OpenAccount>>();
  private readonly starting = new Map<string, { readonly done: Promise<void>; isWanted: boolean }>();

  private readonly killSwitch: KillSwitch;
  private readonly accountReads: AccountReads;
  private readonly watch: VenueWatch;

  constructor(private readonly engine: Engine) {
    this.killSwitch = new KillSwitch(engine);
    this.accountReads = new AccountReads(engine);
    this.watch = new VenueWatch(engine);
    this.handover = new HandOver(engine, this);
    engine.clock.register('observe', this.watch);
  }

  /** Connects an account's venue and asks it everything before it returns. Repeated calls join. Throws DomainError. */
  async addAccount(config: AccountConfig): Promise<void> {
    await this.account(config);
  }

  /** Asks the venue whether a key works, before or after it is stored. Places nothing. Throws DomainError, VenueError. */
  probeCredentials(account: AccountConfig, credentials: Credentials): Promise<readonly CredentialCheck[]> {
    return this.engine.probe(account, credentials);
  }

  /** Dials again where the venue had refused the key for good. */
  reconnect(accountId: string): void {
    const account = this.engine.accounts.get(accountId);
    if (account && !account.connector.isConnected()) void account.connector.connect().catch(() => undefined);
  }

  /** Lets go of an account that nothing trades on. Throws ACCOUNT_IN_USE. */
  async removeAccount(accountId: string): Promise<void> {
    await this.opening.get(accountId)?.catch(() => undefined);
    await closeAccount(this.engine, accountId);
    this.opening.delete(accountId);
    this.watch.forget(accountId);
  }

  /** `idle`: nothing has needed the account since this engine started. */
  accountHealth(accountId: string): AccountHealth {
    const isOpen = this.engine.accounts.has(accountId);
    const problems = this.watch.problems(accountId);
    const state = isOpen ? (problems.length > 0 ? 'degraded' : 'ok') : 'idle';
    return { state: !isOpen && this.opening.has(accountId) ? 'connecting' : state, problems };
  }

  /** What a venue offers and is used for, whether or not it is connected. */
  capabilities(venue: VenueId): Capabilities {
    return this.engine.connectors.capabilities(venue);
  }

  /** How the dead-man's switch of an account stands. */
  deadMan(accountId: string): SwitchView {
    return this.engine.switches.view(accountId);
  }

  async instruments(venue: VenueId, environment: Environment): Promise<readonly Instrument[]> {
    return this.engine.connectors.feed(venue, environment).loadInstruments();
  }

  validateConfig(
    strategyType: string,
    config: unknown,
  ):
    | { readonly ok: true; readonly config: unknown }
    | { readonly ok: false; readonly problems: readonly FieldProblem[] } {
    if (strategyType === 'pureMarketMaking') return parseMarketMakingConfig(config);
    const detail = `${strategyType} is not offered; use pureMarketMaking`;
    return { ok: false, problems: [{ pointer: '/strategyType', code: 'STRATEGY_NOT_SUPPORTED', detail }] };
  }

  /** Starting points by name; the order size is a share of the value of the allocation. */
  presets(): readonly Preset[] {
    return presets;
  }

  /** What the first tick would do, by the same code. Stores and sends nothing. */
  async plan(input: PlanInput): Promise<PlanView> {
    return planFor(this.engine, await this.account(input.account), input);
  }

  /** Counts a strategy's money among its account's, whether it runs or not. */
  async assign(strategyId: string, accountId: string): Promise<void> {
    const holder = `strategy:${strategyId}`;
    this.engine.holdings.belongs(holder, accountId);
    this.engine.holdings.update(await this.engine.store.balances([holder]));
  }

  /** Takes the lease and starts quoting. Idempotent while the session runs; repeated calls join. Throws DomainError. */
  open(config: SessionConfig): Promise<void> {
    const { strategyId } = config;
    const known = this.starting.get(strategyId);
    if (known) return known.done;
    const done = this.start(config).finally(() => this.starting.delete(strategyId));
    this.starting.set(strategyId, { done, isWanted: true });
    return done;
  }

  /** What a start under way opens is closing from its first moment on: it creates nothing. */
  abandonStart(strategyId: string): void {
    const starting = this.starting.get(strategyId);
    if (starting) starting.isWanted = false;
  }

  private async start(config: SessionConfig): Promise<void> {
    const running = this.engine.sessions.get(config.strategyId);
    if (running?.mode === 'running') return;
    if (running) throw new DomainError('ILLEGAL_TRANSITION', `session is ${running.mode}`, 'Stop it first.');
    const isWanted = (): boolean => this.starting.get(config.strategyId)?.isWanted ?? true;
    await openSession(this.engine, await this.account(config.account), config, isWanted);
  }

  /**
   * Pulls the quotes of a session and waits until every own order has ended by its own evidence, then reads what the
   * venue still lists. Called again it goes on where it was. A start that is under way is waited for: it creates nothing,
   * and what it opens is closed too.
   */
  async close(strategyId: string, timeoutMs: number): Promise<CloseResult> {
    const { engine } = this;
    this.abandonStart(strategyId);
    const starting = this.starting.get(strategyId)?.done.catch(() => undefined);
    if (starting) await Promise.race([starting, engine.runtime.sleep(timeoutMs)]);
    if (this.starting.has(strategyId))
      return { confirmed: false, remaining: this.orders(strategyId), venueOpenOrders: -1 };
    const session = engine.sessions.get(strategyId);
    if (!session) return { confirmed: true, remaining: [], venueOpenOrders: 0 };
    session.mode = 'closing';
    const account = engine.accounts.get(session.strategy.account.id)!;
    const { number } = session.strategy;
    const result = await this.clear(account, { strategyId, number }, timeoutMs);
    if (result.confirmed) await this.dispose(session);
    return result;
  }

  /** Another live engine leases the strategy: it is left to that one. */
  isElsewhere(strategyId: string): boolean {
    return !this.engine.sessions.has(strategyId) && this.engine.leases.isElsewhere(strategyId);
  }

  /** The same for a strategy without a session: cancels what whoever ran it left. Throws DomainError. */
  async closeLeftovers(
    strategy: { readonly strategyId: string; readonly number: number; readonly account: AccountConfig },
    timeoutMs: number,
  ): Promise<CloseResult> {
    return this.clear(await this.account(strategy.account), strategy, timeoutMs, clearLeftovers);
  }

  /** Stops a scope: no create from the first moment on; the view tells what is proved. Repeated calls join. */
  kill(request: KillRequest): Promise<KillView> {
    return this.killSwitch.engage(request);
  }

  killView(scopeKey: string): KillView | undefined {
    return this.killSwitch.view(scopeKey);
  }

  /** The same; a kill from before this process, or of another engine, is proved here anew. */
  resumeKill(scopeKey: string): Promise<KillView | undefined> {
    return this.killSwitch.resume(scopeKey);
  }

  /** Sets a halt that need not be a kill. It acts at once; the answer says whether it is durable. */
  async tighten(halt: NewHalt): Promise<StandingHalt> {
    await this.engine.halts.raise(halt);
    const { scopeKey, level } = halt;
    return this.engine.halts.all().find((one) => one.scopeKey === scopeKey && one.level === level)!;
  }

  /** Asks a venue everything about an account; the view tells what is answered. Repeated calls join. Throws DomainError. */
  async reconcile(config: AccountConfig, requestedBy: string): Promise<AccountReadsView> {
    return this.accountReads.ask(await this.account(config), requestedBy);
  }

  reconcileView(accountId: string): AccountReadsView | undefined {
    return this.accountReads.view(accountId);
  }

  /** A person's word about an order that is lost or overdue. Throws DomainError, StoreUnavailable. */
  resolve(resolution: Resolution): Promise<OrderView> {
    return resolveOrder(this.engine, resolution);
  }

  /** Books a missing fill, or the missing fee of a booked one. Throws DomainError, StoreUnavailable. */
  bookFill(clientOrderId: string, trade: ShownTrade): ReturnType<typeof bookFill> {
    return bookFill(this.engine, clientOrderId, trade);
  }

  /** Ends the standing halts of a scope; answers them. Throws StoreUnavailable: then they stand on. */
  async liftHalt(lift: Parameters<Store['liftHalt']>[0]): Promise<readonly Halt[]> {
    const lifted = await this.engine.halts.lift(lift);
    this.killSwitch.forget(lift.scopeKey);
    return lifted;
  }

  halts(): readonly StandingHalt[] {
    return this.engine.halts.all();
  }

  /** The strictest halt over a strategy, whether it runs or not. */
  haltOver({ strategyId, account, instrument, ownerId }: StrategyPlace): StandingHalt | undefined {
    const { id: accountId, venue } = account;
    return this.engine.halts.over(scopeKeysOf(strategyId, { accountId, venue, instrument, owner: ownerId }));
  }

  session(strategyId: string): SessionView | undefined {
    const session = this.engine.sessions.get(strategyId);
    return session && sessionViewOf(this.engine, session);
  }

  sessions(): readonly SessionView[] {
    return [...this.engine.sessions.values()].map((session) => sessionViewOf(this.engine, session));
  }

  /** Own orders of a strategy that may still be at the venue. */
  orders(strategyId: string): readonly OrderView[] {
    const { orders, runtime } = this.engine;
    return orders
      .unended(strategyId)
      .map((order) => orderViewOf(order, orders.rulesOf(order.clientOrderId)!, runtime.monotonic()));
  }

  decisions(strategyId: string, limit: number): readonly DecisionView[] {
    return this.engine.sessions.get(strategyId)?.decisions(limit) ?? [];
  }

  async transfer(transfer: Transfer): Promise<TransferResult> {
    const result = await this.engine.store.transfer(transfer);
    if (result.kind === 'done') this.engine.holdings.update(result.balances);
    return result;
  }

  balances(holders: readonly string[]): Promise<readonly Balance[]> {
    return this.engine.store.balances(holders);
  }

  /** What the books say of one asset of an account, whoever's it is; a decimal. */
  accountTotal(accountId: string, asset: string): string {
    return this.engine.holdings.accountTotal(accountId, asset).toFixed();
  }

  /**
   * SIGTERM: no new intents, own orders cancelled, the venue asked. Desired state is not touched. `accounts`: every one
   * that may have orders of ours, also of an earlier process; undefined when that could not be read, and then nothing
   * is confirmed.
   */
  async stop(timeoutMs: number, accounts: readonly AccountConfig[] | undefined): Promise<StopResult> {
    const { engine } = this;
    const until = engine.runtime.monotonic() + timeoutMs;
    engine.lifecycle.state = 'stopping';
    for (const session of engine.sessions.values()) session.mode = 'closing';
    const areAllOpening = await this.openWithOrders(accounts);
    const seen = new Set<string>();
    const cleared = await Promise.all(
      [...this.opening.values()].map((account) => clearAccount(engine, account, until, seen)),
    );
    const remaining = this.unended();
    const confirmed = areAllOpening && cleared.every(Boolean) && remaining.length === 0;
    if (confirmed) for (const session of [...engine.sessions.values()]) await this.dispose(session);
    await engine.switches.rest();
    return { confirmed, cancelled: Math.max(0, seen.size - remaining.length), remaining };
  }

  /** Own orders that may still be at a venue, over all strategies and accounts that no other live engine has. */
  unended(): readonly OrderView[] {
    const { orders, runtime } = this.engine;
    return ownUnended(this.engine).map((order) =>
      orderViewOf(order, orders.rulesOf(order.clientOrderId)!, runtime.monotonic()),
    );
  }

  /** Begins to open each account with an order on record; false when the record does not answer. */
  private async openWithOrders(accounts: readonly AccountConfig[] | undefined): Promise<boolean> {
    try {
      for (const account of accounts ?? []) {
        if (this.opening.has(account.id)) continue;
        const { orders } = await this.engine.store.load(account.id);
        if (orders.length > 0) void this.account(account).catch(() => undefined); // Then it is not cleared.
      }
      return accounts !== undefined;
    } catch {
      return false;
    }
  }

  health(): ExecutionHealth {
    const { engine } = this;
    return {
      clock: engine.clock.counters(),
      databaseDownSince: engine.database.downSince,
      venues: [...engine.accounts.values()].map(({ config, connector, reconciler, books }) => ({
        venue: config.venue,
        accountId: config.id,
        publicLive: connector.feed.health().publicLive,
        privateLive: connector.health().privateLive,
        clockOffsetMs: connector.feed.health().clockOffsetMs,
        isReconciled: reconciler.isReady,
        disagreement: books.problem,
      })),
    };
  }

  private account(config: AccountConfig): Promise<OpenAccount> {
    const { engine } = this;
    const known = this.opening.get(config.id);
    if (known) return known;
    const opened = openAccount(engine, config);
    this.opening.set(config.id, opened);
    opened.catch(() => this.opening.delete(config.id)); // The next call tries again.
    return opened;
  }

  private async clear(
    account: OpenAccount,
    strategy: { readonly strategyId: string; readonly number: number },
    timeoutMs: number,
    way = clearStrategy,
  ): Promise<CloseResult> {
    const until = this.engine.runtime.monotonic() + timeoutMs;
    const { isClear, venueOpenOrders } = await way(this.engine, account, strategy, until);
    return { confirmed: isClear, remaining: this.orders(strategy.strategyId), venueOpenOrders };
  }

  private async dispose(session: Session): Promise<void> {
    const { engine } = this;
    // Two stops at once end it once: what was started behind the first of them is not the second one's to end.
    if (engine.sessions.get(session.strategy.id) !== session) return;
    engine.clock.unregister(session.name);
    engine.sessions.delete(session.strategy.id);
    engine.books.unfollow(session.strategy.account, session.strategy.rules.id);
    await engine.leases.release(session.strategy.id, true).catch(() => undefined); // It expires by itself.
  }
}
