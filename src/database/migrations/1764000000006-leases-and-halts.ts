import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
alter table strategy_leases add column predecessor_expires_at timestamptz;
alter table engines add column engine_id text;
alter table engines add column stopped_at timestamptz;
update engines set engine_id = left(owner_id, -7), stopped_at = started_at;
alter table engines alter column engine_id set not null;
create index engines_boots on engines (engine_id, started_at);
create table halts (
  id bigserial primary key,
  scope_key text not null check (scope_key = 'global' or scope_key ~ '^(venue|account|instrument|owner|strategy|engine):.+'),
  level text not null check (level in ('REDUCE_ONLY', 'CANCEL_ONLY', 'HALTED')),
  reason text not null,
  actor text not null,
  at timestamptz not null default clock_timestamp(),
  lifted_by text,
  lifted_at timestamptz,
  lift_reason text,
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
create unique index halts_standing on halts (scope_key, level) where lifted_at is null;`;

/** Which halts cover a strategy. An owner is the user of its order, or who the strategy itself names. */
const scopes = `
create function halt_rank(p_level text) returns int language sql immutable as
  $$ select array_position(array['REDUCE_ONLY', 'CANCEL_ONLY', 'HALTED'], p_level) $$;
create function scope_keys(s strategies) returns text[] language sql stable as $$
  select array['global', 'venue:' || s.venue, 'account:' || s.account_id,
    'instrument:' || s.account_id || '/' || s.symbol, 'strategy:' || s.id,
    'owner:' || coalesce(s.owner_id, (select user_name from user_orders where id = s.user_order_id))]
$$;
create function halt_row(h halts) returns jsonb language sql stable as $$
  select jsonb_build_object('scopeKey', h.scope_key, 'level', h.level, 'reason', h.reason, 'actor', h.actor,
    'at', ms_of(h.at), 'leases', (select count(*) from strategy_leases l join strategies s on s.id = l.strategy_id
      where l.halted and h.scope_key = any (scope_keys(s))))
$$;`;

/**
 * A halt takes the lock exclusively and every take of a lease takes it shared, so no lease slips in between; a
 * commit holds its lease row shared, so it is either before the halt or refused by it.
 */
const halting = `
create function halt_scope(p_scope text, p_level text, p_reason text, p_actor text) returns jsonb
language plpgsql as $$
declare h halts;
begin
  perform pg_advisory_xact_lock(7004);
  insert into halts (scope_key, level, reason, actor) values (p_scope, p_level, p_reason, p_actor)
    on conflict (scope_key, level) where lifted_at is null do nothing;
  if halt_rank(p_level) >= 2 then
    perform 1 from strategy_leases l join strategies s on s.id = l.strategy_id
      where not l.halted and p_scope = any (scope_keys(s)) order by l.strategy_id for update of l;
    update strategy_leases l set halted = true, epoch = l.epoch + 1 from strategies s
      where s.id = l.strategy_id and not l.halted and p_scope = any (scope_keys(s));
  end if;
  select * into h from halts where scope_key = p_scope and level = p_level and lifted_at is null;
  return jsonb_build_object('halt', halt_row(h), 'strategies', (select coalesce(jsonb_agg(
    jsonb_build_object('id', s.id, 'number', s.number, 'accountId', s.account_id) order by s.number), '[]')
    from strategies s where p_scope = any (scope_keys(s))));
end $$;
create function lift_halts(p_scope text, p_actor text, p_reason text) returns jsonb language plpgsql as $$
declare ids bigint[];
begin
  perform pg_advisory_xact_lock(7004);
  with lifted as (
    update halts set lifted_by = p_actor, lifted_at = clock_timestamp(), lift_reason = p_reason
      where scope_key = p_scope and lifted_at is null returning id)
  select array_agg(id) into ids from lifted;
  return (select coalesce(jsonb_agg(halt_row(h) order by id), '[]') from halts h where id = any (ids));
end $$;`;

export const firstTakeLease = `
create function take_lease(p_strategy uuid, p_owner text, p_ttl_ms int) returns jsonb language plpgsql as $$
declare l strategy_leases;
begin
  perform pg_advisory_xact_lock_shared(7004);
  if exists (select 1 from strategies s join halts h on h.scope_key = any (scope_keys(s))
      where s.id = p_strategy and h.lifted_at is null and halt_rank(h.level) >= 2) then
    return null;
  end if;
  insert into strategy_leases as old (strategy_id, owner_id, epoch, expires_at)
    values (p_strategy, p_owner, 1, clock_timestamp() + p_ttl_ms * interval '1 millisecond')
    on conflict (strategy_id) do update
      set owner_id = excluded.owner_id, epoch = old.epoch + 1, halted = false,
        predecessor_expires_at = case when old.owner_id is null or old.owner_id = excluded.owner_id
          then old.predecessor_expires_at else old.expires_at end,
        expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond'
      where old.owner_id is null or old.owner_id = excluded.owner_id or old.expires_at < clock_timestamp()
    returning * into l;
  if not found then return null; end if;
  return jsonb_build_object('epoch', l.epoch, 'predecessorExpiresInMs',
    round(extract(epoch from l.predecessor_expires_at - clock_timestamp()) * 1000));
end $$;`;

/** What an engine looks at every second: the standing halts, and which strategies live engines beside it lease. */
const looking = `
create function standing(p_owner text) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'halts', (select coalesce(jsonb_agg(halt_row(h) order by h.id), '[]') from halts h where lifted_at is null),
    'elsewhere', (select coalesce(jsonb_agg(jsonb_build_object('strategyId', s.id, 'number', s.number,
      'accountId', s.account_id, 'ownerId', l.owner_id) order by s.number), '[]')
      from strategy_leases l join strategies s on s.id = l.strategy_id
      where l.owner_id <> p_owner and not l.halted and l.expires_at > clock_timestamp()))
