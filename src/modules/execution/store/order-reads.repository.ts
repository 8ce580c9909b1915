import type { Fill } from '../../../domain/fill';
import type { InstrumentId } from '../../../domain/instrument';
import type { StoreConnection } from './store-connection.repository';
import type { Adopted, Adoption, Balance, OrderRow, Settled, Store, Traded, TradeCursor } from './types';
import type { Ms } from '../../../domain/units';

type Loaded = Awaited<ReturnType<Store['load']>>;
type OrderQuestion = Parameters<Store['findOrder']>[0];
type StoredOrder = Omit<OrderRow, 'venueOrderId' | 'ended'> & {
  readonly venueOrderId: string | null;
  readonly ended: OrderRow['ended'] | null;
};

const loadSql = `
select
  (select coalesce(jsonb_agg(order_row(o) order by o.committed_at, o.client_order_id), '[]') from client_orders o
    where account_id = $1 and ended_why is null) as orders,
  (select coalesce(jsonb_agg(jsonb_build_object('accountId', account_id, 'instrument', instrument,
    'lastTradeId', last_trade_id) order by instrument), '[]') from trade_cursors where account_id = $1) as cursors,
  (select coalesce(jsonb_agg(jsonb_build_object('venue', venue, 'accountId', account_id, 'instrument', instrument,
    'tradeId', trade_id, 'venueOrderId', venue_order_id, 'side', side, 'strategyId', strategy_id,
    'clientOrderId', client_order_id, 'price', plain(price), 'quantity', plain(quantity), 'liquidity', liquidity,
    'base', base, 'quote', quote, 'source', source, 'venueTime', ms_of(venue_time)) order by venue_time, trade_id),
    '[]') from fills where account_id = $1 and fee_state = 'PENDING') as fees,
  (select jsonb_build_array('unallocated:' || $1, 'suspense:' || $1, 'unexplained:' || $1) ||
    coalesce(jsonb_agg('strategy:' || id order by id), '[]') from strategies where account_id::text = $1) as holders,
  (select coalesce(jsonb_agg(distinct symbol order by symbol), '[]') from strategies where account_id::text = $1
    and (desired_state <> 'stopped' or state not in ('created', 'stopped', 'failed'))) as instruments,
  (select ms_of(min(at)) from postings where key = 'external:opening:' || $1) as "openedAt",
  (select coalesce(jsonb_object_agg(asset, at), '{}') from (select asset, ms_of(max(at)) as at from postings
    where holder = 'unexplained:' || $1 and kind = 'external' group by asset) last) as "unexplainedAt"`;

/** One statement, so all of it is of one moment. */
export async function load(connection: StoreConnection, accountId: string): Promise<Loaded> {
  const rows = await connection.query<{
    readonly orders: readonly StoredOrder[];
    readonly cursors: readonly TradeCursor[];
    readonly fees: readonly Fill[];
    readonly holders: readonly string[];
    readonly instruments: readonly InstrumentId[];
    /** A bigint, which the driver leaves a text. */
    readonly openedAt: string | null;
    readonly unexplainedAt: Settled['unexplainedAt'];
  }>('load', loadSql, [accountId]);
  const { orders, cursors, fees, holders, instruments, openedAt, unexplainedAt } = rows[0]!;
  const settled = { openedAt: openedAt === null ? undefined : Number(openedAt), unexplainedAt };
  return { orders: orders.map(orderRow), cursors, pendingFees: fees, holders, instruments, settled };
}

export async function findOrder(
  connection: StoreConnection,
  by: OrderQuestion,
): Promise<OrderRow | undefined> {
  const select = 'select order_row(o) as found from client_orders o where';
  const rows =
    'clientOrderId' in by
      ? await connection.query<{ found: StoredOrder }>('find-by-id', `${select} client_order_id = $1`, [
          by.clientOrderId,
        ])
      : await connection.query<{ found: StoredOrder }>(
          'find-by-venue-id',
          `${select} venue = $1 and account_id = $2 and venue_order_id = $3 and instrument = $4
            order by committed_at desc limit 1`,
          [by.venue, by.accountId, by.venueOrderId, by.instrument],
        );
  return rows[0] && orderRow(rows[0].found);
}

export async function adopt(connection: StoreConnection, order: Adoption): Promise<Adopted> {
  const rows = await connection.query<{
    readonly done: { readonly kind: Adopted['kind']; readonly row?: StoredOrder };
  }>('adopt', 'select adopt($1) as done', [JSON.stringify(order)]);
  const { kind, row } = rows[0]!.done;
  if (kind === 'elsewhere' || kind === 'foreign' || !row) return { kind: kind as 'elsewhere' | 'foreign' };
  return { kind, row: orderRow(row) };
}

export async function balances(
  connection: StoreConnection,
  holders: readonly string[],
): Promise<readonly Balance[]> {
  const sql = 'select balances_of($1) as rows';
  const answer = await connection.query<{ rows: readonly Balance[] }>('balances', sql, [[...holders]]);
  return answer[0]?.rows ?? [];
}

/** By their booking; the trade itself may be a day older, which lets the index of a strategy's fills be used. */
const tradedSql = `
with since as (select greatest(to_timestamp($2::float8 / 1000), max(lifted_at)) as at from halts
  where scope_key = 'strategy:' || $1 and split_part(reason, ':', 1) = any($3)),
moved as (select price, booked_at, trade_id,
    case side when 'buy' then quantity else -quantity end - case when fee_asset = base then fee else 0 end as base,
    case side when 'buy' then -price * quantity else price * quantity end
      - case when fee_asset = quote then fee else 0 end as quote
  from fills, since
  where strategy_id = $1::uuid and venue_time > since.at - interval '1 day' and booked_at >= since.at),
run as (select base, quote, price * sum(base) over so_far + sum(quote) over so_far as worth from moved
  window so_far as (order by booked_at, trade_id))
select ms_of((select at from since))::float8 as since, plain(round(coalesce(sum(base), 0), 18)) as base,
  plain(round(coalesce(sum(quote), 0), 18)) as quote, plain(round(greatest(max(worth), 0), 18)) as best
from run`;

export async function tradedSince(
  connection: StoreConnection,
  strategyId: string,
  from: Ms,
  liftedCodes: readonly string[],
): Promise<Traded> {
  const rows = await connection.query<Traded>('traded-since', tradedSql, [strategyId, from, liftedCodes]);
  return rows[0]!;
}

const orderRow = (row: StoredOrder): OrderRow => ({
  ...row,
  venueOrderId: row.venueOrderId ?? undefined,
  ended: row.ended ?? undefined,
});
