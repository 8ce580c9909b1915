import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { VenueId } from '../../domain/instrument';
import type { Environment } from './account';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly venue: VenueId;
  readonly environment: Environment;
  readonly apiKey: string;
  readonly secretEncrypted: string;
}

const columns = `id, name, venue, environment, api_key as "apiKey", secret_encrypted as "secretEncrypted"`;

@Injectable()
export class AccountRepository {
  constructor(private readonly database: DataSource) {}

  list(): Promise<readonly AccountRow[]> {
    return this.database.query<AccountRow[]>(`select ${columns} from exchange_accounts order by name`);
  }

  async find(id: string): Promise<AccountRow | undefined> {
    const rows = await this.database.query<AccountRow[]>(
      `select ${columns} from exchange_accounts where id::text = $1`,
      [id],
    );
    return rows[0];
  }

  async insert(row: AccountRow): Promise<void> {
    await this.database.query(
      `insert into exchange_accounts (id, name, venue, environment, api_key, secret_encrypted)
       values ($1, $2, $3, $4, $5, $6)`,
      [row.id, row.name, row.venue, row.environment, row.apiKey, row.secretEncrypted],
    );
  }
}
