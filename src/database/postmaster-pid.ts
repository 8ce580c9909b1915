import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a data directory says about its server. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

export const pidFileOf = (dataDirectory: string): string => join(dataDirectory, 'postmaster.pid');

/** The server's own note: line 1 the process, line 4 the port, line 8 `ready`. Undefined without a note. */
export function readPostmasterPid(dataDirectory: string): PostmasterPid | undefined {
  const file = pidFileOf(dataDirectory);
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return { pid, port, isReady: lines[7]?.trim() === 'ready' && port > 0 };
}

/** True when the process lives and is the server of this directory, not one that was given its number later. */
export const isServerOf = (pid: number, dataDirectory: string): boolean =>
  Number.isInteger(pid) && pid > 0 && isAlive(pid) && commandOf(pid).includes(dataDirectory);

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It lives and is not ours to signal.
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return ''; // It ended between the two questions.
  }
}
