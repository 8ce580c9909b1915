import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { DomainError, VenueError } from '../../src/domain/errors';
import { createEngine } from '../../src/modules/execution/create-engine';
import type { Notice } from '../../src/modules/execution/common/notices';
import type { ConnectorAccount } from '../../src/modules/execution/connectors/connector.factory';
import type { Engine } from '../../src/modules/execution/engine';
import { engineParts } from '../../src/modules/execution/engine-parts';
import type { EngineParts } from '../../src/modules/execution/engine-parts';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import type { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { StoreUnavailable } from '../../src/modules/execution/store/types';
import type { Build } from '../../src/modules/execution/store/types';
import { VirtualRuntime } from '../../src/runtime/virtual-runtime';
import type { Rng } from '../../src/runtime/runtime';
import type { Scheduler } from '../../src/runtime/scheduler';
import type { StartStop } from './faults/row';
import type { Planted } from './mutants/mutant';
import { Link } from './link';
import type { LinkParts } from './link';
import { plainKnowledge } from './plain-knowledge';
import { accountId, apiKey, neighbour, secret } from './seed-plan';
import type { SeedPlan, StrategyPlan } from './seed-plan';
import { StoreAdapter } from './store-adapter';
import type { StoreParts } from './store-adapter';

export interface HostParts {
  readonly name: string;
  readonly engineId: string;
  /** Another build than that of the others: it tries to trade beside them. */
  readonly build?: Build | undefined;
  /** The configuration a strategy should run with now. */
  readonly configOf: (strategy: StrategyPlan) => Readonly<Record<string, unknown>>;
  readonly plan: SeedPlan;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly store: MemoryStore;
  readonly wallOffsetMs: (elapsed: number) => number;
  readonly link: Omit<LinkParts, 'host' | 'isDead' | 'whenAwake' | 'scheduler' | 'rng'>;
  readonly database: Pick<StoreParts, 'faults' | 'ear' | 'log'>;
  readonly isSigningWithCcxt: boolean;
  readonly notify: (notice: Notice) => void;
  /** The engine is made; nothing trades yet. */
  readonly booted: (engine: Engine, host: Host) => void;
  /** A text that goes to the log of the process. */
  readonly wrote: (text: string) => void;
  /** A bug on purpose. */
  readonly planted?: Planted | undefined;
  /** Looks at every decision. */
  readonly watch: (decide: EngineParts['decide']) => EngineParts['decide'];
  /** Something no part of the engine may throw. */
  readonly broke: (what: string, error: unknown) => void;
}

/** The account that trades, as the engine is told of it. */
export const accountOf = ({ venue }: SeedPlan): ConnectorAccount => ({
  ...{ id: accountId, venue, environment: 'sim' },
});
const retryMs = 1_000;
const owner = { apiKey, secret };
const passphrase = usualPassphrase;

/** One incarnation of the engine: from its boot to its end, wanted or not. */
export class Host {
  readonly runtime: VirtualRuntime;
  readonly link: Link;
  readonly store: StoreAdapter;
  engine: Engine | undefined;
  service: ExecutionService | undefined;
  isStopping = false;
  /** It may be killed in it, as a process that ends by itself may not. */
  isHandingOver = false;
  frozenUntil = 0;
  /** What it said to people. */
  readonly said: Notice[] = [];
  private startsStopped = 0;
  /** Strategies a person has stopped: the supervisor leaves them alone. */
  readonly heldBack = new Set<string>();
  readonly opening = new Set<string>();
  /** Where the clock of the engine stood when the process was last frozen. */
  freeze: { readonly ticks: number; readonly lastTickAt: number } | undefined;

  constructor(readonly parts: HostParts) {
    const { name, plan, scheduler, rng } = parts;
    const isDead = (): boolean => this.runtime.isDead;
    const whenAwake = (act: () => void): void => this.runtime.whenAwake(act);
    this.runtime = new VirtualRuntime({
      seed: `${plan.seed}/${name}`,
      startMs: plan.startMs,
      scheduler,
      wallOffsetMs: parts.wallOffsetMs,
      http: (request) => this.link.http(request),
      openSocket: (url, _options, events) => this.link.openSocket(url, events),
    });
    this.link = new Link({
      scheduler,
      rng: rng.fork(`link/${name}`),
      host: name,
      isDead,
      whenAwake,
      ...parts.link,
    });
    this.store = new StoreAdapter({
      store: parts.store,
      scheduler,
      isDead,
      whenAwake,
      host: name,
      rng: rng.fork(`store/${name}`),
      ...parts.database,
    });
  }

  start(): void {
    void this.boot().catch((error: unknown) => this.parts.broke('boot', error));
  }

  /** The process stands still. */
  standStill(ms: number): void {
    const clock = this.engine?.clock.counters();
    const isFrozen = this.frozenUntil > this.parts.scheduler.elapsed;
    if (clock && !isFrozen) this.freeze = { ticks: clock.ticks, lastTickAt: clock.lastTickAt };
    this.frozenUntil = Math.max(this.frozenUntil, this.parts.scheduler.elapsed + ms);
    this.runtime.freeze(ms);
  }

  /** A crash at this moment. */
  kill(): void {
    this.runtime.kill();
    this.store.cut('the process died');
    for (const socket of this.link.sockets) socket.terminate();
    // What had reached the venue is carried out or not, whoever asked for it.
    this.link.release(() => this.parts.rng.fork(`release/${this.parts.name}`).next() < 0.5);
  }

  private async boot(): Promise<void> {
    const { plan, notify, isSigningWithCcxt, planted = {}, watch } = this.parts;
    const runtime = planted.runtime?.(this.runtime) ?? this.runtime;
    const store = planted.store?.(this.store) ?? this.store;
    const decide = watch(planted.parts?.decide ?? engineParts.decide);
    const credentials = {
      credentials: (id: string) => Promise.resolve({ ...(id === accountId ? owner : neighbour), passphrase }),
    };
    const engine = await this.untilDone(() =>
      createEngine(
        runtime,
        store,
        {
          tickMs: plan.tickMs,
          engineId: this.parts.engineId,
          build: this.parts.build ?? { id: '1.0.0', schemaVersion: 1 },
          simOrigin: 'http://venue',
          limits: plan.limits ?? {},
        },
        {
          credentials,
          notify: (notice) => {
            this.said.push(notice);
            notify(notice);
          },
          fillSink: { fillBooked: () => undefined },
          ...(isSigningWithCcxt ? {} : { knowledge: plainKnowledge }),
          parts: { ...planted.parts, decide },
        },
      ),
    );
    planted.engine?.(engine);
    this.engine = engine;
    this.parts.booted(engine, this);
    this.service = new ExecutionService(engine);
    const { service } = this;
    await this.untilDone(() => service.addAccount(accountOf(plan)));
    if (plan.hasNeighbour) await this.untilDone(() => this.openNeighbour(service, engine));
    for (const strategy of plan.strategies) {
      await this.untilDone(() => this.allocate(service, strategy));
      await this.untilDone(() => service.assign(strategy.id, accountId));
    }
    this.supervise(service, engine);
  }

  /** As a deploy ends it: own orders are cancelled, then the engine goes. */
  async stop(timeoutMs: number): Promise<void> {
    this.isStopping = true;
    await this.service?.stop(timeoutMs, [accountOf(this.parts.plan)]);
    await this.engine?.shutdown();
  }

  /** As a deploy with a handover ends it: own orders are left to another engine, then the engine goes. */
  async handOver(timeoutMs: number): Promise<void> {
    this.isStopping = true;
    this.isHandingOver = true;
    await this.service?.handover.run(timeoutMs, [accountOf(this.parts.plan)]);
    await this.engine?.shutdown();
  }

  /** As the supervisor of the service does: what should run, and does not, is opened. */
  private supervise(service: ExecutionService, engine: Engine): void {
    const { opening, heldBack } = this;
    /** An engine of another build does what a person has told it to, so that it is seen to be refused. */
    const isElsewhere = (id: string): boolean => service.isElsewhere(id) && !this.parts.build;
    const look = (): void => {
      if (this.isStopping) return this.runtime.timers.clear(timer);
      for (const strategy of this.parts.plan.strategies) {
        const { id } = strategy;
        if (opening.has(id) || heldBack.has(id) || engine.sessions.has(id) || isElsewhere(id)) continue;
        opening.add(id);
        void this.tried(() => this.open(service, strategy)).finally(() => opening.delete(id));
      }
    };
    const timer = this.runtime.timers.every(retryMs, look);
    look();
  }

  private async openNeighbour(service: ExecutionService, engine: Engine): Promise<void> {
    await service.addAccount({ ...accountOf(this.parts.plan), id: neighbour.accountId });
    const { rules, reconciler } = engine.accounts.get(neighbour.accountId)!;
    for (const rule of rules.values()) reconciler.watch(rule);
  }

  /** As a person does once a halt over it was lifted: its session ends, and another one takes the lease anew. */
  async resume(strategy: StrategyPlan): Promise<void> {
    const { service } = this;
    if (!service) return;
    await this.untilDone(async () => {
      // Somebody else is starting or stopping it: it is as they want it.
      if (this.isStopping || this.heldBack.has(strategy.id) || this.opening.has(strategy.id)) return;
      await service.close(strategy.id, 10_000);
      await this.open(service, strategy);
    });
  }

  /**
   * Callers that do not wait for each other. While it stops, two starts; then a start and, before that has begun to
   * quote, a stop: whoever asked for the last stop was told that it is over. `mark` is told when it must be quiet.
   */
  async startWhileStopping(
    strategy: StrategyPlan,
    mark: (isStopped: boolean) => void,
    done: (outcome: StartStop) => void,
  ): Promise<void> {
    const { service } = this;
    if (!service) return;
    const { id } = strategy;
    this.heldBack.add(id);
    mark(true);
    const closing = this.closed(id);
    const starts = await Promise.allSettled([this.open(service, strategy), this.open(service, strategy)]);
    const refused = starts.filter(({ status }) => status === 'rejected').length;
    let isConfirmed = await closing;
    if (isConfirmed) {
      mark(false);
      const twice = [this.open(service, strategy), this.open(service, strategy)];
      this.startsStopped += 1;
      if (this.startsStopped % 2 === 0) await this.runtime.sleep(1_500); // The other times, the start is still under way.
      mark(true);
      isConfirmed = await this.closed(id);
      await Promise.allSettled(twice);
      await this.runtime.sleep(2_000);
    }
    mark(false);
    this.heldBack.delete(id);
    if (!isConfirmed) await this.resume(strategy);
    done({ refused, isConfirmed });
  }

  private async closed(id: string): Promise<boolean> {
    const result = await this.service?.close(id, 10_000).catch((error: unknown) => this.note(error));
    return result?.confirmed ?? false;
  }

  private async open(service: ExecutionService, strategy: StrategyPlan): Promise<void> {
    if (this.isStopping) return;
    const { base, quote } = strategy.market;
    await service.open({
      strategyId: strategy.id,
      number: strategy.number,
      account: accountOf(this.parts.plan),
      strategyType: 'pureMarketMaking',
      instrument: `${base}/${quote}`,
      config: this.parts.configOf(strategy),
    });
  }

  private async allocate(service: ExecutionService, strategy: StrategyPlan): Promise<void> {
    const { market, base, quote, id } = strategy;
    const lines = [
      [market.base, base],
      [market.quote, quote],
    ].flatMap(([asset = '', quantity = '']) => [
      { holder: `unallocated:${accountId}`, asset, quantity: `-${quantity}` },
      { holder: `strategy:${id}`, asset, quantity },
    ]);
    const guarded = [`unallocated:${accountId}`];
    const result = await service.transfer({ key: `allocate:${id}`, kind: 'allocation', lines, guarded });
    if (result.kind !== 'done') throw new DomainError('INSUFFICIENT_FUNDS', result.detail, 'wait');
  }

  /** As the supervisor of the service does: tries again until it works. */
  private async untilDone<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        this.note(error);
        await this.runtime.sleep(retryMs);
      }
    }
  }

  private tried(act: () => Promise<void>): Promise<void> {
    return act()
      .catch((error: unknown) => this.note(error))
      .catch((error: unknown) => this.parts.broke('open', error));
  }

  /** Throws what no part of the engine may throw. */
  private note(error: unknown): void {
    const isExpected =
      error instanceof DomainError || error instanceof VenueError || error instanceof StoreUnavailable;
    if (!isExpected) throw error;
    this.parts.database.log.add(this.parts.name, 'retry', error.message);
    this.parts.wrote(error.message);
  }
}
