import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Runtime } from '../runtime/runtime';
import { isAlive } from './postmaster-pid';

const staleMs = 120_000; // Longer than any start takes.
const waitMs = 90_000;
const pollMs = 20;

/** Locks of this very process: after a restart in a container the same process number comes back. */
const held = new Set<string>();

/**
 * Runs a start alone: of two processes on one directory the second waits, and then finds the server of the first.
 * A lock whose process is gone is taken over.
 */
export async function withStartLock<T>(runtime: Runtime, file: string, start: () => Promise<T>): Promise<T> {
  const until = runtime.monotonic() + waitMs;
  while (!take(file)) {
    if (isStale(runtime, file)) rmSync(file, { force: true });
    else if (runtime.monotonic() > until)
      throw new Error(`Another process is starting Postgres: see ${file}`);
    else await runtime.sleep(pollMs);
  }
  held.add(file);
  try {
    return await start();
  } finally {
    held.delete(file);
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(runtime: Runtime, file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    if (runtime.now() - statSync(file).mtimeMs > staleMs) return true;
    const pid = Number.parseInt(text, 10);
    if (Number.isNaN(pid)) return false; // Being written just now.
    return pid === process.pid ? !held.has(file) : !isAlive(pid);
  } catch {
    return false; // Released between the two questions: try again.
  }
}
