import type { DataSource } from 'typeorm';
import type { VenueId } from '../../src/domain/instrument';
import { schemaVersion } from '../../src/database/migrations';
import type { Notify } from '../../src/modules/execution/common/notices';
import { createEngine } from '../../src/modules/execution/create-engine';
import type { Engine } from '../../src/modules/execution/engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { Build } from '../../src/modules/execution/store/types';
import type { AccountConfig, SessionConfig } from '../../src/modules/execution/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { VenueOrder } from '../../src/venue-simulator/venue-types';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { testDatabase, testDatabaseUrl } from './test-database';
import { until } from './until';

/** What the engines of a test are built from unless it says otherwise. */
export const testBuild: Build = { id: '1.0.0', schemaVersion };

/** The client id of an order somebody else has on the account. */
export const foreignId = 'placed-by-a-person';

export const account: AccountConfig = {
  id: '01990000-0000-7000-8000-0000000000aa',
  venue: 'binance',
  environment: 'sim',
};
export const strategyId = '01990000-0000-7000-8000-000000000001';
export const session: SessionConfig = {
  strategyId,
  number: 7,
  account,
  instrument: 'BTC/USDT',
  strategyType: 'pureMarketMaking',
  config: {
    ...{ bidSpreadBps: 10, askSpreadBps: 10, levels: 2, levelSpacingBps: 5 },
    ...{ orderQuantityBase: '0.01', costMode: 'none' },
  },
};

/** The engine on a real database, against the simulated venue over real sockets, with one funded strategy. */
export interface EngineBench {
  readonly runtime: Runtime;
  readonly venue: VenueSimulator;
  readonly engine: Engine;
  readonly execution: ExecutionService;
  readonly database: DataSource;
  /** Open orders of the account at the venue but the foreign one. */
  atVenue(): readonly VenueOrder[];
  /** `buy,sell` when both sides rest. */
  sidesAtVenue(): string;
  eventually(what: string, holds: () => boolean, withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startBench(options: {
  readonly stepsPerSecond: number;
  readonly tickMs: number;
  readonly judgeDelivered?: boolean;
  /** Whose dialect the engine speaks; Binance's without one. */
  readonly venueId?: VenueId;
  readonly notify?: Notify;
  /** Another way to the venue than straight. */
  readonly wayTo?: (venue: VenueSimulator, runtime: Runtime) => Promise<string>;
}): Promise<EngineBench> {
  const { venueId = account.venue } = options;
  const runtime = createRealRuntime();
  const database = await testDatabase();
  const venue = await startVenueSimulator({
    runtime,
    port: 0,
    seed: 7,
    stepsPerSecond: options.stepsPerSecond,
    judgeDelivered: options.judgeDelivered ?? false,
  });
  venue.core.place({
    ...{
      account: demoAccount.apiKey,
      symbol: 'BTCUSDT',
      clientOrderId: foreignId,
      side: 'buy',
      type: 'limit',
    },
    ...{ timeInForce: 'GTC', price: 5_000_000, quantity: 1_000, stp: 'NONE' },
  });
  await insertRows(database, venueId);
  const simOrigin = (await options.wayTo?.(venue, runtime)) ?? venue.origin;
  const engine = await createEngine(
    runtime,
    new PostgresStore(testDatabaseUrl(), runtime),
    { tickMs: options.tickMs, engineId: 'test', build: testBuild, simOrigin },
    {
      credentials: { credentials: () => Promise.resolve({ ...demoAccount, passphrase: usualPassphrase }) },
      fillSink: { fillBooked: () => undefined },
      notify: options.notify ?? (() => undefined),
    },
  );
  const execution = new ExecutionService(engine);
  await execution.addAccount({ ...account, venue: venueId });
  await allocate(execution);
  const atVenue = (): readonly VenueOrder[] =>
    venue.core.openOrders(demoAccount.apiKey).filter((order) => order.clientOrderId !== foreignId);
  return {
    ...{ runtime, venue, engine, execution, database, atVenue },
    sidesAtVenue: () => [...new Set(atVenue().map((order) => order.side))].sort().join(),
    eventually: (what, holds, withinMs) => until(runtime, what, holds, withinMs),
    stop: async () => {
      await engine.shutdown();
      await venue.stop();
      await database.destroy();
      await runtime.close();
    },
  };
}

async function insertRows(database: DataSource, venueId: VenueId): Promise<void> {
  await database.query(
    `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
     values ($1, 'sim', $2, 'sim', 'k', 's')`,
    [account.id, venueId],
  );
  await database.query(
    `insert into strategies
       (id, number, name, strategy_type, account_id, venue, symbol, mode, config, desired_state, state)
     values ($1, 7, 'quoting', 'pureMarketMaking', $2, $3, 'BTC/USDT', 'live', '{}', 'running', 'created')`,
    [strategyId, account.id, venueId],
  );
}

export async function allocate(execution: ExecutionService): Promise<void> {
  const lines = Object.entries({ USDT: '50000', BTC: '1' }).flatMap(([asset, quantity]) => [
    { holder: `unallocated:${account.id}`, asset, quantity: `-${quantity}` },
    { holder: `strategy:${strategyId}`, asset, quantity },
  ]);
  const guarded = [`unallocated:${account.id}`];
  const result = await execution.transfer({ key: 'allocate', kind: 'allocation', lines, guarded });
  if (result.kind !== 'done') throw new Error(`the allocation failed: ${result.detail}`);
}

/** The same, with every level of its strategy resting, in a market that stands still. */
export async function startQuotingBench(): Promise<EngineBench> {
  const bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
  await bench.execution.open(session);
  await bench.eventually('quotes', () => bench.atVenue().length === 4, 10_000);
  return bench;
}

/** A second strategy of the account on ETH/USDT, with its money. */
export const secondSession: SessionConfig = {
  ...{ ...session, strategyId: '01990000-0000-7000-8000-000000000002', number: 8, instrument: 'ETH/USDT' },
  config: { ...(session.config as object), orderQuantityBase: '0.1' },
};

export async function addSecondStrategy(
  { database, execution }: EngineBench,
  venueId: VenueId,
): Promise<void> {
  const { strategyId: id, number, instrument } = secondSession;
  await database.query(
    `insert into strategies
       (id, number, name, strategy_type, account_id, venue, symbol, mode, config, desired_state, state)
     values ($1, $2, 'second', 'pureMarketMaking', $3, $4, $5, 'live', '{}', 'running', 'created')`,
    [id, number, account.id, venueId, instrument],
  );
  const lines = Object.entries({ USDT: '50000', ETH: '10' }).flatMap(([asset, quantity]) => [
    { holder: `unallocated:${account.id}`, asset, quantity: `-${quantity}` },
    { holder: `strategy:${id}`, asset, quantity },
  ]);
  const guarded = [`unallocated:${account.id}`];
  await execution.transfer({ key: 'allocate second', kind: 'allocation', lines, guarded });
}
