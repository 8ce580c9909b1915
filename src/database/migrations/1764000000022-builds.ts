import type { MigrationInterface, QueryRunner } from 'typeorm';
import { firstTakeLease } from './1764000000006-leases-and-halts';

/** What an engine was built from and the schema it knows; null in rows from before. */
const columns = `
alter table engines add column build_id text, add column schema_version bigint;
alter table strategy_leases add column build_id text, add column schema_version bigint;`;

/** The live lease of another engine whose build differs too much from this one; takes of leases come one by one. */
const mixing = `
create function mixed_lease(p_owner text) returns strategy_leases language plpgsql as $$
declare
  e engines;
  l strategy_leases;
begin
  perform pg_advisory_xact_lock(7006);
  select * into e from engines where owner_id = p_owner;
  select * into l from strategy_leases
    where owner_id <> p_owner and not halted and expires_at > clock_timestamp()
      and (split_part(build_id, '.', 1) <> split_part(e.build_id, '.', 1) or schema_version <> e.schema_version)
    order by strategy_id limit 1;
  return l;
end $$;`;

const taking = `
create or replace function take_lease(p_strategy uuid, p_owner text, p_ttl_ms int) returns jsonb language plpgsql as $$
declare l strategy_leases;
begin
  perform pg_advisory_xact_lock_shared(7004);
  if exists (select 1 from strategies s join halts h on h.scope_key = any (scope_keys(s))
      where s.id = p_strategy and h.lifted_at is null and halt_rank(h.level) >= 2) then
    return null;
  end if;
  l := mixed_lease(p_owner);
  if l.owner_id is not null then
    return jsonb_build_object('mixed', jsonb_build_object('ownerId', l.owner_id, 'buildId', l.build_id,
      'schemaVersion', l.schema_version));
  end if;
  insert into strategy_leases as old (strategy_id, owner_id, epoch, expires_at, build_id, schema_version)
    select p_strategy, p_owner, 1, clock_timestamp() + p_ttl_ms * interval '1 millisecond',
      (select build_id from engines where owner_id = p_owner),
      (select schema_version from engines where owner_id = p_owner)
    on conflict (strategy_id) do update
      set owner_id = excluded.owner_id, epoch = old.epoch + 1, halted = false,
        build_id = excluded.build_id, schema_version = excluded.schema_version,
        predecessor_expires_at = case when old.owner_id is null or old.owner_id = excluded.owner_id
          then old.predecessor_expires_at else old.expires_at end,
        expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond'
      where old.owner_id is null or old.owner_id = excluded.owner_id or old.expires_at < clock_timestamp()
    returning * into l;
  if not found then return null; end if;
  return jsonb_build_object('epoch', l.epoch, 'predecessorExpiresInMs',
    round(extract(epoch from l.predecessor_expires_at - clock_timestamp()) * 1000));
end $$;`;

/** A lease that had run out is not renewed beside one of a build that took its chance. */
const renewing = `
create function renew_leases(p_owner text, p_ttl_ms int) returns setof uuid language plpgsql as $$
declare may boolean := true;
begin
  if exists (select 1 from strategy_leases where owner_id = p_owner and not halted and expires_at <= clock_timestamp()) then
    may := (mixed_lease(p_owner)).owner_id is null;
  end if;
  return query update strategy_leases set expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond'
    where owner_id = p_owner and not halted and (may or expires_at > clock_timestamp()) returning strategy_id;
end $$;`;

/** Engines of builds that differ too much never trade side by side. */
export class Builds1764000000022 implements MigrationInterface {
  readonly name = 'Builds1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [columns, mixing, taking, renewing]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function renew_leases, take_lease, mixed_lease;
alter table strategy_leases drop column build_id, drop column schema_version;
alter table engines drop column build_id, drop column schema_version;
${firstTakeLease}`);
  }
}
