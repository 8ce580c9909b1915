import { Client } from 'pg';
import { eventually } from '../../support/kill-drill/drill';
import type { LaneScene } from '../lane';
import type { World } from '../world';

const shortLeaseMs = 1_200;
const commitTries = 12;
const stateMs = 10_000;

/**
 * The owner's commit has read the lease and waits for the balances, which are locked; the lease runs out, and the
 * successor waits for its row. Both calls are open at once while `happens` runs, and go on after it.
 */
export async function inTakeover(
  world: World,
  scene: LaneScene,
  happens: () => Promise<void> | void,
): Promise<void> {
  const lock = new Client({ connectionString: world.server.url.toString() });
  await lock.connect();
  try {
    await blockCommit(world, lock);
    const waits = (call: string) => async () => (await waiting(world, call)) > 0;
    await eventually(scene, 'the successor waits for the lease', waits('take_lease'), stateMs);
    if ((await waiting(world, 'commit_intents')) === 0) throw new Error('the commit of the owner is over');
    await happens();
    await lock.query('rollback');
  } finally {
    await lock.end();
  }
}

async function blockCommit(world: World, lock: Client): Promise<void> {
  const { runtime } = world;
  await lock.query(`set lock_timeout = '100ms'`);
  for (let tries = 0; tries < commitTries; tries += 1) {
    const isReady = await lockBalances(lock);
    const until = runtime.monotonic() + shortLeaseMs + 200;
    while (isReady && runtime.monotonic() < until) {
      if ((await waiting(world, 'commit_intents')) > 0) return;
      await runtime.sleep(15);
    }
    await lock.query('rollback');
  }
  throw new Error(`no commit of the owner was met in ${commitTries} tries`);
}

/** False when somebody else had one of the locks; then the transaction has failed. */
async function lockBalances(lock: Client): Promise<boolean> {
  await lock.query('begin');
  const shorten = `update strategy_leases set expires_at = clock_timestamp() + $1 * interval '1 ms' where not halted`;
  return lock
    .query(shorten, [shortLeaseMs])
    .then(() => lock.query('commit'))
    .then(() => lock.query('begin'))
    .then(() => lock.query(`select 1 from balances where holder like 'strategy:%' for update`))
    .then(() => true)
    .catch(() => false);
}

/** Calls of this name that wait for a lock now. */
async function waiting({ database }: World, call: string): Promise<number> {
  const rows = await database.query<{ n: number }[]>(
    `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like $1`,
    [`select ${call}(%`],
  );
  return rows[0]!.n;
}
