import { randomUUID } from 'node:crypto';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { Store } from '../../src/modules/execution/store/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import { deadlineMs, ttlMs } from '../support/store-suite';
import { testDatabase, testDatabaseUrl } from '../support/test-database';

describe('the postgres store alone', () => {
  it('survives the loss of its connections, and says what it does not know', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    try {
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'mm %' and datname = current_database()`;
      await store.now();
      await source.query(cut);
      await runtime.sleep(200); // The loss is known before the next statement, which could otherwise pass unharmed.
      await expect(store.now()).rejects.toThrow('STORE_UNAVAILABLE');
      await expect(untilAnswered(store)).resolves.toBeGreaterThan(0);
    } finally {
      await store.close();
      await source.destroy();
      await runtime.close();
    }
  });

  it('lets no lease slip past a halt in flight, in either order', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const id = randomUUID();
    const other = source.createQueryRunner();
    const waits = <T>(answer: Promise<T>): Promise<T | 'waits'> =>
      Promise.race([answer, runtime.sleep(150).then(() => 'waits' as const)]);
    const halt = { scopeKey: 'global', level: 'HALTED', reason: 'r', actor: 'a' } as const;
    try {
      const insert = `insert into strategies (id, name, account_id, venue, symbol) values ($1, 's', $1, 'binance', 'BTC/USDT')`;
      await source.query(insert, [id]);
      await other.query('begin');
      await other.query(`select halt_scope('global', 'HALTED', 'r', 'a')`);
      const taking = store.takeLease(id, 'engine-1', ttlMs);
      expect(await waits(taking)).toBe('waits');
      await other.query('commit');
      expect(await taking).toBeUndefined();
      await store.liftHalt({ scopeKey: 'global', actor: 'a', reason: 'r' });
      await other.query('begin');
      await other.query('select take_lease($1, $2, $3)', [id, 'engine-1', ttlMs]);
      const killing = store.kill(halt);
      expect(await waits(killing)).toBe('waits');
      await other.query('commit');
      expect(await killing).toMatchObject({ halt: { leases: 1 } });
    } finally {
      await other.release();
      await store.close();
      await source.destroy();
      await runtime.close();
    }
  });

  it('makes a commit wait for a halt in flight, and then obey it', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const id = randomUUID();
    const halting = source.createQueryRunner();
    try {
      const insert = `insert into strategies (id, name, account_id, venue, symbol) values ($1, 's', $1, 'binance', 'BTC/USDT')`;
      await source.query(insert, [id]);
      await store.takeLease(id, 'engine-1', ttlMs);
      await halting.query('begin');
      await halting.query('update strategy_leases set halted = true where strategy_id = $1', [id]);
      const batch = { strategyId: id, ownerId: 'engine-1', epoch: 1, orders: [] };
      const verdicts = store.commitIntents([batch], deadlineMs);
      const first = await Promise.race([verdicts, runtime.sleep(150).then(() => 'waits' as const)]);
      expect(first).toBe('waits');
      await halting.query('commit');
      expect((await verdicts).get(id)).toMatchObject({ kind: 'refused', reason: 'HALTED' });
    } finally {
      await halting.release();
      await store.close();
      await source.destroy();
      await runtime.close();
    }
  });

  it('refuses to change a posting and to keep one that does not balance', async () => {
    const source = await testDatabase();
    try {
      const insert = `insert into postings (transaction_id, line, holder, asset, quantity, kind, key) values (gen_random_uuid(), 1, 'a', 'X', $1, 'credit', 'k')`;
      await expect(source.query(insert, ['1'])).rejects.toThrow('does not balance');
      await source.query(insert, ['0']);
      await expect(source.query('update postings set quantity = 1')).rejects.toThrow('append-only');
      await expect(source.query('delete from postings')).rejects.toThrow('append-only');
    } finally {
      await source.destroy();
    }
  });

  it('writes the log behind, at the latest when it closes', async () => {
    const source = await testDatabase();
    const runtime = createRealRuntime();
    const store = new PostgresStore(testDatabaseUrl(), runtime);
    const line = {
      clientOrderId: 'm1',
      kind: 'seen',
      status: 'OPEN',
      source: 'reply',
      detail: '',
      worker: 'test-000000',
      at: 1_764_000_000_000,
    };
    try {
      store.log([line, { ...line, status: 'FILLED' }]);
      await store.close();
      const rows = await source.query<{ status: string }[]>('select status from order_events order by id');
      expect(rows.map((row) => row.status)).toEqual(['OPEN', 'FILLED']);
    } finally {
      await source.destroy();
      await runtime.close();
    }
  });
});

/** The statement after a loss may meet the dead connection; it is StoreUnavailable, and the next one gets a new one. */
async function untilAnswered(store: Store): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await store.now();
    } catch (error) {
      if (attempt >= 3) throw error;
      expect(error).toMatchObject({ name: 'StoreUnavailable' });
    }
  }
}
