/** Finds a Chromium: the one named, one of the system, else the packaged one with its own libraries. */
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const system = ['chromium-headless-shell', 'chromium', 'google-chrome'].map((name) => `/usr/bin/${name}`);
const own = join(dirname(require.resolve('playwright-core/package.json')), '..', '.cache', 'chromium');
const launchTimeoutMs = 60_000;
const always = ['--disable-background-networking'];

/** A running browser and where it came from. Throws with the reasons when none starts. */
export async function launchBrowser() {
  const named = process.env.CHROMIUM_PATH;
  const installed = named ?? system.find((path) => existsSync(path));
  if (installed) return { source: installed, browser: await launch(installed, rootArgs()) };
  return { source: '@sparticuz/chromium', browser: await launchPackaged() };
}

const rootArgs = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

function launch(executablePath, args) {
  return chromium.launch({
    executablePath,
    args: [...args, ...always],
    env: process.env,
    timeout: launchTimeoutMs,
  });
}

/** An unpacking that was interrupted leaves a broken file that would be taken for good: unpack once more. */
async function launchPackaged() {
  const { path, args } = await unpackChromium();
  try {
    return await launch(path, args);
  } catch {
    rmSync(path, { force: true });
    await unpackChromium();
    return launch(path, args);
  }
}

async function unpackChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`the packaged Chromium is for linux x64, this is ${process.platform} ${process.arch}`);
  }
  const { packaged, path } = await unpackedHere();
  if (missingLibraries(path)) await unpackLibraries(path);
  // The page is tested with its origin rules on, and with the renderer in its own process.
  const loosened = ['--disable-web-security', '--allow-running-insecure-content', '--single-process'];
  return { path, args: packaged.args.filter((arg) => !loosened.includes(arg)) };
}

/** It unpacks into the temporary folder; in a shared one the files of another user could be neither run nor replaced. */
async function unpackedHere() {
  const shared = process.env.TMPDIR;
  mkdirSync(own, { recursive: true });
  process.env.TMPDIR = own;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    packaged.setGraphicsMode = false;
    return { packaged, path: await packaged.executablePath() };
  } finally {
    if (shared === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = shared;
  }
}

/** True when the system lacks a library the binary links to. */
function missingLibraries(path) {
  const { stdout, error } = spawnSync('ldd', [path], { encoding: 'utf8' });
  return error !== undefined || stdout.includes('not found');
}

async function unpackLibraries(path) {
  const packageRoot = dirname(dirname(dirname(require.resolve('@sparticuz/chromium'))));
  const archive = join(packageRoot, 'bin', 'al2023.tar.br');
  const target = join(dirname(path), 'al2023');
  if (!existsSync(join(target, 'lib'))) {
    mkdirSync(target, { recursive: true });
    await extractTarBr(archive, target);
  }
  process.env.LD_LIBRARY_PATH = [join(target, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
}

/** `tar-fs` comes with @sparticuz/chromium, so it is resolved from there. */
async function extractTarBr(archive, target) {
  const tar = createRequire(require.resolve('@sparticuz/chromium'))('tar-fs');
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.extract(target));
}
