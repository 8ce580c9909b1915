/**
 * Writes the generated parts of docs/venues.md: the capabilities the connectors declare, and what became of the
 * conformance cases when they last ran. With --check: exit 1 when the capabilities are not those of the committed
 * file; a run of the cases compares them by itself.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { record } from './case-reporter.mjs';
import { caseTable, table, venues, withPart } from './case-table.mjs';
import './ensure-build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const page = join(root, 'docs', 'venues.md');
const connectors = join(root, 'dist', 'modules', 'execution', 'connectors');

function capabilityTable() {
  const declared = venues.map((venue) => {
    const made = require(join(connectors, `${venue}.connector.js`));
    return Object.values(made).find(({ dialect }) => dialect).dialect.capabilities;
  });
  const names = [...new Set(declared.flatMap((one) => Object.keys(one)))];
  const rows = names.map((name) => [`\`${name}\``, ...declared.map((one) => wordOf(one[name]))]);
  return table(['capability', ...venues], rows);
}

function wordOf(value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object' || value instanceof RegExp) return `\`${value}\``;
  return Object.entries(value)
    .map(([name, one]) => `${name} ${one}`)
    .join(', ');
}

const committed = readFileSync(page, 'utf8');
const made = withPart(committed, 'capabilities', capabilityTable());
const isCheck = process.argv.includes('--check');
if (isCheck && made !== committed) {
  process.stderr.write('docs/venues.md is not what the connectors declare: run "npm run docs:venues".\n');
  process.exitCode = 1;
} else if (!isCheck && !existsSync(record)) {
  process.stderr.write('No case has run here yet: run "npm run test:real" first.\n');
  process.exitCode = 1;
} else if (!isCheck) {
  writeFileSync(page, withPart(made, 'cases', caseTable(root, JSON.parse(readFileSync(record, 'utf8')))));
}
