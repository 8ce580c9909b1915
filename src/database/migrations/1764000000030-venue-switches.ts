import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts that are this installation's alone, and what their venues may have been told: to cancel everything at
 * `due_at` unless they hear otherwise. Written before the venue is asked, so that no armed switch is forgotten.
 */
export class VenueSwitches1764000000030 implements MigrationInterface {
  readonly name = 'VenueSwitches1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table exchange_accounts add column dedicated boolean not null default false;
create table venue_switches (
  account_id uuid primary key references exchange_accounts (id),
  owner_id text not null,
  due_at timestamptz not null,
  places text[] not null
);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table venue_switches; alter table exchange_accounts drop column dedicated');
  }
}
