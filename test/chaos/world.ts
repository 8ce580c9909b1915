import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../../src/database/data-source';
import type { AccountConfig, SessionConfig } from '../../src/modules/execution/types';
import type { Rng, Runtime } from '../../src/runtime/runtime';
import { seedOf, Xoshiro128 } from '../../src/runtime/rng';
import { startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { HoldingProxy } from '../support/kill-drill/holding-proxy';
import type { Allocation } from './engine/messages';
import { LightEngine } from './engine/light-engine';
import { History } from './history';
import type { LaneScene, Seat } from './lane';
import { DurableServer } from './server';
import { installation, VenueRecord } from './venue-record';

export const levels = 3;
const account: AccountConfig = {
  id: '01990000-0000-7000-8000-0000000000aa',
  venue: 'binance',
  environment: 'sim',
};
const tickMs = 100;
/** After its connections were cut, a statement of an engine may go on for a moment. */
const engineEndMs = 5_000;
const weightPerMinute = 600_000; // Limits of rate are not the question here.
const config = {
  ...{ bidSpreadBps: 8, askSpreadBps: 8, levels, levelSpacingBps: 3, costMode: 'none' },
  ...{ refreshMs: 700, refreshToleranceBps: 0, requoteMoveBps: 2, minOrderLifetimeMs: 300 },
};
const sizes = [
  { number: 1, instrument: 'BTC/USDT', size: '0.01', base: '2' },
  { number: 2, instrument: 'ETH/USDT', size: '0.2', base: '40' },
] as const;

const sessions: readonly SessionConfig[] = sizes.map(({ number, instrument, size }) => ({
  strategyId: `01990000-0000-7000-8000-00000000000${number}`,
  ...{ number, account, instrument, strategyType: 'pureMarketMaking' as const },
  config: { ...config, orderQuantityBase: size },
}));
const allocations: readonly Allocation[] = sizes.flatMap(({ instrument, base }, index) => {
  const { strategyId } = sessions[index]!;
  return [
    { strategyId, asset: 'USDT', quantity: '150000' },
    { strategyId, asset: instrument.split('/')[0]!, quantity: base },
  ];
});

/** Everything that outlives an engine: the venue, the database, the ways to it, and what the venue saw. */
export class World {
  readonly account = account;
  readonly sessions = sessions;
  readonly history = new History();
  /** Orders of commits that were never answered: none of them may be sent. */
  readonly burnt = new Set<string>();
  private readonly proxies: HoldingProxy[] = [];

  private constructor(
    readonly runtime: Runtime,
    readonly rng: Rng,
    readonly server: DurableServer,
    readonly venue: VenueSimulator,
    readonly record: VenueRecord,
  ) {}

  database!: DataSource;

  static async open(runtime: Runtime, name: string, seed: number): Promise<World> {
    const server = await DurableServer.open(runtime);
    try {
      const venue = await startVenueSimulator({
        ...{ runtime, port: 0, seed: seed % 1_000_000, stepsPerSecond: 10, weightPerMinute },
      });
      const rng = new Xoshiro128(seedOf(`${seed}/${name}`));
      const world = new World(runtime, rng, server, venue, new VenueRecord(venue));
      const outside = await world.proxy();
      world.database = await dataSourceFor(outside.url).initialize();
      await world.insertRows();
      return world;
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  /** A way of its own to the database, and an engine that uses it. */
  async engine(engineId: string): Promise<Seat> {
    const { proxy, url } = await this.proxy();
    const engine = new LightEngine(this.runtime, {
      ...{ engineId, databaseUrl: url, simOrigin: this.venue.origin, tickMs },
      ...{ account, sessions, allocations },
    });
    return { engine, proxy };
  }

  scene(seat: Seat): LaneScene {
    const { runtime, venue, database } = this;
    return { runtime, venue, database, installation, ...seat };
  }

  /** Brings the server back that was ended, with what it had acknowledged. */
  async restartDatabase(): Promise<void> {
    await this.server.start();
    this.aim();
  }

  /** Sets the database back to its base copy while no engine reaches it. Answers the orders that lost their rows. */
  async restoreDatabase(): Promise<readonly string[]> {
    await this.engineStatementsEnd();
    const before = await this.epochs();
    await this.server.restore();
    this.aim();
    const after = await this.epochs();
    return this.history.restored(before, new Set(after.keys()), this.record.accepted.length);
  }

  /** By order: those of every row. */
  async epochs(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ id: string; epoch: number }[]>(
      'select client_order_id as id, epoch from client_orders',
    );
    return new Map(rows.map(({ id, epoch }) => [id, epoch]));
  }

  async dispose(): Promise<void> {
    await this.database.destroy().catch(() => undefined);
    await this.venue.stop();
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
    await this.server.dispose();
  }

  private aim(): void {
    for (const proxy of this.proxies) proxy.aim(this.server.target);
  }

  private async engineStatementsEnd(): Promise<void> {
    const sql = `select count(*)::int as n from pg_stat_activity where application_name like 'mm %'`;
    const until = this.runtime.monotonic() + engineEndMs;
    for (;;) {
      const [row] = await this.database.query<{ n: number }[]>(sql);
      if (row?.n === 0) return;
      if (this.runtime.monotonic() > until) throw new Error('an engine is still connected to the database');
      await this.runtime.sleep(20);
    }
  }

  private async proxy(): Promise<{ readonly proxy: HoldingProxy; readonly url: string }> {
    const proxy = new HoldingProxy(this.server.target);
    const { url } = this.server;
    url.port = String(await proxy.listen());
    this.proxies.push(proxy);
    return { proxy, url: url.toString() };
  }

  private async insertRows(): Promise<void> {
    await this.database.query('insert into installation (id) values ($1)', [installation]);
    await this.database.query(
      `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
       values ($1, 'sim', 'binance', 'sim', 'k', 's')`,
      [account.id],
    );
    for (const { strategyId, number, instrument } of sessions) {
      await this.database.query(
        `insert into strategies
           (id, number, name, strategy_type, account_id, venue, symbol, mode, config, desired_state, state)
         values ($1, $2, $3, 'pureMarketMaking', $4, 'binance', $5, 'live', '{}', 'running', 'created')`,
        [strategyId, number, `chaos-${number}`, account.id, instrument],
      );
    }
  }
}
