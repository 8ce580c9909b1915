import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FillTotals } from './fill-totals';

/** A booked fill as callers see it. A fee the venue has not told is null, never estimated. */
export interface FillRow {
  readonly tradeId: string;
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly fee: string | null;
  readonly feeAsset: string | null;
  readonly feeState: 'KNOWN' | 'PENDING';
  readonly liquidity: string;
  readonly at: string;
}

export interface Deposit {
  readonly strategyId: string;
  readonly asset: string;
  readonly quantity: string;
}

const totals = `select strategy_id as "strategyId", count(*)::int as "fillsCount",
  plain(coalesce(sum(quantity) filter (where side = 'buy'), 0)) as "boughtBase",
  plain(coalesce(sum(quantity) filter (where side = 'sell'), 0)) as "soldBase",
  plain(coalesce(sum(quantity * price) filter (where side = 'buy'), 0)) as "spentQuote",
  plain(coalesce(sum(quantity * price) filter (where side = 'sell'), 0)) as "earnedQuote"
  from fills`;

/** Reads the books: fills, and the money put in. */
@Injectable()
export class LedgerRepository {
  constructor(private readonly database: DataSource) {}

  fills(strategyId: string, limit: number): Promise<readonly FillRow[]> {
    return this.database.query<FillRow[]>(
      `select trade_id as "tradeId", client_order_id as "clientOrderId", venue_order_id as "venueOrderId", venue,
         instrument as symbol, side, plain(price) as price, plain(quantity) as quantity, plain(fee) as fee,
         fee_asset as "feeAsset", fee_state as "feeState", liquidity,
         to_char(venue_time at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
       from fills where strategy_id::text = $1 order by venue_time desc, trade_id desc limit $2`,
      [strategyId, limit],
    );
  }

  fillTotals(): Promise<readonly FillTotals[]> {
    return this.database.query<FillTotals[]>(`${totals} group by strategy_id`);
  }

  async fillTotalsOf(strategyId: string): Promise<FillTotals | undefined> {
    const rows = await this.database.query<FillTotals[]>(
      `${totals} where strategy_id::text = $1 group by strategy_id`,
      [strategyId],
    );
    return rows[0];
  }

  /** Money put into each strategy less money taken out, apart from trading. */
  deposits(): Promise<readonly Deposit[]> {
    return this.database.query<Deposit[]>(
      `select substr(holder, 10) as "strategyId", asset, plain(sum(quantity)) as quantity from postings
       where holder like 'strategy:%' and kind not in ('fill', 'fee') group by holder, asset`,
    );
  }

  /** Deletes log lines that are older than 400 days: a year can be explained to its end. The log decides nothing. */
  async deleteOldOrderEvents(): Promise<void> {
    await this.database.query(`delete from order_events where at < clock_timestamp() - interval '400 days'`);
  }
}
