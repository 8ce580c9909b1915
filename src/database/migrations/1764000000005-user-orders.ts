import type { MigrationInterface, QueryRunner } from 'typeorm';

const userOrders = `
create table user_orders (
  id uuid primary key,
  user_name text not null,
  label text,
  state text not null,
  account_id uuid not null,
  symbol text not null,
  legs jsonb not null default '[]',
  allocation_base numeric(38,18) not null default 0,
  allocation_quote numeric(38,18) not null default 0,
  strategy_id uuid,
  funding_reference text unique,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create table user_order_transitions (
  id bigserial primary key,
  user_order_id uuid not null references user_orders (id) on delete cascade,
  from_state text,
  to_state text not null,
  actor text not null,
  reason text,
  at timestamptz not null default clock_timestamp()
);
create index user_order_transitions_order on user_order_transitions (user_order_id, id);
create table credits (
  source text not null,
  external_id text not null,
  user_order_id uuid,
  asset text not null,
  quantity numeric(38,18) not null check (quantity > 0),
  at timestamptz not null default clock_timestamp(),
  unique (source, external_id)
);
create index credits_user_order on credits (user_order_id);
create table audit_log (
  id bigserial primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  target text not null,
  detail jsonb not null default '{}'
);
create trigger audit_log_append_only before update or delete on audit_log
  for each statement execute function refuse_change();`;

/** Whose money trades, where it came from, and who asked for what. */
export class UserOrders1764000000005 implements MigrationInterface {
  readonly name = 'UserOrders1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(userOrders);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_log, credits, user_order_transitions, user_orders');
  }
}
