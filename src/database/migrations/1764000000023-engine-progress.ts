import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an engine last ticked in time, held a lease and reached its database; null before the first time. */
export class EngineProgress1764000000023 implements MigrationInterface {
  readonly name = 'EngineProgress1764000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table engines add column progress_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table engines drop column progress_at');
  }
}
