import { drawIdPart, nonceLength } from '../../domain/ids';
import type { Runtime, Timer } from '../../runtime/runtime';
import { ClockService } from './clock/clock.service';
import { CircuitBreaker } from './common/circuit-breaker.service';
import { bootBreakerWindowMs, inFlightCycleMs, venueProcessingBoundMs } from './common/constants';
import type { Notify } from './common/notices';
import { RateLimiter } from './common/rate-limiter.service';
import { ConnectorFactory } from './connectors/connector.factory';
import { probeCredentials } from './connectors/credential-probe';
import type { FactoryParts } from './connectors/connector.factory';
import { DatabaseReturn } from './database-return';
import { DeadManSwitches } from './dead-man.service';
import type { DatabaseState, Engine } from './engine';
import { engineParts } from './engine-parts';
import type { EngineParts } from './engine-parts';
import { OrderExecutor } from './executors/order-executor.service';
import { haltEffects, haltStrategy, leaseEffects, tripBootBreaker, watchNegative } from './halt-effects';
import { Halts } from './halts';
import { LeaseKeeper } from './lease-keeper';
import { reportProgress } from './progress';
import type { OperatorLimits } from './risk/limits';
import { postTradeEveryMs } from './risk/post-trade-check';
import { RiskDesk } from './risk/risk-desk';
import { checkTrades, watchedCommits } from './risk-doors';
import { RulesKeeper } from './rules-keeper';
import type { Build, Store } from './store/types';
import { rulesPartsOf } from './traded-instruments';
import { ClientOrderTracker } from './trackers/client-order-tracker.service';
import { Holdings } from './trackers/holdings';
import { OrderBookTracker } from './trackers/order-book-tracker.service';
import { UserStreamTracker } from './trackers/user-stream-tracker.service';
import type { CredentialSource, FillSink } from './types';

/** Values the engine is built with; it never reads the environment itself. */
export interface EngineConfig {
  readonly tickMs: number;
  readonly engineId: string;
  readonly build: Build;
  /** Where accounts of environment `sim` find their venue, e.g. `http://127.0.0.1:7101`. */
  readonly simOrigin?: string;
  /** What the operator allows beyond or below the defaults. */
  readonly limits?: Partial<OperatorLimits>;
}

/** What the engine asks of its host and tells it. */
export interface EnginePorts {
  readonly credentials: CredentialSource;
  readonly fillSink: FillSink;
  readonly notify: Notify;
  /** How requests are addressed and signed; by ccxt without one. */
  readonly knowledge?: NonNullable<FactoryParts['knowledge']>;
  /** Pure functions in place of the engine's own; what proves the judges of a test gives wrong ones. */
  readonly parts?: Partial<EngineParts>;
}

/**
 * The one composition root: builds every stateful object of an engine exactly once. The service, the simulation and
 * the benchmarks call it with different runtimes and stores. Several engines may share one database.
 */
export async function createEngine(
  runtime: Runtime,
  store: Store,
  config: EngineConfig,
  ports: EnginePorts,
): Promise<Engine> {
  const { notify } = ports;
  const parts: EngineParts = { ...engineParts, ...ports.parts };
  const { uncleanBoots, ...boot } = await register(runtime, store, config);
  const whenDatabase = (isUp: boolean): void => databaseReturn.changed(isUp);
  const { state: database, answered } = watchedDatabase(runtime, notify, whenDatabase);
  const clock = new ClockService(runtime, config.tickMs);
  const books = new OrderBookTracker(runtime, parts.follows);
  const holdings = new Holdings(() => runtime.monotonic(), 4 * venueProcessingBoundMs);
  const switches = new DeadManSwitches(runtime, () => engine);
  const ways = { notify, join: switches.watched(parts.applyReport) };
  const orders = new ClientOrderTracker(runtime, store, holdings, boot, ways);
  const { limiter, breaker, connectors, probe } = wires(runtime, {
    credentials: (accountId) => ports.credentials.credentials(accountId),
    ...(config.simOrigin === undefined ? {} : { simOrigin: config.simOrigin }),
    ...(ports.knowledge === undefined ? {} : { knowledge: ports.knowledge }),
  });
  const risk = new RiskDesk(config.limits);
  const self = (): Engine => engine;
  const databaseReturn = new DatabaseReturn(self, answered, () => store.rejoin(boot, config));
  const executor = new OrderExecutor(runtime, watchedCommits(store, risk.postTrade), orders, answered);
  const identity = { ownerId: boot.ownerId, engineId: config.engineId };
  const leases = new LeaseKeeper(runtime, store, boot.ownerId, leaseEffects(self, answered));
  const halts = new Halts(runtime, store, identity, haltEffects(self, answered));
  const tools = { runtime, store, notify, boot, clock, limiter, breaker, connectors, probe };
  const desks = { books, holdings, orders, executor, leases, halts, switches, risk, parts };
  const engine: Engine = {
    rules: new RulesKeeper({ runtime, notify, ...rulesPartsOf(self) }),
    userStreams: new UserStreamTracker(notify),
    database,
    ...{ accounts: new Map(), openings: new Set(), sessions: new Map(), arriving: new Set(), steps: [] },
    startedAt: runtime.monotonic(),
    lifecycle: { state: 'running' },
    shutdown: () => shutdown(engine, [sweeper, checker, reporter]),
    ...tools, // Last: one hidden class for every engine of a process.
    ...desks,
  };
  const sweeper = runtime.timers.every(inFlightCycleMs, () => orders.sweep());
  const checker = runtime.timers.every(postTradeEveryMs, () => checkTrades(engine));
  const reporter = reportProgress(engine);
  await halts.look(); // Nothing trades before what stands is known.
  tripBootBreaker(engine, config.engineId, uncleanBoots);
  return join(engine, ports, answered);
}

