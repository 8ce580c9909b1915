import { Client } from 'pg';
import { leaseTtlMs } from '../../../src/modules/execution/common/constants';
import { eventually, forceFills } from '../../support/kill-drill/drill';
import type { LaneScene } from '../lane';
import type { World } from '../world';

const shortLeaseMs = 1_200;
/** Shorter than the lease: when no commit came, the lease is given its time back before it runs out. */
const commitMs = 800;
const commitTries = 20;
/** The lease, and a look of the successor after it. */
const stateMs = 8_000;

/**
 * The owner's commit has read the lease and waits for the balances, which are locked; the lease runs out, and the
 * successor waits for its row. Both calls are open at once while `happens` runs, and go on after it. It is about one
 * strategy: with the lease of another one run out as well, the successor opens that one first, which takes longer than a
 * statement may.
 */
export async function inTakeover(
  world: World,
  scene: LaneScene,
  happens: () => Promise<void> | void,
): Promise<void> {
  const lock = new Client({ connectionString: world.server.url.toString() });
  await lock.connect();
  try {
    await blockCommit(world, scene, lock);
    const waits = (call: string) => async () => (await waiting(world, call)) > 0;
    await eventually(scene, 'the successor waits for the lease', waits('take_lease'), stateMs);
    if ((await waiting(world, 'commit_intents')) === 0) throw new Error('the commit of the owner is over');
    await happens();
    await lock.query('rollback');
    // The successor gets all of them now, one as soon as the other.
    for (const { strategyId } of world.sessions) await setLease(lock, strategyId, 0);
  } finally {
    await lock.end();
  }
}

async function blockCommit(world: World, scene: LaneScene, lock: Client): Promise<void> {
  const { runtime } = world;
  for (let tries = 0; tries < commitTries; tries += 1) {
    const { strategyId } = world.sessions[tries % world.sessions.length]!;
    await setLease(lock, strategyId, shortLeaseMs);
    const isReady = await lockBalances(lock, strategyId);
    const until = runtime.monotonic() + commitMs;
    while (isReady && runtime.monotonic() < until) {
      if ((await waiting(world, 'commit_intents')) > 0) return;
      await runtime.sleep(15);
    }
    await lock.query('rollback');
    await setLease(lock, strategyId, leaseTtlMs);
    await forceFills(scene, 1, 400);
  }
  throw new Error(`no commit of the owner was met in ${commitTries} tries`);
}

/** False when somebody else had one of the locks; then the transaction has failed. */
async function lockBalances(lock: Client, strategyId: string): Promise<boolean> {
  await lock.query('begin');
  await lock.query(`set local lock_timeout = '100ms'`);
  return lock
    .query('select 1 from balances where holder = $1 for update', [`strategy:${strategyId}`])
    .then(() => true)
    .catch(() => false);
}

const setLease = (client: Client, strategyId: string, leftMs: number) =>
  client.query(
    `update strategy_leases set expires_at = clock_timestamp() + $2 * interval '1 ms' where strategy_id = $1`,
    [strategyId, leftMs],
  );

/** Calls of this name that wait for a lock now. */
async function waiting({ database }: World, call: string): Promise<number> {
  const rows = await database.query<{ n: number }[]>(
    `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like $1`,
    [`select ${call}(%`],
  );
  return rows[0]!.n;
}
