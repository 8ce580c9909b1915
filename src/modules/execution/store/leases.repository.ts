import { DomainError } from '../../../domain/errors';
import { installationLength } from '../../../domain/ids';
import type { Ms } from '../../../domain/units';
import type { StoreConnection } from './store-connection.repository';
import { mixedBuilds } from './mixed-builds';
import type { MixedLease } from './mixed-builds';
import type { Build, LeaseEnd, Registration, Store, TakenLease } from './types';

const nonceDraws = 10;

/** Remembers this boot under a nonce no boot ever had, and counts those before it that ended without a word. */
export async function registerEngine(
  connection: StoreConnection,
  { engineId, build }: { readonly engineId: string; readonly build: Build },
  nonces: () => string,
  bootWindowMs: number,
): Promise<Registration> {
  for (let draw = 0; draw < nonceDraws; draw += 1) {
    const nonce = nonces();
    const ownerId = `${engineId}-${nonce}`;
    const sql = `
insert into engines (owner_id, nonce, engine_id, build_id, schema_version) values ($1, $2, $3, $4, $5)
on conflict do nothing returning nonce`;
    const made = await connection.query('register', sql, [
      ...[ownerId, nonce, engineId, build.id, build.schemaVersion],
    ]);
    if (made.length === 0) continue;
    const uncleanBoots = await uncleanBootsOf(connection, { engineId, ownerId, bootWindowMs });
    return { ownerId, nonce, installation: await installationOf(connection, nonces), uncleanBoots };
  }
  throw new DomainError(
    'NONCE_EXHAUSTED',
    'every boot nonce drawn was used before',
    'Start the engine again.',
  );
}

export async function rejoin(
  connection: StoreConnection,
  { ownerId, nonce }: { readonly ownerId: string; readonly nonce: string },
  { engineId, build }: { readonly engineId: string; readonly build: Build },
): Promise<void> {
  const sql = `
insert into engines (owner_id, nonce, engine_id, build_id, schema_version) values ($1, $2, $3, $4, $5)
on conflict do nothing`;
  await connection.query('rejoin', sql, [ownerId, nonce, engineId, build.id, build.schemaVersion]);
}

export async function recordProgress(connection: StoreConnection, ownerId: string): Promise<Ms> {
  const sql =
    'update engines set progress_at = clock_timestamp() where owner_id = $1 returning ms_of(progress_at)::float8 as now';
  const rows = await connection.query<{ now: Ms }>('progress', sql, [ownerId]);
  if (!rows[0]) throw new Error(`no engine is registered as ${ownerId}`);
  return rows[0].now;
}

export async function markStopped(connection: StoreConnection, ownerId: string): Promise<void> {
  const sql = 'update engines set stopped_at = clock_timestamp() where owner_id = $1 and stopped_at is null';
  await connection.query('mark-stopped', sql, [ownerId]);
}

async function uncleanBootsOf(
  connection: StoreConnection,
  boot: { readonly engineId: string; readonly ownerId: string; readonly bootWindowMs: number },
): Promise<number> {
  const sql = `
select count(*)::int as boots from engines
where engine_id = $1 and owner_id <> $2 and stopped_at is null
  and started_at > clock_timestamp() - $3 * interval '1 millisecond'
  and started_at > coalesce((select max(lifted_at) from halts where scope_key = 'engine:' || $1), '-infinity')`;
  const rows = await connection.query<{ readonly boots: number }>('unclean-boots', sql, [
    ...[boot.engineId, boot.ownerId, boot.bootWindowMs],
  ]);
  return rows[0]?.boots ?? 0;
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

export async function takeLease(
  connection: StoreConnection,
  strategyId: string,
  ownerId: string,
  ttlMs: number,
): Promise<TakenLease | undefined> {
  const sql = 'select take_lease($1, $2, $3) as taken';
  const rows = await connection.query<{
    readonly taken:
      | {
          readonly epoch: number;
          readonly isHandover: boolean;
          readonly predecessorExpiresInMs: number | null;
        }
      | { readonly mixed: MixedLease }
      | null;
  }>('take-lease', sql, [strategyId, ownerId, ttlMs]);
  const taken = rows[0]?.taken;
  if (!taken) return undefined;
  if ('mixed' in taken) throw mixedBuilds(taken.mixed);
  const { epoch, isHandover } = taken;
  const predecessorExpiresInMs = taken.predecessorExpiresInMs ?? undefined;
  return { strategyId, ownerId, epoch, predecessorExpiresInMs, isHandover };
}

export async function renewLeases(
  connection: StoreConnection,
  ownerId: string,
  ttlMs: number,
): Promise<ReadonlyMap<string, number>> {
  const sql = `
select r.id, l.epoch from renew_leases($1, $2) as r(id) join strategy_leases l on l.strategy_id = r.id`;
  const rows = await connection.query<{ readonly id: string; readonly epoch: number }>('renew-leases', sql, [
    ...[ownerId, ttlMs],
  ]);
  return new Map(rows.map((row) => [row.id, row.epoch]));
}

export async function releaseLease(
  connection: StoreConnection,
  strategyId: string,
  ownerId: string,
  { epoch, isDeathOver = false }: LeaseEnd = {},
): Promise<void> {
  const sql = `
update strategy_leases set owner_id = null, expires_at = clock_timestamp(),
  predecessor_expires_at = case when $4::boolean then null else predecessor_expires_at end
where strategy_id = $1 and owner_id = $2 and (halted or epoch = coalesce($3, epoch))`;
  await connection.query('release-lease', sql, [strategyId, ownerId, epoch ?? null, isDeathOver]);
}

export async function handOver(
  connection: StoreConnection,
  ...given: Parameters<Store['handOver']>
): Promise<boolean> {
  const sql = 'select hand_over($1, $2, $3) as given';
  const rows = await connection.query<{ readonly given: boolean }>('hand-over', sql, given);
  return rows[0]?.given ?? false;
}
