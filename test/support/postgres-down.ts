import { rm } from 'node:fs/promises';
import { testServer } from './postgres-up';

export default async function postgresDown(): Promise<void> {
  const made = testServer.mmTestServer;
  if (!made) return;
  await made.server.stop();
  await made.runtime.close();
  await rm(made.root, { recursive: true, force: true });
}
