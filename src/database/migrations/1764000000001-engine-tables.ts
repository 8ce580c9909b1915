import type { MigrationInterface, QueryRunner } from 'typeorm';

const identity = `
create table installation (
  singleton boolean primary key default true check (singleton),
  id text not null check (id ~ '^[0-9bcdfghjkmnpqrstvwxyz]{3}$')
);
create table engines (
  owner_id text primary key,
  nonce text not null unique,
  started_at timestamptz not null default clock_timestamp()
);
create table exchange_accounts (
  id uuid primary key,
  name text not null unique,
  venue text not null,
  environment text not null,
  api_key text not null,
  secret_encrypted text not null,
  created_at timestamptz not null default clock_timestamp()
);`;

const strategies = `
create sequence strategy_number as int minvalue 1 maxvalue 809999;
create table strategies (
  id uuid primary key,
  number int not null unique default nextval('strategy_number'),
  name text not null unique,
  strategy_type text not null default 'pureMarketMaking',
  account_id uuid not null,
  venue text not null,
  symbol text not null,
  mode text not null default 'live',
  config jsonb not null default '{}',
  config_version int not null default 1,
  desired_state text not null default 'stopped',
  state text not null default 'stopped',
  state_reason jsonb,
  state_since timestamptz not null default clock_timestamp(),
  owner_id text,
  user_order_id uuid,
  allocation_base numeric(38,18) not null default 0,
  allocation_quote numeric(38,18) not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index strategies_account on strategies (account_id);
create table strategy_transitions (
  id bigserial primary key,
  strategy_id uuid not null references strategies (id) on delete cascade,
  from_state text,
  to_state text not null,
  reason jsonb,
  actor text not null default 'engine',
  at timestamptz not null default clock_timestamp()
);
create index strategy_transitions_strategy on strategy_transitions (strategy_id, id);
create table strategy_leases (
  strategy_id uuid primary key references strategies (id),
  owner_id text,
  epoch int not null,
  expires_at timestamptz not null,
  halted boolean not null default false
);`;

const orders = `
create table client_orders (
  client_order_id text collate "C" primary key,
  strategy_id uuid not null references strategies (id),
  account_id text not null,
  venue text not null,
  instrument text not null,
  slot_key text not null,
  side text not null check (side in ('buy', 'sell')),
  type text not null,
  time_in_force text not null,
  price numeric(38,18) not null,
  quantity numeric(38,18) not null check (quantity > 0),
  hold_asset text not null,
  hold_rate numeric(38,18) not null check (hold_rate >= 0),
  epoch int not null,
  committed_at timestamptz not null,
  deadline_at timestamptz not null,
  venue_order_id text,
  booked_filled numeric(38,18) not null default 0,
  ended_why text check (ended_why in ('filled', 'canceled', 'expired', 'rejected', 'denied', 'absent')),
  ended_code text,
  ended_at timestamptz,
  check ((ended_why is null) = (ended_at is null))
);
create unique index client_orders_slot on client_orders (strategy_id, slot_key) where ended_why is null;
create index client_orders_unended on client_orders (account_id) where ended_why is null;
create index client_orders_venue_id on client_orders (venue, account_id, venue_order_id);
create index client_orders_strategy on client_orders (strategy_id, committed_at);
create table order_events (
  id bigserial primary key,
  client_order_id text not null,
  kind text not null,
  status text not null,
  source text not null,
  detail text not null,
  at timestamptz not null
);
create index order_events_order on order_events (client_order_id, id);
create table fills (
  venue text not null,
  account_id text not null,
  instrument text not null,
  trade_id text not null,
  venue_order_id text not null,
  side text not null check (side in ('buy', 'sell')),
  strategy_id uuid not null,
  client_order_id text not null,
  price numeric(38,18) not null,
  quantity numeric(38,18) not null check (quantity > 0),
  fee numeric(38,18),
  fee_asset text,
  fee_state text not null check (fee_state in ('KNOWN', 'PENDING')),
  liquidity text not null,
  base text not null,
  quote text not null,
  source text not null,
  venue_time timestamptz not null,
  booked_at timestamptz not null default clock_timestamp(),
  primary key (venue, account_id, instrument, trade_id, venue_order_id, side),
  check ((fee_state = 'KNOWN') = (fee is not null and fee_asset is not null))
);
create index fills_strategy on fills (strategy_id, venue_time);
create index fills_order on fills (client_order_id);
create index fills_fee_pending on fills (account_id) where fee_state = 'PENDING';
create table trade_cursors (
  account_id text not null,
  instrument text not null,
  last_trade_id text not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, instrument)
);`;

/** Who we are, what runs, and every order we may have on a venue. */
export class EngineTables1764000000001 implements MigrationInterface {
  readonly name = 'EngineTables1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [identity, strategies, orders]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table trade_cursors, fills, order_events, client_orders, strategy_leases, strategy_transitions, strategies;
drop sequence strategy_number;
drop table exchange_accounts, engines, installation;`);
  }
}
