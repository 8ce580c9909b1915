import { join } from 'node:path';
import type { Settings } from '../config/load-config';
import { migrate, SchemaTooNew } from '../database/data-source';
import { startEmbeddedPostgres } from '../database/embedded-postgres';
import type { Runtime } from '../runtime/runtime';
import { StartError } from './start-error';

export interface Place {
  readonly url: string;
  readonly isEmbedded: boolean;
  stop(): Promise<void>;
}

/** The database: the one that was named, or the embedded one; brought to the present schema. */
export async function openDatabase(settings: Settings, runtime: Runtime): Promise<Place> {
  const place = await findDatabase(settings, runtime);
  try {
    await migrate(place.url);
  } catch (error) {
    await place.stop();
    const fix =
      error instanceof SchemaTooNew
        ? 'Start the build that made it, or a newer one.'
        : 'Check that DATABASE_URL names a Postgres that answers.';
    throw new StartError('database', textOf(error), fix);
  }
  return place;
}

/** The same as it is, whatever its schema. */
export async function findDatabase(settings: Settings, runtime: Runtime): Promise<Place> {
  return settings.databaseUrl
    ? { url: settings.databaseUrl, isEmbedded: false, stop: () => Promise.resolve() }
    : embedded(settings, runtime);
}

async function embedded(settings: Settings, runtime: Runtime): Promise<Place> {
  try {
    const server = await startEmbeddedPostgres(runtime, {
      root: join(settings.dataDir, 'postgres'),
      durable: true,
    });
    return { url: server.url, isEmbedded: true, stop: () => server.stop() };
  } catch (error) {
    throw new StartError('embedded Postgres', textOf(error), 'Set DATABASE_URL, or another DATA_DIR.');
  }
}

/** Whether something already answers HTTP there: a simulator started by itself is used as it is. */
export async function isServed(runtime: Runtime, origin: string): Promise<boolean> {
  const answer = await runtime.http({
    ...{ url: `${origin}/api/v3/ping`, method: 'GET', headers: {}, pool: 'public' as const },
    ...{ sendBy: runtime.monotonic() + 1_000, beforeWrite: () => true },
  });
  return answer.written && answer.status === 200;
}

const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/:\/\/[^@\s]*@/g, '://…@') || 'no answer';
