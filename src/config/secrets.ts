import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '../runtime/runtime';

/** A secret kept in a file only its owner can read; made on first use. */
export function storedSecret(
  runtime: Runtime,
  directory: string,
  name: string,
  draw: (bytes: Buffer) => string,
): { readonly value: string; readonly isNew: boolean } {
  const folder = join(directory, 'secrets');
  const path = join(folder, name);
  if (existsSync(path)) return { value: readFileSync(path, 'utf8').trim(), isNew: false };
  // Others may walk through, not look: as root, Postgres runs as another user below this folder. Each secret is 0600.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const value = draw(Buffer.from(runtime.randomBytes(32)));
  writeFileSync(path, `${value}\n`, { mode: 0o600, flag: 'wx' });
  return { value, isNew: true };
}
