import type { MigrationInterface, QueryRunner } from 'typeorm';

const fills = `
create function fill_key(f jsonb) returns text language sql immutable as $$
  select concat_ws('|', f->>'venue', f->>'accountId', f->>'instrument', f->>'tradeId', f->>'venueOrderId', f->>'side')
$$;
create function fill_lines(f jsonb) returns balance_delta[] language sql immutable as $$
  with x as (
    select 'strategy:' || (f->>'strategyId') as ours, 'market:' || (f->>'venue') as theirs,
      (f->>'quantity')::numeric * sign as base,
      round((f->>'price')::numeric * (f->>'quantity')::numeric, 18) * -sign as quote
    from (select case f->>'side' when 'buy' then 1 else -1 end as sign) s)
  select array[
    row(ours, f->>'base', base, 0)::balance_delta, row(theirs, f->>'base', -base, 0)::balance_delta,
    row(ours, f->>'quote', quote, 0)::balance_delta, row(theirs, f->>'quote', -quote, 0)::balance_delta]
  from x
$$;
create function fee_lines(f jsonb) returns balance_delta[] language sql immutable as $$
  select array[
    row(case when f->>'feeAsset' in (f->>'base', f->>'quote') then 'strategy:' || (f->>'strategyId')
      else 'unallocated:' || (f->>'accountId') end, f->>'feeAsset', -(f->>'fee')::numeric, 0)::balance_delta,
    row('venue-fees:' || (f->>'venue'), f->>'feeAsset', (f->>'fee')::numeric, 0)::balance_delta]
$$;
create function booked_of(p_id text) returns text language sql stable as $$
  select plain(coalesce((select booked_filled from client_orders where client_order_id = p_id),
    (select sum(quantity) from fills where client_order_id = p_id), 0))
$$;
create function stored_fill(f jsonb) returns fills language sql stable as $$
  select * from fills where venue = f->>'venue' and account_id = f->>'accountId'
    and instrument = f->>'instrument' and trade_id = f->>'tradeId'
    and venue_order_id = f->>'venueOrderId' and side = f->>'side'
$$;`;

/** Booked once by its key, whatever the order's state: a fill is never refused. The last one ends its order. */
const booking = `
create function raise_booked(f jsonb) returns balance_delta[] language plpgsql as $$
declare
  o client_orders;
  filled numeric;
  freed numeric;
begin
  select * into o from client_orders where client_order_id = f->>'clientOrderId' for update;
  if not found then return '{}'; end if;
  filled := o.booked_filled + (f->>'quantity')::numeric;
  update client_orders set booked_filled = filled,
      venue_order_id = coalesce(venue_order_id, f->>'venueOrderId'),
      ended_why = case when o.ended_why is null and filled >= quantity then 'filled' else ended_why end,
      ended_at = case when o.ended_why is null and filled >= quantity
        then to_timestamp((f->>'venueTime')::bigint / 1000.0) else ended_at end
    where client_order_id = o.client_order_id;
  if o.ended_why is not null then return '{}'; end if;
  freed := held(o.hold_rate, o.quantity - o.booked_filled) - held(o.hold_rate, o.quantity - filled);
  return array[row('strategy:' || o.strategy_id, o.hold_asset, 0, -freed)::balance_delta];
end $$;
create function book_fill(f jsonb, out answer jsonb, out deltas balance_delta[]) language plpgsql as $$
declare
  known boolean := f->>'fee' is not null and f->>'feeAsset' is not null;
  old fills;
begin
  deltas := '{}';
  insert into fills (venue, account_id, instrument, trade_id, venue_order_id, side, strategy_id, client_order_id,
    price, quantity, fee, fee_asset, fee_state, liquidity, base, quote, source, venue_time)
  values (f->>'venue', f->>'accountId', f->>'instrument', f->>'tradeId', f->>'venueOrderId', f->>'side',
    (f->>'strategyId')::uuid, f->>'clientOrderId', (f->>'price')::numeric, (f->>'quantity')::numeric,
    case when known then (f->>'fee')::numeric end, case when known then f->>'feeAsset' end,
    case when known then 'KNOWN' else 'PENDING' end, f->>'liquidity', f->>'base', f->>'quote', f->>'source',
    to_timestamp((f->>'venueTime')::bigint / 1000.0))
  on conflict do nothing;
  if not found then
    old := stored_fill(f);
    answer := case when old.price = (f->>'price')::numeric and old.quantity = (f->>'quantity')::numeric
      then jsonb_build_object('kind', 'duplicate', 'bookedFilled', booked_of(old.client_order_id))
      else jsonb_build_object('kind', 'conflict', 'detail', 'booked as ' || plain(old.quantity) || ' at '
        || plain(old.price) || ', now said to be ' || (f->>'quantity') || ' at ' || (f->>'price')) end;
    return;
  end if;
  deltas := raise_booked(f) || fill_lines(f);
  perform post_lines('fill:' || fill_key(f), 'fill', fill_lines(f));
  if known then
    deltas := deltas || fee_lines(f);
    perform post_lines('fee:' || fill_key(f), 'fee', fee_lines(f));
  end if;
  answer := jsonb_build_object('kind', 'booked', 'bookedFilled', booked_of(f->>'clientOrderId'));
end $$;
create function record_fills(p_fills jsonb, p_cursors jsonb, p_holders text[]) returns jsonb
language plpgsql as $$
declare
  f jsonb;
  one record;
  results jsonb := '[]';
  deltas balance_delta[] := '{}';
begin
  perform 1 from client_orders
    where client_order_id in (select value->>'clientOrderId' from jsonb_array_elements(p_fills))
    order by client_order_id for update;
  for f in select value from jsonb_array_elements(p_fills) with ordinality order by ordinality loop
    select * into one from book_fill(f);
    results := results || jsonb_build_array(one.answer);
    deltas := deltas || one.deltas;
  end loop;
  perform apply_deltas(deltas);
  insert into trade_cursors (account_id, instrument, last_trade_id)
    select c."accountId", c.instrument, c."lastTradeId"
    from jsonb_to_recordset(p_cursors) as c ("accountId" text, instrument text, "lastTradeId" text)
    on conflict (account_id, instrument) do update
      set last_trade_id = excluded.last_trade_id, updated_at = clock_timestamp();
  return jsonb_build_object('results', results, 'balances', balances_of(p_holders));
end $$;
create function record_fee(f jsonb, p_holders text[]) returns jsonb language plpgsql as $$
declare old fills;
begin
  old := stored_fill(f);
  if old.price is null then return jsonb_build_object('kind', 'conflict', 'detail', 'the fill is not booked'); end if;
  update fills set fee = (f->>'fee')::numeric, fee_asset = f->>'feeAsset', fee_state = 'KNOWN'
    where venue = old.venue and account_id = old.account_id and instrument = old.instrument
      and trade_id = old.trade_id and venue_order_id = old.venue_order_id and side = old.side
      and fee_state = 'PENDING';
  if not found then
    old := stored_fill(f);
    if old.fee = (f->>'fee')::numeric and old.fee_asset = f->>'feeAsset' then
      return jsonb_build_object('kind', 'duplicate', 'bookedFilled', booked_of(old.client_order_id));
    end if;
    return jsonb_build_object('kind', 'conflict', 'detail', 'the fee is booked as ' || plain(old.fee) || ' '
      || old.fee_asset || ', now said to be ' || (f->>'fee') || ' ' || (f->>'feeAsset'));
  end if;
  perform post_lines('fee:' || fill_key(f), 'fee', fee_lines(f));
  perform apply_deltas(fee_lines(f));
  return jsonb_build_object('kind', 'booked', 'bookedFilled', booked_of(old.client_order_id),
    'balances', balances_of(p_holders));
end $$;`;

