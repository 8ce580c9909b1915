/** Prints the folder graph between the markers of ARCHITECTURE.md. With --check: exit 1 when it differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderGraph } from './folder-graph.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'ARCHITECTURE.md');
const begin = '<!-- graph:begin -->';
const end = '<!-- graph:end -->';

/** Everyone may import these, so their arrows would only hide the others. */
const leaves = new Set(['domain', 'runtime']);

const idOf = (folder) => folder.replace(/[^a-z0-9]/gi, '_');

async function mermaid() {
  const graph = await folderGraph(root);
  const nodes = [...graph.keys()].map((folder) => `  ${idOf(folder)}["${folder}"]`);
  const arrows = [...graph].flatMap(([from, targets]) =>
    targets.filter((to) => !leaves.has(to)).map((to) => `  ${idOf(from)} --> ${idOf(to)}`),
  );
  return ['```mermaid', 'flowchart LR', ...nodes, ...arrows, '```'].join('\n');
}

const text = readFileSync(page, 'utf8');
const [before, rest] = text.split(begin);
const after = rest?.split(end)[1];
if (after === undefined) throw new Error(`ARCHITECTURE.md has no ${begin} … ${end}`);
const next = `${before}${begin}\n${await mermaid()}\n${end}${after}`;

if (!process.argv.includes('--check')) writeFileSync(page, next);
else if (next !== text) {
  console.error(
    'The graph in ARCHITECTURE.md is not the import graph: run "npm run graph" and commit the result.',
  );
  process.exitCode = 1;
}
