import type { DataSource } from 'typeorm';
import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { Store } from '../../src/modules/execution/store/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { emptyTables, testDatabase, testDatabaseUrl } from './test-database';

export interface Posted {
  readonly key: string;
  readonly holder: string;
  readonly asset: string;
  readonly quantity: string;
}

export interface NewStrategy {
  readonly accountId: string;
  readonly number: number;
  readonly owner: string;
  readonly instrument?: string;
  /** It does not run and should not. */
  readonly isAtRest?: boolean;
}

/** One of the two stores, with what its tests need beside the port. */
export interface StoreBench {
  readonly store: Store;
  addStrategy(id: string, strategy: NewStrategy): Promise<void>;
  dedicate(accountId: string, isDedicated: boolean): Promise<void>;
  postings(): Promise<readonly Posted[]>;
  fresh(): Promise<void>;
  close(): Promise<void>;
}

export function memoryBench(): Promise<StoreBench> {
  let store = new MemoryStore({ now: () => Date.now() });
  return Promise.resolve({
    get store() {
      return store;
    },
    addStrategy: async (id, { accountId, ...more }) => store.assignStrategy(id, accountId, more),
    dedicate: async (accountId, isDedicated) => store.switches.declare(accountId, isDedicated),
    postings: async () => store.postings(),
    fresh: async () => {
      store = new MemoryStore({ now: () => Date.now() });
    },
    close: () => store.close(),
  });
}

export async function postgresBench(): Promise<StoreBench> {
  const source: DataSource = await testDatabase();
  const runtime = createRealRuntime();
  const store = new PostgresStore(testDatabaseUrl(), runtime);
  return {
    store,
    addStrategy: async (id, { accountId, number, owner, instrument = 'BTC/USDT', isAtRest = false }) => {
      const sql = `insert into strategies (id, number, name, account_id, venue, symbol, owner_id, desired_state)
        values ($1, $2, $3, $4, 'binance', $5, $6, $7)`;
      const desired = isAtRest ? 'stopped' : 'running';
      await source.query(sql, [id, number, `s-${id}`, accountId, instrument, owner, desired]);
    },
    dedicate: async (accountId, isDedicated) => {
      const sql = `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted, dedicated)
        values ($1, $2, 'okx', 'sim', 'k', 's', $3) on conflict (id) do update set dedicated = $3`;
      await source.query(sql, [accountId, `a-${accountId}`, isDedicated]);
    },
    postings: () =>
      source.query<Posted[]>('select key, holder, asset, plain(quantity) as quantity from postings'),
    fresh: () => emptyTables(source),
    close: async () => {
      await store.close();
      await source.destroy();
      await runtime.close();
    },
  };
}
