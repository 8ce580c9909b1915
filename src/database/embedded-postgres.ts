import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Runtime } from '../runtime/runtime';
import { findPostgresBinaries } from './postgres-binaries';
import type { PostgresBinaries } from './postgres-binaries';
import { logTail, passwordOf, prepareData, prepareRoot, serverFiles, serverIdentity } from './postgres-files';
import type { ServerFiles, ServerIdentity } from './postgres-files';
import { isAlive, isServerOf, pidFileOf, readPostmasterPid } from './postmaster-pid';
import type { PostmasterPid } from './postmaster-pid';
import { withStartLock } from './start-lock';

const readyWaitMs = 10_000;
const startWaitMs = 60_000; // Recovery after a crash can take long.
const stopWaitMs = 10_000;
const noteWaitMs = 1_000;
const pollMs = 20;

export interface EmbeddedPostgres {
  readonly url: string;
  /** Stops the server unless another process still uses it. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Directory of the server's data, password and log. */
  readonly root: string;
  /** False trades every guarantee for speed: tests only. */
  readonly durable: boolean;
}

interface Place {
  readonly runtime: Runtime;
  readonly files: ServerFiles;
  readonly identity: ServerIdentity;
  readonly binaries: PostgresBinaries;
  readonly password: string;
  readonly durable: boolean;
}

/**
 * Starts the packaged Postgres in a directory, or adopts the one that already serves it: after kill -9 of this
 * process the server lives on. One engine on one host; the directory is not to be shared between containers.
 */
export async function startEmbeddedPostgres(
  runtime: Runtime,
  options: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const files = serverFiles(options.root);
  const identity = serverIdentity();
  const binaries = findPostgresBinaries();
  prepareRoot(files, identity);
  const lock = join(files.root, 'starting');
  return withStartLock(runtime, lock, () =>
    open({ runtime, files, identity, binaries, durable: options.durable }),
  );
}

async function open(parts: Omit<Place, 'password'>): Promise<EmbeddedPostgres> {
  const draw = (): string => Buffer.from(parts.runtime.randomBytes(24)).toString('base64url');
  const password = passwordOf(parts.files, parts.identity, draw);
  const place: Place = { ...parts, password };
  const url = (await adopt(place)) ?? (await start(place));
  return { url, stop: () => stop(place, url) };
}

/** The address of the server that already runs here; undefined when none does. */
async function adopt(place: Place): Promise<string | undefined> {
  const { files, runtime } = place;
  const found = await settledPid(place);
  if (!found) return undefined;
  if (!isServerOf(found.pid, files.data)) {
    rmSync(pidFileOf(files.data), { force: true }); // Its number belongs to something else now.
    return undefined;
  }
  const until = runtime.monotonic() + readyWaitMs;
  while (!readPostmasterPid(files.data)?.isReady && isAlive(found.pid)) {
    if (runtime.monotonic() > until) throw new Error(`The Postgres of ${files.root} does not become ready.`);
    await runtime.sleep(pollMs);
  }
  const ready = readPostmasterPid(files.data);
  if (!ready?.isReady) return undefined; // It stopped while we waited.
  const url = urlOf(place, ready.port);
  await assertServes(url, files);
  return url;
}

/** A server writes its note in steps; one that stays empty is left over from a crash. */
async function settledPid({ files, runtime }: Place): Promise<PostmasterPid | undefined> {
  const until = runtime.monotonic() + noteWaitMs;
  for (;;) {
    const found = readPostmasterPid(files.data);
    if (!found || found.pid > 0 || runtime.monotonic() > until) return found;
    await runtime.sleep(pollMs);
  }
}

async function assertServes(url: string, files: ServerFiles): Promise<void> {
  const wrong = (why: string): Error =>
    new Error(`A Postgres runs on ${files.data} but ${why}. Stop it, or set DATABASE_URL.`);
  const answer = await ask(url, 'show data_directory').catch((error: unknown) => {
    throw wrong(`does not accept us (${error instanceof Error ? error.message : String(error)})`);
  });
  const served = String(answer?.['data_directory']);
  if (realpathSync(served) !== realpathSync(files.data)) throw wrong(`serves ${served}`);
}

async function start(place: Place): Promise<string> {
  if (prepareData(place.files, place.identity).isNew) initialise(place);
  const port = await freePort();
  const server = launch(place, port);
  const url = urlOf(place, port);
  const until = place.runtime.monotonic() + startWaitMs;
  for (;;) {
    if (await answers(url)) return url;
    if (server.hasExited()) {
      const other = await adopt(place); // Another process was faster.
      if (other) return other;
      throw new Error(`Postgres ended while starting in ${place.files.root}:\n${logTail(place.files)}`);
    }
    if (place.runtime.monotonic() > until) {
      throw new Error(`Postgres does not answer in ${place.files.root}:\n${logTail(place.files)}`);
    }
    await place.runtime.sleep(pollMs);
  }
}

function initialise({ binaries, files, identity, durable }: Place): void {
  const args = ['-D', files.data, '-U', 'mm', '-A', 'scram-sha-256', '--pwfile', files.password];
  args.push('-E', 'UTF8', '--locale=C.UTF-8', ...(durable ? [] : ['--no-sync']));
  const made = spawnSync(binaries.initdb, args, { ...identity, cwd: files.root, encoding: 'utf8' });
  if (made.status === 0) return;
  rmSync(files.data, { recursive: true, force: true });
  const why = made.error?.message ?? `${made.stdout}${made.stderr}`.slice(-800);
  throw new Error(`initdb failed in ${files.root}:\n${why}`);
}

function launch(place: Place, port: number): { hasExited(): boolean } {
  const { binaries, files, identity, durable } = place;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const args = ['-D', files.data, ...settings.flatMap((setting) => ['-c', setting])];
  const log = openSync(files.log, 'a', 0o600);
  // A group of its own: a Ctrl-C meant for us must not reach it before we have finished with it.
  const child = spawn(binaries.postgres, args, {
    ...identity,
    cwd: files.root,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let exited = false;
  child.once('exit', () => (exited = true));
  child.once('error', () => (exited = true));
  child.unref();
  return { hasExited: () => exited };
}

/** Last one out turns off the light: another process may have adopted the server. */
async function stop({ runtime, files }: Place, url: string): Promise<void> {
  const server = readPostmasterPid(files.data);
  if (!server || !isServerOf(server.pid, files.data)) return;
  const others = await ask(
    url,
    `select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  if (others?.['n'] !== 0) return;
  process.kill(server.pid, 'SIGINT');
  const until = runtime.monotonic() + stopWaitMs;
  while (isServerOf(server.pid, files.data) && runtime.monotonic() < until) await runtime.sleep(pollMs);
}

const urlOf = (place: Place, port: number): string =>
  `postgres://mm:${place.password}@127.0.0.1:${port}/postgres`;

const answers = (url: string): Promise<boolean> =>
  ask(url, 'select 1').then(
    () => true,
    () => false,
  );

async function ask(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // A failed query reports it; an idle loss is of no interest here.
  try {
    await client.connect();
    const answer = await client.query<Record<string, unknown>>(sql);
    return answer.rows[0];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
