/**
 * Starts the chaos run: compiles a copy of the sources into a directory of its own, so that a later edit or build does
 * not reach the engines that are started again and again, and removes it at the end.
 */
const { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join, relative } = require('node:path');
const { compileTypeScript } = require('../support/compile-typescript.cjs');

const root = join(__dirname, '..', '..');
const folders = ['src', join('test', 'chaos'), join('test', 'support', 'kill-drill')];
const place = mkdtempSync(join(tmpdir(), 'mm-chaos-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts') ? [path] : [];
  });
}

function compile(filename) {
  const output = join(place, relative(root, filename)).replace(/\.ts$/, '.js');
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, compileTypeScript(filename));
}

for (const file of folders.flatMap((folder) => filesIn(join(root, folder)))) compile(file);
symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
require(join(place, 'test', 'chaos', 'run.js'))
  .main(process.argv.slice(2), place)
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
