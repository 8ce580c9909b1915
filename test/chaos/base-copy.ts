import { execFile } from 'node:child_process';
import { chown, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** A base copy of a running server, as its manual describes it: the files between two calls, then the log of writes. */
export async function copyBase(url: URL, data: string, copy: string): Promise<void> {
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  try {
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    await client.query(`select pg_backup_start('chaos', true)`);
    await run('cp', ['-a', `${data}/.`, copy]);
    const { rows } = await client.query<{ label: string }>(
      'select labelfile as label from pg_backup_stop(false)',
    );
    await rm(join(copy, 'pg_wal'), { recursive: true, force: true });
    await run('cp', ['-a', join(data, 'pg_wal'), copy]);
    for (const name of ['postmaster.pid', 'postmaster.opts']) await rm(join(copy, name), { force: true });
    const label = join(copy, 'backup_label');
    await writeFile(label, rows[0]!.label);
    const { uid, gid } = await stat(data);
    await chown(label, uid, gid); // It runs as another user than we do.
  } finally {
    await client.end();
  }
}

/** Puts the copy where the data of a server that does not run was; the copy can be used again. */
export async function putBack(copy: string, data: string): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await run('cp', ['-a', copy, data]);
}
