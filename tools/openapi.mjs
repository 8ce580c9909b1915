/** Writes docs/openapi.json from the running service. With --check: exit 1 when the committed file differs. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './ensure-build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs', 'openapi.json');
const dataDir = mkdtempSync(join(tmpdir(), 'mm-openapi-'));
chmodSync(dataDir, 0o711); // As root the database runs as another user, who must pass through.
const startMs = 90_000;

const service = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
  cwd: dataDir,
  env: { ...process.env, PORT: '0', SIM_PORT: '0', DEMO: 'off', DATA_DIR: join(dataDir, 'data') },
  stdio: ['ignore', 'pipe', 'inherit'],
});

/** The address from the line `Dashboard  http://…`. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`not started in ${startMs} ms:\n${text}`)), startMs);
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /Dashboard\s+(http:\S+)/.exec(text);
      if (found) resolve(found[1]);
      if (found) clearTimeout(timer);
    });
    child.on('exit', (code) => reject(new Error(`the service ended with ${code}:\n${text}`)));
  });
}

try {
  const answer = await fetch(`${await addressOf(service)}/docs/openapi.json`);
  const text = `${JSON.stringify(await answer.json(), null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(page, text);
  else if (readFileSync(page, 'utf8') !== text) {
    process.stderr.write('docs/openapi.json is not what the service serves: run "npm run openapi".\n');
    process.exitCode = 1;
  }
} finally {
  service.kill('SIGTERM');
  await new Promise((resolve) => (service.exitCode === null ? service.once('exit', resolve) : resolve()));
  rmSync(dataDir, { recursive: true, force: true });
}
