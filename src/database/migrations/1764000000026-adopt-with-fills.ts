import type { MigrationInterface, QueryRunner } from 'typeorm';

const head = `
create or replace function adopt(p jsonb) returns jsonb language plpgsql as $$
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
  end if;`;

const row = (booked: string): string => `
  insert into client_orders (client_order_id, strategy_id, account_id, venue, instrument, slot_key, side, type,
    time_in_force, price, quantity, hold_asset, hold_rate, epoch, committed_at, deadline_at, venue_order_id,
    booked_filled)
  values (p->>'clientOrderId', s.id, p->>'accountId', p->>'venue', p->>'instrument',
    'adopted-' || (select count(*) + 1 from client_orders where strategy_id = s.id and slot_key like 'adopted-%'),
    p->>'side', 'limit', 'gtc', (p->>'price')::numeric, (p->>'quantity')::numeric, p->>'holdAsset',
    (p->>'holdRate')::numeric, 0, clock_timestamp(), clock_timestamp(), p->>'venueOrderId', ${booked})
  returning * into o;
  perform apply_deltas(array[row('strategy:' || s.id, o.hold_asset, 0,
    held(o.hold_rate, greatest(o.quantity - o.booked_filled, 0)))::balance_delta]);
  return jsonb_build_object('kind', 'adopted', 'row', order_row(o));
end $$`;

/** Nobody books a fill of the order between the count of its fills and its row: the one who waits finds the row. */
const counted = `
  lock table fills in share mode;
${row(`coalesce((select sum(quantity) from fills where client_order_id = p->>'clientOrderId'), 0)`)}`;

/** An order that lost its row may have kept its fills, or got them from an engine that may not adopt it. */
export class AdoptWithFills1764000000026 implements MigrationInterface {
  readonly name = 'AdoptWithFills1764000000026';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(head + counted);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(head + row('0'));
  }
}
