/** Starts the built product in simulation on free ports with a data directory of its own. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const startMs = 60_000;
const stopMs = 20_000;
const keptLog = 6_000;

/** `{ url, log(), link(), stop() }` once the page is served, `link()` being the printed one-time token; throws with the end of the log when it does not come up. */
export async function startProduct(password) {
  if (!existsSync(join(root, 'dist/main.js')))
    throw new Error('dist/main.js is missing: run "npm run build" first');
  const [port, simPort] = await Promise.all([freePort(), freePort()]);
  const dataDir = mkdtempSync(join(tmpdir(), 'mm-ui-'));
  chmodSync(dataDir, 0o711); // As root, Postgres runs as another user below it.
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      SIM_PORT: String(simPort),
      DATA_DIR: dataDir,
      ADMIN_PASSWORD: password,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let link;
  const keep = (chunk) => {
    text = (text + chunk).slice(-keptLog);
    link ??= /#t=([\w.~-]+)/.exec(text)?.[1];
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const product = {
    url: `http://127.0.0.1:${port}`,
    log: () => text,
    link: () => link,
    stop: () => stop(child, dataDir),
  };
  try {
    await waitUntilServed(product.url, child);
  } catch (error) {
    await product.stop();
    throw new Error(`${error.message}\n${text.slice(-2_000)}`);
  }
  return product;
}

async function waitUntilServed(url, child) {
  const deadline = Date.now() + startMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the product exited with ${child.exitCode}`);
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await pause(200);
  }
  throw new Error(`the product did not serve its page within ${startMs / 1000} s`);
}

/** Asks it to end, and forces it after the grace time; returns whether it ended by itself and its exit code. */
async function stop(child, dataDir) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT');
    const late = Symbol('late');
    const outcome = await Promise.race([ended, pause(stopMs, late, { ref: false })]);
    if (outcome === late) child.kill('SIGKILL');
    if (outcome === late) await ended;
  }
  rmSync(dataDir, { recursive: true, force: true });
  return { exitCode: child.exitCode, signal: child.signalCode };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
