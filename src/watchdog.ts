import 'reflect-metadata';
import { findDatabase } from './boot/places';
import { loadConfig } from './config/load-config';
import { guard } from './emergency/guard';
import { LastResort } from './emergency/last-resort';
import { createRealRuntime } from './runtime/real-runtime';

/**
 * `npm run watchdog`: a process beside the engines, best on another host. When an engine makes no progress for 15 s it
 * cancels what that engine leases, at the venue and by the ids of this installation alone. SIGTERM ends it.
 */
async function main(): Promise<void> {
  const runtime = createRealRuntime();
  const { settings } = loadConfig(runtime);
  const database = await findDatabase(settings, runtime);
  const resort = await LastResort.open(runtime, settings, database.url);
  const say = (line: string): void =>
    void process.stdout.write(`${new Date(runtime.now()).toISOString()} ${line}\n`);
  const watchdog = guard(runtime, resort, say);
  watchdog.start();
  say('watching');
  const stop = async (): Promise<void> => {
    watchdog.stop();
    await resort.close();
    await database.stop();
    await runtime.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
