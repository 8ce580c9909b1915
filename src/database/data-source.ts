import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations';
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

/** Brings a database to the present schema. Processes that start together take turns. */
export async function migrate(url: string): Promise<void> {
  const source = await dataSourceFor(url).initialize();
  try {
    const runner = source.createQueryRunner();
    await runner.query('select pg_advisory_lock(7003)'); // Held by this connection alone; it ends with it.
    try {
      await source.runMigrations();
    } finally {
      await runner.query('select pg_advisory_unlock(7003)');
      await runner.release();
    }
  } finally {
    await source.destroy();
  }
}
