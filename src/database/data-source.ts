import { DataSource } from 'typeorm';
import type { DataSourceOptions, QueryRunner } from 'typeorm';
import { migrations, schemaVersion } from './migrations';
import { SnakeNamingStrategy } from './snake-naming.strategy';

/** Options shared by Nest, the migrations and the tests. The schema is the migrations; it is never synchronised. */
export const dataSourceOptions = (url: string): DataSourceOptions & { readonly type: 'postgres' } => ({
  type: 'postgres',
  url,
  synchronize: false,
  migrations: [...migrations],
  migrationsTransactionMode: 'each',
  namingStrategy: new SnakeNamingStrategy(),
});

/** A source not yet connected. `entities` are the classes its repositories are asked for. */
export const dataSourceFor = (url: string, entities: readonly (new () => object)[] = []): DataSource =>
  new DataSource({ ...dataSourceOptions(url), entities: [...entities] });

/** The database was made by a newer build: this one does not know what it would write. */
export class SchemaTooNew extends Error {
  constructor(migration: string) {
    super(`its schema has ${migration}, which this build does not know`);
    this.name = 'SchemaTooNew';
  }
}

/** Brings a database to the present schema. Processes that start together take turns. Throws SchemaTooNew. */
export async function migrate(url: string): Promise<void> {
  const source = await dataSourceFor(url).initialize();
  try {
    const runner = source.createQueryRunner();
    await runner.query('select pg_advisory_lock(7003)'); // Held by this connection alone; it ends with it.
    try {
      await source.runMigrations();
      await refuseNewer(runner);
    } finally {
      await runner.query('select pg_advisory_unlock(7003)');
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}

async function refuseNewer(runner: QueryRunner): Promise<void> {
  const sql = 'select name from migrations where timestamp > $1 order by timestamp desc limit 1';
  const [newer] = (await runner.query(sql, [schemaVersion])) as readonly { readonly name: string }[];
  if (newer) throw new SchemaTooNew(newer.name);
}
