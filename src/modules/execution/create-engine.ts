import { drawIdPart, nonceLength } from '../../domain/ids';
import type { Runtime, Timer } from '../../runtime/runtime';
import { ClockService } from './clock/clock.service';
import { CircuitBreaker } from './common/circuit-breaker.service';
import { bootBreakerWindowMs, inFlightCycleMs, venueProcessingBoundMs } from './common/constants';
import type { Notify } from './common/notices';
import { RateLimiter } from './common/rate-limiter.service';
import { ConnectorFactory } from './connectors/connector.factory';
import type { FactoryParts } from './connectors/connector.factory';
import type { DatabaseState, Engine } from './engine';
import { OrderExecutor } from './executors/order-executor.service';
import { haltEffects, haltStrategy, leaseEffects, tripBootBreaker, watchNegative } from './halt-effects';
import { Halts } from './halts';
import { LeaseKeeper } from './lease-keeper';
import type { Store } from './store/types';
import { ClientOrderTracker } from './trackers/client-order-tracker.service';
import { Holdings } from './trackers/holdings';
import { OrderBookTracker } from './trackers/order-book-tracker.service';
import { UserStreamTracker } from './trackers/user-stream-tracker.service';
import type { CredentialSource, FillSink } from './types';

/** Values the engine is built with; it never reads the environment itself. */
export interface EngineConfig {
  readonly tickMs: number;
  readonly engineId: string;
  /** Where accounts of environment `sim` find their venue, e.g. `http://127.0.0.1:7101`. */
  readonly simOrigin?: string;
}

/** What the engine asks of its host and tells it. */
export interface EnginePorts {
  readonly credentials: CredentialSource;
  readonly fillSink: FillSink;
  readonly notify: Notify;
  /** How requests are addressed and signed; by ccxt without one. */
  readonly knowledge?: NonNullable<FactoryParts['knowledge']>;
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
  const { uncleanBoots, ...boot } = await store.registerEngine(
    config.engineId,
    nonceSource(runtime),
    bootBreakerWindowMs,
  );
  const database = watchedDatabase(runtime, notify);
  const clock = new ClockService(runtime, config.tickMs);
  const books = new OrderBookTracker(runtime);
  const holdings = new Holdings(() => runtime.monotonic(), 4 * venueProcessingBoundMs);
  const orders = new ClientOrderTracker(runtime, store, holdings, boot, notify);
  const limiter = new RateLimiter(runtime);
  const breaker = new CircuitBreaker(runtime);
  const connectors = new ConnectorFactory({
    runtime,
    limiter,
    breaker,
    credentials: (accountId) => ports.credentials.credentials(accountId),
    ...(config.simOrigin === undefined ? {} : { simOrigin: config.simOrigin }),
    ...(ports.knowledge === undefined ? {} : { knowledge: ports.knowledge }),
  });
  const executor = new OrderExecutor(runtime, store, orders, database.answered);
  const leases = new LeaseKeeper(
    runtime,
    store,
    boot.ownerId,
    leaseEffects(() => engine, database.answered),
  );
  const halts = new Halts(
    runtime,
    store,
    { ownerId: boot.ownerId, engineId: config.engineId },
    haltEffects(() => engine, database.answered),
  );
  const engine: Engine = {
    ...{
      runtime,
      store,
      notify,
      boot,
      clock,
      books,
      holdings,
      orders,
      limiter,
      breaker,
      connectors,
      executor,
      leases,
      halts,
    },
    userStreams: new UserStreamTracker(notify),
    database: database.state,
    accounts: new Map(),
    sessions: new Map(),
    steps: [],
    lifecycle: { isStopped: false },
    shutdown: () => shutdown(engine, sweeper),
  };
  const sweeper = runtime.timers.every(inFlightCycleMs, () => orders.sweep());
  await halts.look(); // Nothing trades before what stands is known.
  tripBootBreaker(engine, config.engineId, uncleanBoots);
  return join(engine, ports, database.answered);
}

const nonceSource = (runtime: Runtime): (() => string) => {
  const rng = runtime.rng.fork('boot-nonce');
  return () => drawIdPart(nonceLength, (n) => rng.int(n));
};

/** Draws the lines between the parts: who is told what. */
function join(engine: Engine, ports: EnginePorts, answered: (ok: boolean, detail: string) => void): Engine {
  const { orders, clock, executor, steps, notify } = engine;
  orders.listen({
    fillBooked: (fill, balances) => {
      watchNegative(engine, fill.strategyId, balances);
      ports.fillSink.fillBooked(fill, balances);
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
  clock.start();
  return engine;
}

function watchedDatabase(
  runtime: Runtime,
  notify: Notify,
): { readonly state: DatabaseState; readonly answered: (ok: boolean, detail: string) => void } {
  const state: DatabaseState = { downSince: undefined };
  const answered = (ok: boolean, detail: string): void => {
    if (ok === (state.downSince === undefined)) return;
    state.downSince = ok ? undefined : runtime.monotonic();
    notify({ code: ok ? 'DATABASE_UP' : 'DATABASE_DOWN', severity: ok ? 'info' : 'page', detail });
  };
  return { state, answered };
}

async function shutdown(engine: Engine, sweeper: Timer): Promise<void> {
  engine.lifecycle.isStopped = true;
  engine.clock.stop();
  engine.leases.stop();
  engine.halts.stop();
  engine.runtime.timers.clear(sweeper);
  for (const { reconciler, config } of engine.accounts.values()) {
    reconciler.stop();
    engine.userStreams.forget(config.id);
  }
  await engine.connectors.closeAll();
  await engine.store.markStopped(engine.boot.ownerId).catch(() => undefined); // It then counts as one that died.
  await engine.store.close();
}
