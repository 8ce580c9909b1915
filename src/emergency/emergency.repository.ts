import type { DataSource } from 'typeorm';

/** What the last resort needs to know beside the accounts. */
export class EmergencyRepository {
  constructor(private readonly database: DataSource) {}

  /** The installation whose orders are ours; undefined in a database no engine has ever used. */
  async installation(): Promise<string | undefined> {
    const rows = await this.database.query<{ readonly id: string }[]>('select id from installation');
    return rows[0]?.id;
  }
}
