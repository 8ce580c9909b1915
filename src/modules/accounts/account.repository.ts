import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountRow } from './account';

const columns = `id, name, venue, environment, dedicated, api_key as "apiKey", secret_encrypted as "secretEncrypted"`;
/** Of a strategy: it runs, or should. */
const isRunning = `(desired_state <> 'stopped' or state not in ('created', 'stopped', 'failed'))`;

/** A removed account keeps its row, which what was traded refers to; its key and its name are gone. */
@Injectable()
export class AccountRepository {
  constructor(private readonly database: DataSource) {}

  list(): Promise<readonly AccountRow[]> {
    return this.database.query<AccountRow[]>(
      `select ${columns} from exchange_accounts where removed_at is null order by name`,
    );
  }

  async find(id: string): Promise<AccountRow | undefined> {
    const rows = await this.database.query<AccountRow[]>(
      `select ${columns} from exchange_accounts where id::text = $1 and removed_at is null`,
      [id],
    );
    return rows[0];
  }

  /** False when the id, the name or the key is there already. */
  async insert(row: AccountRow): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(
      `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted, dedicated)
       select $1, $2, $3, $4, $5, $6, $7 where not exists (
         select from exchange_accounts
         where venue = $3 and environment = $4 and api_key = $5 and removed_at is null)
       on conflict do nothing returning id`,
      [row.id, row.name, row.venue, row.environment, row.apiKey, row.secretEncrypted, row.dedicated],
    );
    return rows.length > 0;
  }

  /** Strategies of the account that run, or should. */
  async runningOn(id: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ readonly name: string }[]>(
      `select name from strategies where account_id::text = $1
       and ${isRunning} order by name`,
      [id],
    );
    return rows.map(({ name }) => name);
  }

  async declare(id: string, dedicated: boolean): Promise<void> {
    const sql = 'update exchange_accounts set dedicated = $2 where id::text = $1 and removed_at is null';
    await this.database.query(sql, [id, dedicated]);
  }

  /** Not while a strategy of it runs, or should: whoever starts one locks the account too. */
  async remove(id: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query('select 1 from exchange_accounts where id::text = $1 for update', [id]);
      await manager.query(
        `update exchange_accounts a set removed_at = clock_timestamp(), api_key = '', secret_encrypted = '',
           name = name || '#' || id::text
         where id::text = $1 and removed_at is null
           and not exists (select from strategies s where s.account_id = a.id and ${isRunning})`,
        [id],
      );
    });
  }
}
