import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { MoneyState } from './money-states';
import type { Credit, UserOrder } from './user-order';

const select = `select id, user_name as "userName", label, state, account_id as "accountId", symbol,
  strategy_id as "strategyId", funding_reference as "fundingReference",
  to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
  (select jsonb_agg(leg || jsonb_build_object('credited', plain(coalesce((select sum(c.quantity) from credits c
     where c.user_order_id = o.id and c.asset = leg->>'asset'), 0))) order by n)
   from jsonb_array_elements(o.legs) with ordinality as l (leg, n)) as legs
  from user_orders o`;

@Injectable()
export class UserOrderRepository {
  constructor(@Inject(DataSource) private readonly database: DataSource | EntityManager) {}

  /** Nobody else moves the money state of the order until `work` is over; what `work` writes here is written with it. */
  locked<T>(id: string, work: (orders: UserOrderRepository) => Promise<T>): Promise<T> {
    return this.database.transaction(async (manager) => {
      await manager.query('select 1 from user_orders where id::text = $1 for update', [id]);
      return work(new UserOrderRepository(manager));
    });
  }

  list(): Promise<readonly UserOrder[]> {
    return this.database.query<UserOrder[]>(`${select} order by created_at desc limit 500`);
  }

  async find(id: string): Promise<UserOrder | undefined> {
    return (await this.database.query<UserOrder[]>(`${select} where id::text = $1`, [id]))[0];
  }

  /** Changes nothing when the id is known. */
  async insert(
    order: UserOrder,
    allocation: { readonly base: string; readonly quote: string },
  ): Promise<void> {
    const legs = order.legs.map(({ asset, required }) => ({ asset, required }));
    await this.database.query(
      `with made as (insert into user_orders (id, user_name, label, state, account_id, symbol, legs, strategy_id,
         funding_reference, allocation_base, allocation_quote) values ($1,$2,$3,'intent',$4,$5,$6,$7,$8,$9,$10)
         on conflict (id) do nothing returning id)
       insert into user_order_transitions (user_order_id, to_state, actor) select id, 'intent', $2 from made`,
      [
        ...[order.id, order.userName, order.label, order.accountId, order.symbol, JSON.stringify(legs)],
        ...[order.strategyId, order.fundingReference, allocation.base, allocation.quote],
      ],
    );
  }

  /** Moves the money state; false when it was not `from` any more. */
  async move(id: string, from: MoneyState, to: MoneyState, actor: string): Promise<boolean> {
    const rows = await this.database.query<object[]>(
      `with moved as (update user_orders set state = $3, updated_at = clock_timestamp()
         where id = $1 and state = $2 returning id)
       insert into user_order_transitions (user_order_id, from_state, to_state, actor)
       select id, $2, $3, $4 from moved returning id`,
      [id, from, to, actor],
    );
    return rows.length > 0;
  }

  /** False when it was no intent any more, or money was moved to it of which it was not told. */
  async cancel(id: string, actor: string): Promise<boolean> {
    const credit = `select 1 from postings p join user_orders o on p.holder = 'strategy:' || o.strategy_id
      where o.id::text = $1 and p.kind = 'credit' limit 1`;
    return this.locked(id, async (orders) => {
      const isCredited = (await orders.database.query<object[]>(credit, [id])).length > 0;
      return !isCredited && (await orders.move(id, 'intent', 'cancelled', actor));
    });
  }

  async insertCredit(credit: Credit): Promise<void> {
    await this.database.query(
      `insert into credits (source, external_id, user_order_id, asset, quantity) values ('admin', $1, $2, $3, $4)
       on conflict do nothing`,
      [credit.externalId, credit.userOrderId, credit.asset, credit.quantity],
    );
  }
}