/** Locks first, asks then, moves last: a guarded holder never falls below what its orders hold. */
const transfers = `
create function transfer(p jsonb) returns jsonb language plpgsql as $$
declare
  lines balance_delta[];
  holders text[];
  short text;
  same boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended(p->>'key', 0));
  select array_agg(row(value->>'holder', value->>'asset', (value->>'quantity')::numeric, 0)::balance_delta
    order by ordinality), array_agg(value->>'holder')
    into lines, holders
    from jsonb_array_elements(p->'lines') with ordinality where (value->>'quantity')::numeric <> 0;
  select array_agg(row(holder, asset, quantity, 0)::balance_delta order by line) is not distinct from lines
    into same from postings where key = p->>'key' having count(*) > 0;
  if same is not null then
    if same then
      return jsonb_build_object('kind', 'done', 'duplicate', true, 'balances', balances_of(holders));
    end if;
    return jsonb_build_object('kind', 'conflict', 'detail', 'key ' || (p->>'key') || ' was used with other lines');
  end if;
  insert into balances (holder, asset) select distinct holder, asset from unnest(lines) order by 1, 2
    on conflict do nothing;
  perform 1 from balances b where (b.holder, b.asset) in (select l.holder, l.asset from unnest(lines) l)
    order by b.holder, b.asset for update;
  select string_agg(b.holder || ' has ' || plain(b.total - b.reserved) || ' ' || b.asset || ' free, '
      || plain(-d.quantity) || ' needed', '; ' order by b.holder, b.asset) into short
    from balances b join (select l.holder, l.asset, sum(l.total) as quantity from unnest(lines) l group by 1, 2) d
      using (holder, asset)
    where d.quantity < 0 and p->'guarded' ? b.holder and b.total + d.quantity < b.reserved;
  if short is not null then return jsonb_build_object('kind', 'insufficient', 'detail', short); end if;
  perform post_lines(p->>'key', p->>'kind', lines);
  perform apply_deltas(lines);
  return jsonb_build_object('kind', 'done', 'duplicate', false, 'balances', balances_of(holders));
end $$;`;

/** Fills, fees and transfers, each decided in one call of one transaction. */
export class MoneyFunctions1764000000004 implements MigrationInterface {
  readonly name = 'MoneyFunctions1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [fills, booking, transfers]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function transfer, record_fee, record_fills, book_fill, raise_booked, stored_fill, booked_of, fee_lines,
  fill_lines, fill_key;`);
  }
}
