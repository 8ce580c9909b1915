import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { NewStrategy, StateReason, Strategy } from './strategy';
import type { DesiredState, StrategyState } from './strategy-states';

export interface Transition {
  readonly id: string;
  readonly from: StrategyState;
  readonly to: StrategyState;
  readonly reason: StateReason | null;
  readonly actor: string;
}

const select = `select s.id, s.number, s.name, s.strategy_type as "strategyType", s.account_id as "accountId", s.venue,
  a.environment, s.symbol, s.config, s.config_version as "configVersion", s.desired_state as "desiredState", s.state,
  s.state_reason as "stateReason",
  to_char(s.state_since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "stateSince",
  s.user_order_id as "userOrderId", coalesce(s.owner_id, u.user_name) as "ownerId",
  jsonb_build_object('base', plain(s.allocation_base), 'quote', plain(s.allocation_quote)) as allocation
  from strategies s join exchange_accounts a on a.id = s.account_id
    left join user_orders u on u.id = s.user_order_id`;

@Injectable()
export class StrategyRepository {
  constructor(private readonly database: DataSource) {}

  list(): Promise<readonly Strategy[]> {
    return this.database.query<Strategy[]>(`${select} order by s.number`);
  }

  async find(id: string): Promise<Strategy | undefined> {
    return (await this.database.query<Strategy[]>(`${select} where s.id::text = $1`, [id]))[0];
  }

  /** False when the name or the id is taken. */
  async insert(row: NewStrategy): Promise<boolean> {
    const rows = await this.database.query<object[]>(
      `insert into strategies (id, name, strategy_type, account_id, venue, symbol, config, desired_state, state,
         user_order_id, allocation_base, allocation_quote)
       values ($1, $2, $3, $4, $5, $6, $7, 'stopped', 'created', $8, $9, $10) on conflict do nothing returning id`,
      [
        ...[
          row.id,
          row.name,
          row.strategyType,
          row.accountId,
          row.venue,
          row.symbol,
          JSON.stringify(row.config),
        ],
        ...[row.userOrderId, row.allocation.base, row.allocation.quote],
      ],
    );
    return rows.length > 0;
  }

  /** Takes back an insert whose money did not come; it never ran. */
  async removeUnfunded(id: string): Promise<void> {
    await this.database.query(`delete from strategies where id = $1 and state = 'created'`, [id]);
  }

  async setDesired(id: string, desired: DesiredState): Promise<void> {
    await this.database.query(
      `update strategies set desired_state = $2, updated_at = clock_timestamp() where id = $1`,
      [id, desired],
    );
  }

  /** False when somebody has asked for something else since it was read, or its account was removed. */
  async want({ id, desiredState }: Strategy, desired: DesiredState): Promise<boolean> {
    const rows = await this.database.query<object[]>(
      `with place as (
         select a.id from exchange_accounts a join strategies s on s.account_id = a.id
         where s.id = $1 and a.removed_at is null for share of a),
       wanted as (
         update strategies set desired_state = $3, updated_at = clock_timestamp()
         where id = $1 and desired_state = $2 and account_id in (select id from place) returning id)
       select id from wanted`,
      [id, desiredState, desired],
    );
    return rows.length > 0;
  }

  /** For a halt: what a person has asked for since the strategy was read stays. */
  async pauseIfWanted(id: string): Promise<void> {
    await this.database.query(
      `update strategies set desired_state = 'paused', updated_at = clock_timestamp()
       where id = $1 and desired_state = 'running'`,
      [id],
    );
  }

  /** A start that an earlier process began has its whole time again. */
  async renewStarting(): Promise<void> {
    await this.database.query(
      `update strategies set state_since = clock_timestamp() where state = 'starting'`,
    );
  }

  /** Moves the observed state; false when somebody else moved it first. */
  async move({ id, from, to, reason, actor }: Transition): Promise<boolean> {
    const rows = await this.database.query<object[]>(
      `with moved as (
         update strategies set state = $3, state_reason = $4, updated_at = clock_timestamp(),
           state_since = case when state = $3 then state_since else clock_timestamp() end
         where id = $1 and state = $2 returning id)
       insert into strategy_transitions (strategy_id, from_state, to_state, reason, actor)
       select id, $2, $3, $4, $5 from moved returning id`,
      [id, from, to, reason === null ? null : JSON.stringify(reason), actor],
    );
    return rows.length > 0;
  }

  /** Keeps a remark beside the transitions without moving anything. */
  async mark(id: string, reason: StateReason): Promise<void> {
    await this.database.query(
      `insert into strategy_transitions (strategy_id, from_state, to_state, reason) select id, state, state, $2
       from strategies where id = $1`,
      [id, JSON.stringify(reason)],
    );
  }

  /** The first price each strategy was valued at. */
  async openingMids(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<{ readonly id: string; readonly mid: string }[]>(
      `select distinct on (strategy_id) strategy_id as id, reason->>'mid' as mid
       from strategy_transitions where reason ? 'mid' order by strategy_id, strategy_transitions.id`,
    );
    return new Map(rows.map((row) => [row.id, row.mid]));
  }
}
