import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { dataSourceFor, migrate } from '../../src/database/data-source';

/** The address of a database on the server of this run. */
export function serverUrl(database: string): string {
  const server = process.env['MM_TEST_SERVER'];
  if (!server) throw new Error('MM_TEST_SERVER is not set: run with --selectProjects real');
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

/** The address of this worker's own database. */
export const testDatabaseUrl = (): string => serverUrl(`mm_w${process.env['JEST_WORKER_ID'] ?? '1'}`);

/** A migrated, empty database of this worker's own; call once per spec file. */
export async function testDatabase(entities: readonly (new () => object)[] = []): Promise<DataSource> {
  const name = new URL(testDatabaseUrl()).pathname.slice(1);
  const admin = new Client({ connectionString: serverUrl('postgres') });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock(7001)'); // One worker builds the template; the others wait, then clone.
    if (!(await templateExists(admin))) await buildTemplate(admin);
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name} template mm_template`);
  } finally {
    await admin.end(); // Ending the connection releases the lock.
  }
  return dataSourceFor(testDatabaseUrl(), entities).initialize();
}

/** Empties every table but keeps the schema; between the tests of a file. */
export async function emptyTables(source: DataSource): Promise<void> {
  const tables = await source.query<{ readonly name: string }[]>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'`,
  );
  await source.query(`truncate ${tables.map((table) => table.name).join(', ')} restart identity cascade`);
}

async function buildTemplate(admin: Client): Promise<void> {
  await admin.query('drop database if exists mm_template with (force)'); // An interrupted build is not a template.
  await admin.query('create database mm_template');
  await migrate(serverUrl('mm_template'));
  await admin.query('alter database mm_template with is_template true allow_connections false');
}

async function templateExists(admin: Client): Promise<boolean> {
  const found = await admin.query(
    `select 1 from pg_database where datname = 'mm_template' and datistemplate`,
  );
  return found.rows.length > 0;
}
