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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const value = draw(Buffer.from(runtime.randomBytes(32)));
  writeFileSync(path, `${value}\n`, { mode: 0o600, flag: 'wx' });
  return { value, isNew: true };
}
