import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeClientOrderId } from '../../../domain/ids';

/** One line of an order's history. `status` is the state word after it; `worker` the boot of the engine that wrote it. */
export interface OrderEvent {
  readonly at: string;
  readonly kind: string;
  readonly status: string;
  readonly source: string;
  readonly worker: string | null;
  readonly detail: string;
}

export interface OrderHistory {
  readonly events: readonly OrderEvent[];
  readonly hasMore: boolean;
}

const mostEvents = 500;

/** The intent and the end are durable facts; the log between them is for people and may lack its last second. */
const history = `
with o as (select * from client_orders where client_order_id = $1),
lines as (
  select 0 as rank, 0::bigint as id, committed_at as at, 'committed' as kind, 'INTENT' as status, 'store' as source,
    (select owner_id from engines where nonce = $2) as worker,
    side || ' ' || plain(quantity) || ' at ' || plain(price) || ' in ' || slot_key as detail from o
  union all
  select 1, e.id, e.at, e.kind, e.status, e.source, e.worker, e.detail from order_events e
    where e.client_order_id in (select client_order_id from o)
  union all
  select 2, 0, ended_at, 'ended', upper(ended_why), 'store', null, coalesce(ended_code, '') from o
    where ended_why is not null
)
select (select count(*)::int from o) as "ordersCount", coalesce(jsonb_agg(jsonb_build_object(
  'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'kind', kind, 'status', status,
  'source', source, 'worker', worker, 'detail', detail) order by rank = 0 desc, at, rank, id), '[]') as events
from (select * from lines order by rank = 0 desc, at, rank, id limit $3) as page`;

/** Reads what is known of one order, oldest first. */
@Injectable()
export class OrderHistoryRepository {
  constructor(private readonly database: DataSource) {}

  /** Undefined when no order has this id. */
  async of(clientOrderId: string): Promise<OrderHistory | undefined> {
    const rows = await this.database.query<
      { readonly ordersCount: number; readonly events: readonly OrderEvent[] }[]
    >(history, [clientOrderId, decodeClientOrderId(clientOrderId)?.nonce ?? '', mostEvents + 1]);
    const [row] = rows;
    if (!row || row.ordersCount === 0) return undefined;
    return { events: row.events.slice(0, mostEvents), hasMore: row.events.length > mostEvents };
  }
}