$$;`;

/** A row for an order of ours that lost its own: its funds are held again, even below zero free. */
const adopting = `
create function adopt(p jsonb) returns jsonb language plpgsql as $$
declare
  s strategies;
  o client_orders;
begin
  perform pg_advisory_xact_lock(7005);
  select * into o from client_orders where client_order_id = p->>'clientOrderId';
  if found then return jsonb_build_object('kind', 'known', 'row', order_row(o)); end if;
  select * into s from strategies where number = (p->>'strategyNumber')::int and account_id::text = p->>'accountId';
  if not found then return jsonb_build_object('kind', 'foreign'); end if;
  if exists (select 1 from strategy_leases l where l.strategy_id = s.id and l.owner_id <> p->>'ownerId'
      and l.expires_at > clock_timestamp()) then
    return jsonb_build_object('kind', 'elsewhere');
  end if;
  insert into client_orders (client_order_id, strategy_id, account_id, venue, instrument, slot_key, side, type,
    time_in_force, price, quantity, hold_asset, hold_rate, epoch, committed_at, deadline_at, venue_order_id)
  values (p->>'clientOrderId', s.id, p->>'accountId', p->>'venue', p->>'instrument',
    'adopted-' || (select count(*) + 1 from client_orders where strategy_id = s.id and slot_key like 'adopted-%'),
    p->>'side', 'limit', 'gtc', (p->>'price')::numeric, (p->>'quantity')::numeric, p->>'holdAsset',
    (p->>'holdRate')::numeric, 0, clock_timestamp(), clock_timestamp(), p->>'venueOrderId')
  returning * into o;
  perform apply_deltas(array[row('strategy:' || s.id, o.hold_asset, 0, held(o.hold_rate, o.quantity))::balance_delta]);
  return jsonb_build_object('kind', 'adopted', 'row', order_row(o));
end $$;`;

/** The right to trade with its drain, the halts that take it away, and boots that ended without a word. */
export class LeasesAndHalts1764000000006 implements MigrationInterface {
  readonly name = 'LeasesAndHalts1764000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [tables, scopes, halting, firstTakeLease, looking, adopting]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function adopt, standing, take_lease, lift_halts, halt_scope, halt_row, scope_keys, halt_rank;
drop table halts;
drop index engines_boots;
alter table engines drop column stopped_at, drop column engine_id;
alter table strategy_leases drop column predecessor_expires_at;`);
  }
}