type Wires = Pick<Engine, 'limiter' | 'breaker' | 'connectors' | 'probe'>;
type WireParts = Omit<FactoryParts, 'runtime' | 'limiter' | 'breaker'>;

function wires(runtime: Runtime, parts: WireParts): Wires {
  const limiter = new RateLimiter(runtime);
  const breaker = new CircuitBreaker(runtime);
  const connectors = new ConnectorFactory({ runtime, limiter, breaker, ...parts });
  const probe: Engine['probe'] = async (account, credentials) => {
    connectors.refuseMixing(account.venue, account.environment);
    const given = { ...parts, credentials: () => Promise.resolve(credentials) };
    const alone = new ConnectorFactory({ runtime, limiter, breaker, ...given });
    try {
      return await probeCredentials(runtime, await alone.create(account));
    } finally {
      await alone.closeAll();
    }
  };
  return { limiter, breaker, connectors, probe };
}

/** The way to the venues for a process that only cancels: no engine, no clock, no store. */
export const connectorsAlone = (runtime: Runtime, parts: WireParts): ConnectorFactory =>
  wires(runtime, parts).connectors;

const register = (
  runtime: Runtime,
  store: Store,
  config: EngineConfig,
): ReturnType<Store['registerEngine']> => {
  const rng = runtime.rng.fork('boot-nonce');
  const nonces = (): string => drawIdPart(nonceLength, (n) => rng.int(n));
  return store.registerEngine(config, nonces, bootBreakerWindowMs);
};

/** Draws the lines between the parts: who is told what. */
function join(engine: Engine, ports: EnginePorts, answered: (ok: boolean, detail: string) => void): Engine {
  const { orders, clock, executor, steps, notify } = engine;
  orders.listen({
    fillBooked: (fill, news, balances) => {
      engine.risk.postTrade.filled(fill);
      watchNegative(engine, fill.strategyId, balances);
      if (!news) return;
      engine.risk.memory.filled(news, { now: engine.runtime.now(), mono: engine.runtime.monotonic() });
      ports.fillSink.fillBooked(news, balances);
    },
    halt: (strategyId, code, detail) => {
      haltStrategy(engine, strategyId, code, detail);
      notify({ code, severity: 'page', detail, strategyId });
    },
    storeAnswered: answered,
  });
  clock.register('observe', engine.books);
  clock.register('act', { name: 'executor', onTick: () => executor.act(steps.splice(0)) });
  engine.leases.start();
  engine.halts.start();
  engine.switches.start();
  engine.rules.start();
  clock.start();
  return engine;
}

function watchedDatabase(
  runtime: Runtime,
  notify: Notify,
  changed: (isUp: boolean) => void,
): { readonly state: DatabaseState; readonly answered: (ok: boolean, detail: string) => void } {
  const state: DatabaseState = { downSince: undefined, backAt: undefined };
  const answered = (ok: boolean, detail: string): void => {
    if (ok === (state.downSince === undefined)) return;
    const now = runtime.monotonic();
    state.downSince = ok ? undefined : now;
    if (ok) state.backAt = now;
    changed(ok);
    notify({ code: ok ? 'DATABASE_UP' : 'DATABASE_DOWN', severity: ok ? 'info' : 'page', detail });
  };
  return { state, answered };
}

async function shutdown(engine: Engine, timers: readonly Timer[]): Promise<void> {
  engine.lifecycle.state = 'stopped';
  engine.clock.stop();
  engine.leases.stop();
  engine.halts.stop();
  engine.switches.stop();
  engine.rules.stop();
  for (const timer of timers) engine.runtime.timers.clear(timer);
  for (const { reconciler, config } of [...engine.accounts.values(), ...engine.openings]) {
    reconciler.stop();
    engine.userStreams.forget(config.id);
  }
  await engine.connectors.closeAll();
  await engine.store.markStopped(engine.boot.ownerId).catch(() => undefined); // It then counts as one that died.
  await engine.store.close();
}
