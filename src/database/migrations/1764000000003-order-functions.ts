import type { MigrationInterface, QueryRunner } from 'typeorm';

const reading = `
create function held(p_rate numeric, p_open numeric) returns numeric language sql immutable as
  $$ select round(p_rate * greatest(p_open, 0), 18) $$;
create function order_row(o client_orders) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'clientOrderId', o.client_order_id, 'strategyId', o.strategy_id, 'accountId', o.account_id,
    'venue', o.venue, 'instrument', o.instrument, 'slotKey', o.slot_key, 'side', o.side, 'type', o.type,
    'timeInForce', o.time_in_force, 'price', plain(o.price), 'quantity', plain(o.quantity), 'epoch', o.epoch,
    'committedAt', ms_of(o.committed_at), 'deadlineAt', ms_of(o.deadline_at),
    'venueOrderId', o.venue_order_id, 'bookedFilled', plain(o.booked_filled),
    'ended', case when o.ended_why is not null then jsonb_strip_nulls(jsonb_build_object(
      'why', o.ended_why, 'code', o.ended_code, 'at', ms_of(o.ended_at))) end)
$$;`;

/** The share lock on the lease is the only one that carries authority: a kill or a takeover waits for it, or it for them. */
const commit = `
create function refused(p_strategy text, p_reason text, p_detail text) returns jsonb language sql immutable as $$
  select jsonb_build_object('strategyId', p_strategy, 'kind', 'refused', 'reason', p_reason, 'detail', p_detail)
$$;
create function write_intents(p_batch jsonb, p_at timestamptz, p_deadline_ms int) returns void
language plpgsql as $$
declare need record;
begin
  insert into client_orders (client_order_id, strategy_id, account_id, venue, instrument, slot_key, side, type,
    time_in_force, price, quantity, hold_asset, hold_rate, epoch, committed_at, deadline_at)
  select o."clientOrderId", (p_batch->>'strategyId')::uuid, o."accountId", o.venue, o.instrument, o."slotKey",
    o.side, o.type, o."timeInForce", o.price, o.quantity, o."holdAsset", o."holdRate", (p_batch->>'epoch')::int,
    p_at, p_at + p_deadline_ms * interval '1 millisecond'
  from jsonb_to_recordset(p_batch->'orders') as o ("clientOrderId" text, "accountId" text, venue text,
    instrument text, "slotKey" text, side text, type text, "timeInForce" text, price numeric, quantity numeric,
    "holdAsset" text, "holdRate" numeric);
  for need in
    select o."holdAsset" as asset, sum(held(o."holdRate", o.quantity)) as amount
    from jsonb_to_recordset(p_batch->'orders') as o (quantity numeric, "holdAsset" text, "holdRate" numeric)
    group by 1 order by 1
  loop
    update balances set reserved = reserved + need.amount
      where holder = 'strategy:' || (p_batch->>'strategyId') and asset = need.asset
        and total - reserved >= need.amount;
    if not found then
      raise exception using errcode = 'MM001', message = plain(need.amount) || ' ' || need.asset || ' needed';
    end if;
  end loop;
end $$;
create function commit_batch(p_batch jsonb, p_deadline_ms int) returns jsonb language plpgsql as $$
declare
  strategy text := p_batch->>'strategyId';
  lease strategy_leases;
  at timestamptz;
begin
  select * into lease from strategy_leases where strategy_id = strategy::uuid for share;
  if not found or lease.owner_id is distinct from p_batch->>'ownerId'
    or lease.epoch <> (p_batch->>'epoch')::int then
    return refused(strategy, 'LEASE_LOST', 'another owner or epoch holds the lease');
  end if;
  if lease.halted then return refused(strategy, 'HALTED', 'a halt covers the strategy'); end if;
  at := date_trunc('milliseconds', clock_timestamp());
  if lease.expires_at <= at then return refused(strategy, 'LEASE_LOST', 'the lease has expired'); end if;
  perform write_intents(p_batch, at, p_deadline_ms);
  return jsonb_build_object('strategyId', strategy, 'kind', 'committed', 'committedAt', ms_of(at),
    'deadlineAt', ms_of(at) + p_deadline_ms);
exception
  when unique_violation then return refused(strategy, 'SLOT_OCCUPIED', sqlerrm);
  when sqlstate 'MM001' then return refused(strategy, 'INSUFFICIENT_FUNDS', sqlerrm);
end $$;
create function commit_intents(p_batches jsonb, p_deadline_ms int) returns jsonb language plpgsql as $$
declare
  batch jsonb;
  verdicts jsonb := '[]';
begin
  for batch in select value from jsonb_array_elements(p_batches) order by value->>'strategyId' loop
    verdicts := verdicts || jsonb_build_array(commit_batch(batch, p_deadline_ms));
  end loop;
  return verdicts;
end $$;`;

const ending = `
create function end_orders(p_ends jsonb) returns jsonb language plpgsql as $$
declare
  e record;
  o client_orders;
  deltas balance_delta[] := '{}';
  holders text[] := '{}';
begin
  for e in
    select * from jsonb_to_recordset(p_ends)
      as x ("clientOrderId" text, "venueOrderId" text, why text, code text, at bigint)
    order by "clientOrderId" collate "C"
  loop
    update client_orders set ended_why = e.why, ended_code = e.code, ended_at = to_timestamp(e.at / 1000.0),
        venue_order_id = coalesce(venue_order_id, e."venueOrderId")
      where client_order_id = e."clientOrderId" and ended_why is null
      returning * into o;
    continue when not found;
    holders := holders || ('strategy:' || o.strategy_id);
    deltas := deltas || row('strategy:' || o.strategy_id, o.hold_asset, 0,
      -held(o.hold_rate, o.quantity - o.booked_filled))::balance_delta;
  end loop;
  perform apply_deltas(deltas);
  return balances_of(holders);
end $$;`;

/** Intents and ends, each decided in one call of one transaction. */
export class OrderFunctions1764000000003 implements MigrationInterface {
  readonly name = 'OrderFunctions1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [reading, commit, ending]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function end_orders, commit_intents, commit_batch, write_intents, refused, order_row, held;`);
  }
}
