import type { MigrationInterface, QueryRunner } from 'typeorm';

const column = `
alter table strategy_leases add column handover boolean not null default false;`;

/** A lease given back with live orders, for as long as they are left to whoever takes it. `expires_at` ends it. */
const offering = `
create function is_offered(l strategy_leases) returns boolean language sql as $$
  select coalesce(l.handover and l.owner_id is null and not l.halted and l.expires_at > clock_timestamp(), false)
$$;
create function hand_over(p_strategy uuid, p_owner text, p_offer_ms int) returns boolean language plpgsql as $$
begin
  update strategy_leases l set owner_id = null, handover = true,
      expires_at = clock_timestamp() + p_offer_ms * interval '1 millisecond'
    where l.strategy_id = p_strategy and l.owner_id = p_owner and not l.halted and l.expires_at > clock_timestamp()
      and not exists (select 1 from client_orders o where o.strategy_id = p_strategy and o.ended_why is null
        and o.venue_order_id is null and o.booked_filled = 0);
  if not found then return false; end if;
  perform pg_notify('mm_halts', 'handover');
  return true;
end $$;`;

const taking = (declared: string, before: string, sets: string, answers: string): string => `
create or replace function take_lease(p_strategy uuid, p_owner text, p_ttl_ms int) returns jsonb language plpgsql as $$
declare
  l strategy_leases;${declared}
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
  end if;${before}
  insert into strategy_leases as old (strategy_id, owner_id, epoch, expires_at, build_id, schema_version)
    select p_strategy, p_owner, 1, clock_timestamp() + p_ttl_ms * interval '1 millisecond',
      (select build_id from engines where owner_id = p_owner),
      (select schema_version from engines where owner_id = p_owner)
    on conflict (strategy_id) do update
      set owner_id = excluded.owner_id, epoch = old.epoch + 1, halted = false,
        build_id = excluded.build_id, schema_version = excluded.schema_version,${sets}
        predecessor_expires_at = case when old.owner_id is null or old.owner_id = excluded.owner_id
          then old.predecessor_expires_at else old.expires_at end,
        expires_at = clock_timestamp() + p_ttl_ms * interval '1 millisecond'
      where old.owner_id is null or old.owner_id = excluded.owner_id or old.expires_at < clock_timestamp()
    returning * into l;
  if not found then return null; end if;
  return jsonb_build_object('epoch', l.epoch,${answers} 'predecessorExpiresInMs',
    round(extract(epoch from l.predecessor_expires_at - clock_timestamp()) * 1000));
end $$;`;

/** The row is locked before it is read: whether it was offered is decided with the take. */
const takingOffers = taking(
  `
  before strategy_leases;`,
  `
  select * into before from strategy_leases where strategy_id = p_strategy for update;`,
  ` handover = false,`,
  ` 'isHandover', is_offered(before),`,
);

const looking = (offered: string): string => `
create or replace function standing(p_owner text) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'halts', (select coalesce(jsonb_agg(halt_row(h) order by h.id), '[]') from halts h where lifted_at is null),
    'elsewhere', (select coalesce(jsonb_agg(jsonb_build_object('strategyId', s.id, 'number', s.number,
      'accountId', s.account_id, 'ownerId', l.owner_id) order by s.number), '[]')
      from strategy_leases l join strategies s on s.id = l.strategy_id
      where l.owner_id <> p_owner and not l.halted and l.expires_at > clock_timestamp())${offered})
$$;`;

const lookingForOffers = looking(`,
    'offered', (select coalesce(jsonb_agg(jsonb_build_object('strategyId', s.id, 'number', s.number,
      'accountId', s.account_id) order by s.number), '[]')
      from strategy_leases l join strategies s on s.id = l.strategy_id where is_offered(l))`);

/** A strategy changes hands with its orders where they are. */
export class Handover1764000000031 implements MigrationInterface {
  readonly name = 'Handover1764000000031';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [column, offering, takingOffers, lookingForOffers]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    const sql = [taking('', '', '', ''), looking(''), 'drop function hand_over, is_offered;'];
    for (const one of sql) await runner.query(one);
    await runner.query('alter table strategy_leases drop column handover;');
  }
}
