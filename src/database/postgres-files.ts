import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `nobody`: Postgres refuses to run as root, so under root it runs as this user. No account is created. */
const nobody = 65534;

export interface ServerIdentity {
  readonly uid?: number;
  readonly gid?: number;
}

export interface ServerFiles {
  readonly root: string;
  readonly data: string;
  readonly password: string;
  readonly log: string;
}

export const serverIdentity = (): ServerIdentity =>
  process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

export function serverFiles(root: string): ServerFiles {
  const full = resolve(root);
  return {
    root: full,
    data: join(full, 'data'),
    password: join(full, 'password'),
    log: join(full, 'postgres.log'),
  };
}

/** Makes the directory and lets the server's user walk in. Throws, naming the directory, when it cannot. */
export function prepareRoot(files: ServerFiles, identity: ServerIdentity): void {
  mkdirSync(files.root, { recursive: true });
  if (identity.uid === undefined) return;
  chmodSync(files.root, 0o711);
  for (let parent = dirname(files.root); parent !== dirname(parent); parent = dirname(parent)) {
    const { mode, uid } = statSync(parent);
    const isOpen = (mode & 0o001) !== 0 || (uid === identity.uid && (mode & 0o100) !== 0);
    if (!isOpen) {
      throw new Error(
        `Postgres runs as user ${identity.uid} and cannot enter ${parent}. Run chmod o+x ${parent}, or set DATA_DIR.`,
      );
    }
  }
}

/** An interrupted first start leaves a directory without PG_VERSION: it is cleared, it never held a row. */
export function prepareData(files: ServerFiles, identity: ServerIdentity): { readonly isNew: boolean } {
  if (existsSync(join(files.data, 'PG_VERSION')) && existsSync(join(files.data, 'global', 'pg_control'))) {
    return { isNew: false };
  }
  rmSync(files.data, { recursive: true, force: true });
  mkdirSync(files.data, { mode: 0o700 });
  own(files.data, identity);
  return { isNew: true };
}

/** The password of the server, drawn once. */
export function passwordOf(files: ServerFiles, identity: ServerIdentity, draw: () => string): string {
  if (!existsSync(files.password)) {
    writeFileSync(files.password, draw(), { mode: 0o600 });
    own(files.password, identity);
  }
  return readFileSync(files.password, 'utf8').trim();
}

/** The end of the server's log, for the error of a server that did not start. */
export const logTail = (files: ServerFiles): string =>
  existsSync(files.log) ? readFileSync(files.log, 'utf8').slice(-800) : '';

function own(path: string, identity: ServerIdentity): void {
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(path, identity.uid, identity.gid);
}
