import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which boot of which engine wrote a line of an order's log; null in lines from before. */
export class OrderEventWorker1764000000007 implements MigrationInterface {
  readonly name = 'OrderEventWorker1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table order_events add column worker text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table order_events drop column worker');
  }
}
