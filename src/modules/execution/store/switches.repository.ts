import type { AccountId } from '../../../domain/instrument';
import type { StoreConnection } from './store-connection.repository';
import type { ArmedSwitch } from './types';

/** Accounts that are declared ours alone, and whatever a venue may have been told of one. */
export const switchRows = `(
  select coalesce(jsonb_agg(jsonb_build_object('accountId', a.id, 'isDedicated', a.dedicated, 'armed',
    case when v.account_id is not null then jsonb_build_object('ownerId', v.owner_id, 'places', to_jsonb(v.places),
      'dueInMs', (extract(epoch from v.due_at - clock_timestamp()) * 1000)::float8) end) order by a.id), '[]')
  from exchange_accounts a left join venue_switches v on v.account_id = a.id
  where a.removed_at is null and (a.dedicated or v.account_id is not null))`;

const recording = `
with leased as (
  select l.owner_id from strategy_leases l join strategies s on s.id = l.strategy_id
  where s.account_id::text = $1 and l.owner_id is not null and not l.halted and l.expires_at > clock_timestamp())
insert into venue_switches (account_id, owner_id, due_at, places)
select a.id, $2, clock_timestamp() + $3 * interval '1 millisecond', $4::text[] from exchange_accounts a
where a.id::text = $1 and a.dedicated
  and exists (select from leased where owner_id = $2)
  and (not exists (select from leased where owner_id <> $2)
    or $5 and exists (select from venue_switches v where v.account_id = a.id and v.owner_id = $2))
on conflict (account_id) do update
  set owner_id = excluded.owner_id, due_at = excluded.due_at, places = excluded.places
returning account_id`;

/** Another owner that takes a lease in this very moment is seen by the next look of either. */
export async function record(
  connection: StoreConnection,
  accountId: AccountId,
  { ownerId, dueInMs, places }: ArmedSwitch,
  isLeaving: boolean,
): Promise<boolean> {
  const values = [accountId, ownerId, dueInMs, places, isLeaving];
  const rows = await connection.query('record-switch', recording, values);
  return rows.length > 0;
}

export async function forget(
  connection: StoreConnection,
  accountId: AccountId,
  ownerId: string,
): Promise<void> {
  const sql = 'delete from venue_switches where account_id::text = $1 and owner_id = $2';
  await connection.query('forget-switch', sql, [accountId, ownerId]);
}
