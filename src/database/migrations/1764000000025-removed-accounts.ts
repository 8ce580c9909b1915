import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was traded refers to its account for good: an account is removed by erasing its key, not its row. */
export class RemovedAccounts1764000000025 implements MigrationInterface {
  readonly name = 'RemovedAccounts1764000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table exchange_accounts add column removed_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table exchange_accounts drop column removed_at');
  }
}
