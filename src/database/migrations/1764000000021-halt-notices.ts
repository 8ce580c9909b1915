import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every halt and every lift tells the engines that listen, in the transaction that makes it so. */
const notices = `
create function tell_halt() returns trigger language plpgsql as $$
begin
  perform pg_notify('mm_halts', new.scope_key);
  return null;
end $$;
create trigger halts_told after insert or update on halts for each row execute function tell_halt();`;

/** A halt reaches every engine when it is committed, not when it next looks. */
export class HaltNotices1764000000021 implements MigrationInterface {
  readonly name = 'HaltNotices1764000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(notices);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger halts_told on halts; drop function tell_halt;');
  }
}
