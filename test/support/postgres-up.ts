import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import type { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';

export interface TestServer {
  readonly server: EmbeddedPostgres;
  readonly runtime: Runtime;
  readonly root: string;
}

/** Jest runs set-up and tear-down in one process: what one made the other finds here. */
export const testServer = globalThis as typeof globalThis & { mmTestServer?: TestServer };

/** One server for the whole run: TEST_DATABASE_URL, or a fast one without guarantees in a temporary directory. */
export default async function postgresUp(): Promise<void> {
  const external = process.env['TEST_DATABASE_URL'];
  if (external) {
    process.env['MM_TEST_SERVER'] = external;
    return;
  }
  const root = await mkdtemp(join(tmpdir(), 'mm-test-'));
  const runtime = createRealRuntime();
  const server = await startEmbeddedPostgres(runtime, { root, durable: false });
  testServer.mmTestServer = { server, runtime, root };
  process.env['MM_TEST_SERVER'] = server.url;
}
