/** The import graph of src/, type imports included, collapsed to folders. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** First level under src/ and src/modules/; sub-folders for execution/ and market-making/; a file of src/ itself. */
export function folderOf(file) {
  const parts = file.split('/').slice(1, -1);
  if (parts.length === 0) return file.split('/').at(-1).replace(/\.ts$/, '');
  if (parts[0] !== 'modules') return parts[0];
  if (parts[1] === 'execution' || parts[1] === 'market-making') return parts.slice(1, 3).join('/');
  return parts[1] ?? 'modules';
}

/** Maps each folder to the sorted folders it imports. */
export async function folderGraph(root) {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const filters = ['--include-only', '^src', '--exclude', '\\.spec\\.ts$'];
  const run = spawnSync(process.execPath, [...args, ...filters], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
  });
  if (!run.stdout) throw new Error(`dependency-cruiser said nothing: ${run.stderr}`);
  const graph = new Map();
  for (const { source, dependencies } of JSON.parse(run.stdout).modules) {
    const from = folderOf(source);
    const targets = graph.get(from) ?? new Set();
    for (const { resolved } of dependencies) if (folderOf(resolved) !== from) targets.add(folderOf(resolved));
    graph.set(from, targets);
  }
  return new Map([...graph].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, to]) => [from, [...to].sort()]));
}

/** The longest chain of arrows, or the first cycle met. */
export function longestPath(graph) {
  const best = new Map();
  const open = [];
  let cycle = [];
  const visit = (folder) => {
    if (best.has(folder)) return best.get(folder);
    if (open.includes(folder)) {
      cycle = [...open.slice(open.indexOf(folder)), folder];
      return [];
    }
    open.push(folder);
    const tails = (graph.get(folder) ?? []).map(visit);
    open.pop();
    const tail = tails.reduce((longest, each) => (each.length > longest.length ? each : longest), []);
    best.set(folder, [folder, ...tail]);
    return best.get(folder);
  };
  const paths = [...graph.keys()].map(visit);
  const path = paths.reduce((longest, each) => (each.length > longest.length ? each : longest), []);
  return { length: Math.max(0, path.length - 1), path, cycle };
}
