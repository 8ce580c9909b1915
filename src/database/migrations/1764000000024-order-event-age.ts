import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines are written in the order of their age, so a range index finds the old ones at almost no cost. */
export class OrderEventAge1764000000024 implements MigrationInterface {
  readonly name = 'OrderEventAge1764000000024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index order_events_at on order_events using brin (at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index order_events_at');
  }
}
