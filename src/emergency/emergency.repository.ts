import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../database/data-source';
import { AccountRepository } from '../modules/accounts/account.repository';
import type { Watched } from './watch-list';

/** What the last resort reads: by itself, because there may be no engine to ask. */
export class EmergencyRepository {
  readonly accounts: AccountRepository;

  private constructor(private readonly database: DataSource) {
    this.accounts = new AccountRepository(database);
  }

  /** Rejects when the database does not answer. */
  static async open(url: string): Promise<EmergencyRepository> {
    return new EmergencyRepository(await dataSourceFor(url).initialize());
  }

  /** The installation whose orders are ours; undefined in a database no engine has ever used. */
  async installation(): Promise<string | undefined> {
    const rows = await this.database.query<{ readonly id: string }[]>('select id from installation');
    return rows[0]?.id;
  }

  /**
   * Every strategy that an engine leases or leased to its end, and how long that engine has made no progress. One that was
   * offered with live orders and that nobody took in time has an owner of its own, which makes none.
   */
  async leased(): Promise<readonly Watched[]> {
    const rows = await this.database.query<(Watched & { readonly quietMs: number | null })[]>(`
select s.number as "strategyNumber", s.account_id::text as "accountId",
  coalesce(l.owner_id, 'an offer nobody took: strategy ' || s.number || ', tenure ' || l.epoch) as "ownerId",
  (extract(epoch from clock_timestamp() - e.progress_at) * 1000)::float8 as "quietMs"
from strategy_leases l join strategies s on s.id = l.strategy_id left join engines e on e.owner_id = l.owner_id
where l.owner_id is not null or (l.handover and l.expires_at < clock_timestamp()) order by s.number`);
    return rows.map(({ quietMs, ...row }) => ({ ...row, quietMs: quietMs ?? undefined }));
  }

  async close(): Promise<void> {
    await this.database.destroy().catch(() => undefined); // It may be lost already.
  }
}
