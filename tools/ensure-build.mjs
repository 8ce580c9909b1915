/** Builds the service and the page when their output is missing or older than a source. Quiet when nothing is to do. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(join(root, 'package.json'));

const targets = [
  {
    label: 'service',
    output: 'dist/main.js',
    sources: ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'],
    bin: ['@nestjs/cli', 'nest'],
  },
  {
    label: 'page',
    output: 'dist-web/index.html',
    sources: ['web', 'package.json', 'vite.config.mjs'],
    bin: ['vite', 'vite'],
  },
];

/** Newest modification time below a path in milliseconds; 0 when it does not exist. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}

function isCurrent({ output, sources }) {
  const built = join(root, output);
  if (!existsSync(built)) return false;
  const builtAt = statSync(built).mtimeMs;
  return sources.every((source) => newest(join(root, source)) <= builtAt);
}

/** The script behind a package's command, so that no shell and no PATH is involved. */
function scriptOf([packageName, command]) {
  const manifestPath = join(packageFolder(packageName), 'package.json');
  const { bin } = require(manifestPath);
  return join(dirname(manifestPath), typeof bin === 'string' ? bin : bin[command]);
}

function packageFolder(packageName) {
  const folder = join(root, 'node_modules', packageName);
  if (!existsSync(folder)) {
    process.stderr.write(`${packageName} is not installed: run "npm ci" first.\n`);
    process.exit(1);
  }
  return folder;
}

for (const target of targets) {
  if (isCurrent(target)) continue;
  process.stdout.write(`building the ${target.label} …\n`);
  const { status, error } = spawnSync(process.execPath, [scriptOf(target.bin), 'build'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) process.stderr.write(`${error.message}\n`);
  if (status !== 0) {
    rmSync(join(root, target.output), { force: true }); // What a failed build left must not pass for current.
    process.exit(status ?? 1);
  }
}
