import type { Client } from 'pg';
import { DomainError } from '../../../domain/errors';
import { installationLength } from '../../../domain/ids';
import type { StoreConnection } from './store-connection.repository';
import { StoreUnavailable } from './types';
import type { Lease } from './types';

const startupLock = 7002;
const nonceDraws = 10;

export interface Registration {
  readonly ownerId: string;
  readonly nonce: string;
  readonly installation: string;
}

const anotherRuns = (): DomainError =>
  new DomainError(
    'ANOTHER_ENGINE',
    'another engine runs on this database',
    'Stop it, or give this engine a database of its own.',
  );

/** Takes the lock that one engine per database holds as long as its connection lives. */
export async function takeStartupLock(client: Client): Promise<void> {
  const sql = 'select pg_try_advisory_lock($1) as taken';
  const answer = await client.query<{ readonly taken: boolean }>(sql, [startupLock]);
  if (answer.rows[0]?.taken !== true) throw new StoreUnavailable('another engine runs on this database');
}

/** Remembers this boot under a nonce no boot ever had. Throws when another engine holds the startup lock. */
export async function registerEngine(
  connection: StoreConnection,
  engineId: string,
  nonces: () => string,
): Promise<Registration> {
  const lock = 'select pg_try_advisory_lock($1) as taken';
  const taken = await connection.query<{ readonly taken: boolean }>('startup-lock', lock, [startupLock]);
  if (taken[0]?.taken !== true) throw anotherRuns();
  for (let draw = 0; draw < nonceDraws; draw += 1) {
    const nonce = nonces();
    const ownerId = `${engineId}-${nonce}`;
    const sql =
      'insert into engines (owner_id, nonce) values ($1, $2) on conflict do nothing returning nonce';
    const made = await connection.query('register', sql, [ownerId, nonce]);
    if (made.length > 0) return { ownerId, nonce, installation: await installationOf(connection, nonces) };
  }
  throw new DomainError(
    'NONCE_EXHAUSTED',
    'every boot nonce drawn was used before',
    'Start the engine again.',
  );
}

async function installationOf(connection: StoreConnection, nonces: () => string): Promise<string> {
  const read = 'select id from installation';
  const known = await connection.query<{ readonly id: string }>('installation', read, []);
  if (known[0]) return known[0].id;
  const drawn = nonces().slice(0, installationLength);
  const sql = 'insert into installation (id) values ($1) on conflict do nothing';
  await connection.query('draw-installation', sql, [drawn]);
  const rows = await connection.query<{ readonly id: string }>('installation', read, []);
  return rows[0]?.id ?? drawn;
}

/** Free, expired or already ours, and not halted: ours with the next epoch. */
export async function takeLease(
  connection: StoreConnection,
  strategyId: string,
  ownerId: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  const sql = `
insert into strategy_leases as l (strategy_id, owner_id, epoch, expires_at)
values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
on conflict (strategy_id) do update
  set owner_id = excluded.owner_id, epoch = l.epoch + 1,
    expires_at = clock_timestamp() + $3 * interval '1 millisecond'
  where not l.halted and (l.owner_id is null or l.owner_id = excluded.owner_id or l.expires_at < clock_timestamp())
returning epoch`;
  const rows = await connection.query<{ readonly epoch: number }>('take-lease', sql, [
    strategyId,
    ownerId,
    ttlMs,
  ]);
  return rows[0] ? { strategyId, ownerId, epoch: rows[0].epoch } : undefined;
}

export async function renewLeases(
  connection: StoreConnection,
  ownerId: string,
  ttlMs: number,
): Promise<ReadonlySet<string>> {
  const sql = `
update strategy_leases set expires_at = clock_timestamp() + $2 * interval '1 millisecond'
where owner_id = $1 and not halted returning strategy_id as id`;
  const rows = await connection.query<{ readonly id: string }>('renew-leases', sql, [ownerId, ttlMs]);
  return new Set(rows.map((row) => row.id));
}

export async function releaseLease(
  connection: StoreConnection,
  strategyId: string,
  ownerId: string,
): Promise<void> {
  const sql = `
update strategy_leases set owner_id = null, expires_at = clock_timestamp()
where strategy_id = $1 and owner_id = $2`;
  await connection.query('release-lease', sql, [strategyId, ownerId]);
}
