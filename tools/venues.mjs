/**
 * Writes the generated parts of docs/venues.md: the capabilities the connectors declare, and which conformance cases
 * have a numbered test. With --check: exit 1 when the committed file differs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './ensure-build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const page = join(root, 'docs', 'venues.md');
const connectors = join(root, 'dist', 'modules', 'execution', 'connectors');
const venues = ['binance', 'okx', 'gate'];

function capabilityTable() {
  const declared = venues.map((venue) => {
    const made = require(join(connectors, `${venue}.connector.js`));
    return Object.values(made).find(({ dialect }) => dialect).dialect.capabilities;
  });
  const names = [...new Set(declared.flatMap((one) => Object.keys(one)))];
  const word = (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : `\`${value}\``);
  const rows = names.map((name) => [`\`${name}\``, ...declared.map((one) => word(one[name]))]);
  return table(['capability', ...venues], rows);
}

/** Tests named `case N: …` in the files that run for every dialect, by number. */
function numberedCases() {
  const folders = ['contract', 'e2e'].map((name) => join(root, 'test', name));
  const specs = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const found = new Map();
  for (const path of specs.filter((name) => name.endsWith('.spec.ts'))) {
    const [text, file] = [readFileSync(path, 'utf8'), basename(path)];
    if (!/describe\.each<VenueId>\(\['binance', 'okx', 'gate'\]\)/.test(text)) continue;
    for (const [, number] of text.matchAll(/['"`]case (\d+):/g))
      found.set(Number(number), [...new Set([...(found.get(Number(number)) ?? []), file])]);
  }
  return found;
}

function caseTable() {
  const found = numberedCases();
  const titles = JSON.parse(readFileSync(join(root, 'test', 'contract', 'conformance-cases.json'), 'utf8'));
  const rows = Object.entries(titles).map(([number, title]) => {
    const files = found.get(Number(number));
    const mark = files ? 'run' : 'missing';
    return [number, title, ...venues.map(() => mark), files?.map((file) => `\`${file}\``).join(', ') ?? ''];
  });
  return table(['case', 'what', ...venues, 'in'], rows);
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function filled(text, name, content) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/venues.md has no part ${name}`);
  return `${text.slice(0, from + begin.length)}\n<!-- prettier-ignore-start -->\n${content}\n<!-- prettier-ignore-end -->\n${text.slice(to)}`;
}

const committed = readFileSync(page, 'utf8');
const made = filled(filled(committed, 'capabilities', capabilityTable()), 'cases', caseTable());
if (!process.argv.includes('--check')) writeFileSync(page, made);
else if (made !== committed) {
  process.stderr.write(
    'docs/venues.md is not what the connectors and tests say: run "npm run docs:venues".\n',
  );
  process.exitCode = 1;
}
