import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = `
create table balances (
  holder text not null,
  asset text not null,
  total numeric(38,18) not null default 0,
  reserved numeric(38,18) not null default 0,
  primary key (holder, asset)
);
create table postings (
  transaction_id uuid not null,
  line int not null,
  holder text not null,
  asset text not null,
  quantity numeric(38,18) not null,
  kind text not null,
  key text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (transaction_id, line),
  unique (key, line)
);
create index postings_holder on postings (holder, asset, at);`;

/** Checked at the commit: what one holder gains another loses, in every transaction and asset. */
const rules = `
create function assert_postings_balance() returns trigger language plpgsql as $$
declare difference numeric;
begin
  select sum(quantity) into difference from postings
    where transaction_id = new.transaction_id and asset = new.asset;
  if difference <> 0 then
    raise exception 'transaction % does not balance: % % too much', new.transaction_id, difference, new.asset;
  end if;
  return null;
end $$;
create constraint trigger postings_balance after insert on postings
  deferrable initially deferred for each row execute function assert_postings_balance();
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: correct it with a reversal', tg_table_name;
end $$;
create trigger postings_append_only before update or delete on postings
  for each statement execute function refuse_change();`;

/** Balances move only here, in one order of locks. */
const functions = `
create type balance_delta as (holder text, asset text, total numeric, reserved numeric);
create function apply_deltas(p_deltas balance_delta[]) returns void language sql as $$
  insert into balances as b (holder, asset, total, reserved)
  select d.holder, d.asset, sum(d.total), sum(d.reserved) from unnest(p_deltas) d
  group by d.holder, d.asset order by d.holder, d.asset
  on conflict (holder, asset) do update
    set total = b.total + excluded.total, reserved = b.reserved + excluded.reserved
$$;
create function post_lines(p_key text, p_kind text, p_lines balance_delta[]) returns void language sql as $$
  with this as (select gen_random_uuid() as id)
  insert into postings (transaction_id, line, holder, asset, quantity, kind, key)
  select this.id, d.line, d.holder, d.asset, d.total, p_kind, p_key
  from this, unnest(p_lines) with ordinality as d (holder, asset, total, reserved, line)
  where d.total <> 0
$$;
create function plain(p_value numeric) returns text language sql immutable as
  $$ select trim_scale(p_value)::text $$;
create function ms_of(p_at timestamptz) returns bigint language sql immutable as
  $$ select round(extract(epoch from p_at) * 1000)::bigint $$;
create function balances_of(p_holders text[]) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'holder', holder, 'asset', asset, 'total', plain(total), 'reserved', plain(reserved))
    order by holder, asset), '[]')
  from balances where holder = any (p_holders)
$$;`;

/** Double entry: lines that sum to zero, never changed, and the running balances. */
export class Ledger1764000000002 implements MigrationInterface {
  readonly name = 'Ledger1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [tables, rules, functions]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function balances_of, ms_of, plain, post_lines, apply_deltas;
drop type balance_delta;
drop table postings, balances;
drop function assert_postings_balance, refuse_change;`);
  }
}
