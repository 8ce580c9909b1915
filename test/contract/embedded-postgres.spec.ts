import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import type { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { isAlive, isServerOf, readPostmasterPid } from '../../src/database/postmaster-pid';
import { createRealRuntime } from '../../src/runtime/real-runtime';

jest.setTimeout(60_000);

const runtime = createRealRuntime();
let root: string;
let started: EmbeddedPostgres[] = [];

const data = (): string => join(root, 'data');
const pidFile = (): string => join(data(), 'postmaster.pid');
const serverPid = (): number => readPostmasterPid(data())!.pid;
const start = async (durable = false): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres(runtime, { root, durable });
  started.push(server);
  return server;
};

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Kills the server as a power cut would: the process and all it has forked. */
async function killServer(): Promise<void> {
  const pid = serverPid();
  process.kill(-pid, 'SIGKILL'); // It leads a group of its own.
  while (isServerOf(pid, data())) await runtime.sleep(10);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mm-embedded-'));
  started = [];
});

afterEach(async () => {
  for (const server of started) await server.stop().catch(() => undefined);
  const left = readPostmasterPid(data());
  if (left && isServerOf(left.pid, data())) await killServer();
  await rm(root, { recursive: true, force: true });
});

afterAll(() => runtime.close());

it('starts, keeps its rows over a stop and starts again', async () => {
  const first = await start();
  expect((await ask(first.url, 'show listen_addresses'))[0]).toEqual({ listen_addresses: '127.0.0.1' });
  await ask(first.url, 'create table kept (n int); insert into kept values (1)');
  await first.stop();
  expect(readPostmasterPid(data())).toBeUndefined();
  const again = await start();
  expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 1 }]);
});

it('adopts the server that already runs, and only the last one out stops it', async () => {
  const first = await start();
  const pid = serverPid();
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(serverPid()).toBe(pid);
  const client = new Client({ connectionString: second.url });
  await client.connect();
  await first.stop();
  expect(isAlive(pid)).toBe(true);
  await client.end();
  await second.stop();
  expect(isServerOf(pid, data())).toBe(false);
});

it('loses no committed row to a kill -9 of everything', async () => {
  const first = await start(true);
  expect(await ask(first.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  await ask(first.url, 'create table kept (n int); insert into kept select generate_series(1, 1000)');
  await killServer();
  const again = await start(true);
  expect(await ask(again.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
});

it('is not fooled by a note whose process number belongs to something else now', async () => {
  const first = await start(true);
  await ask(first.url, 'create table kept (n int)');
  await killServer();
  const lines = (await readFile(pidFile(), 'utf8')).split('\n');
  const stranger = spawn('sleep', ['60']);
  try {
    await writeFile(pidFile(), [String(stranger.pid), ...lines.slice(1)].join('\n'));
    const again = await start(true);
    expect(await ask(again.url, 'select * from kept')).toEqual([]);
    expect(isAlive(stranger.pid!)).toBe(true);
  } finally {
    stranger.kill();
  }
});

it('clears what an interrupted first start left', async () => {
  await mkdir(join(data(), 'base'), { recursive: true });
  await writeFile(join(data(), 'half'), 'written');
  const server = await start();
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('clears an empty note and a start lock that a crash left', async () => {
  await (await start()).stop();
  await writeFile(pidFile(), '');
  await writeFile(join(root, 'starting'), String(process.pid)); // As in a container that came back: the same number.
  const server = await start();
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('starts no second server beside one that does not accept its password', async () => {
  await start();
  const pid = serverPid();
  const password = await readFile(join(root, 'password'), 'utf8');
  await writeFile(join(root, 'password'), 'wrong');
  await expect(startEmbeddedPostgres(runtime, { root, durable: false })).rejects.toThrow(
    'does not accept us',
  );
  expect(serverPid()).toBe(pid);
  await writeFile(join(root, 'password'), password);
});

it('lets two that start at the same moment share one server', async () => {
  const both = await Promise.all([start(), start()]);
  expect(both[0].url).toBe(both[1].url);
});

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;
if (!isRoot) process.stdout.write('SKIP how the server is started by root: these tests do not run as root\n');

asRoot('runs the server as nobody, in a directory only that user may read', async () => {
  await start();
  const owner = execFileSync('stat', ['-c', '%u %a', data(), `/proc/${serverPid()}`], { encoding: 'utf8' });
  expect(owner.trim().split('\n')).toEqual(['65534 700', '65534 555']);
});

asRoot('names the parent directory that shuts the server out', async () => {
  const closed = join(root, 'closed');
  await mkdir(closed);
  await chmod(closed, 0o700);
  const inside = join(closed, 'postgres');
  // The mkdtemp directory is closed to others too; the nearest one is named.
  await expect(startEmbeddedPostgres(runtime, { root: inside, durable: false })).rejects.toThrow(
    `cannot enter ${closed}`,
  );
});
