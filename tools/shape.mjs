/** Measures the shape of src/ against its yardsticks, prints a table, exits 1 when one is missed. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderGraph, longestPath } from './folder-graph.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const execution = 'src/modules/execution/';
/** Grows with the venues that are served, not with the engine: ADR 0013. */
const connectors = 'src/modules/execution/connectors/';

/** Figures that an ADR has raised: docs/adr/0007-shape-yardsticks.md, 0008-shape-of-order-truth.md, 0011 to 0013, 0019, 0022, 0025, 0026, 0028 and 0029. */
const limits = { shortFilesPercent: 20, executionFiles: 132, executionLines: 15_480, folderPath: 12 };
const connectorLimits = { files: 71, lines: 9_400 };

function filesBelow(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const files = filesBelow('src')
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, lines: text.split('\n').length - 1 };
  });

const row = (what, value, limit, offenders = []) => ({
  what,
  value,
  limit,
  isMet: value <= limit,
  offenders,
});
const within = (list) => list.reduce((sum, file) => sum + file.lines, 0);

function sizes() {
  const long = files.filter((file) => file.lines > 400);
  const short = files.filter((file) => file.lines < 25);
  const venues = files.filter((file) => file.path.startsWith(connectors));
  const engine = files.filter((file) => file.path.startsWith(execution) && !venues.includes(file));
  return [
    row(
      'files over 400 lines',
      long.length,
      0,
      long.map((file) => `${file.path} ${file.lines}`),
    ),
    row(
      'files under 25 lines, %',
      percent(short.length, files.length),
      limits.shortFilesPercent,
      short.map((file) => file.path),
    ),
    row('execution/ without connectors/, files', engine.length, limits.executionFiles),
    row('execution/ without connectors/, lines', within(engine), limits.executionLines),
    row('execution/connectors/ files', venues.length, connectorLimits.files),
    row('execution/connectors/ lines', within(venues), connectorLimits.lines),
  ];
}

const percent = (part, whole) => (whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 10);

/** How many parameters a list has that starts behind `from`; commas inside brackets do not separate. */
function parametersAt(text, from) {
  let depth = 1;
  const parts = [''];
  for (let i = from; i < text.length; i += 1) {
    const char = text[i];
    depth += depthStep(char, text[i - 1]);
    if (depth === 0) break;
    if (char === ',' && depth === 1) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.filter((part) => part.trim() !== '').length;
}

function depthStep(char, before) {
  if ('([{<'.includes(char)) return 1;
  return ')]}'.includes(char) || (char === '>' && before !== '=') ? -1 : 0;
}

const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

function constructors() {
  const counts = files.flatMap(({ path, text }) => {
    const code = withoutComments(text);
    return [...code.matchAll(/\bconstructor\(/g)].map((match) => ({
      path,
      count: parametersAt(code, match.index + match[0].length),
    }));
  });
  const most = Math.max(0, ...counts.map(({ count }) => count));
  const over = counts.filter(({ count }) => count > 5).map(({ path, count }) => `${path} ${count}`);
  return [row('constructor parameters, most', most, 5, over)];
}

/** Service classes of the engine are made in one place; sessions in one other. */
function roots() {
  const services = files
    .filter((file) => file.path.startsWith(execution))
    .flatMap(({ path, text }) => (/\.(service|factory)\.ts$/.test(path) ? classesOf(text) : []));
  const makers = (names, allowed) =>
    files.filter(({ path, text }) => !allowed.includes(path) && names.some((name) => makes(text, name)));
  // Per account and per host, never a second engine: ADR 0007.
  const roots = ['create-engine.ts', 'accounts.ts', 'execution.module.ts'].map((name) => execution + name);
  const others = makers(services, roots).map(({ path }) => path);
  const openers = makers(
    ['Session'],
    ['execution.service.ts', 'open-session.ts'].map((name) => execution + name),
  ).map(({ path }) => path);
  return [
    row('engine services made outside the composition root', others.length, 0, others),
    row('sessions made outside their one place', openers.length, 0, openers),
  ];
}

const classesOf = (text) => [...text.matchAll(/^export class (\w+)/gm)].map((match) => match[1]);
const makes = (text, name) => new RegExp(`\\bnew ${name}\\(`).test(withoutComments(text));

function escapes() {
  const pattern = /\bas any\b|eslint-disable|@ts-ignore|@ts-nocheck|\bTODO\b/;
  const found = files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
  return [row('as any, eslint-disable, @ts-ignore, unfinished notes', found.length, 0, found)];
}

async function folders() {
  const graph = await folderGraph(root);
  const { length, path, cycle } = longestPath(graph);
  return [
    row('cycles between folders', cycle.length > 0 ? 1 : 0, 0, cycle.length > 0 ? [cycle.join(' -> ')] : []),
    row(
      'longest path between folders, arrows',
      length,
      limits.folderPath,
      length > limits.folderPath ? [path.join(' -> ')] : [],
    ),
  ];
}

function concepts() {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const section = text.split('## Fifteen concepts')[1]?.split('\n## ')[0] ?? '';
  const count = [...section.matchAll(/^\| (?!concept|-)/gm)].length;
  return [
    row('concepts a newcomer learns', count, 15, [`${relative(process.cwd(), root) || '.'}/ARCHITECTURE.md`]),
  ];
}

const rows = [...sizes(), ...constructors(), ...roots(), ...escapes(), ...(await folders()), ...concepts()];
for (const { what, value, limit, isMet } of rows) {
  console.log(
    `${isMet ? 'ok    ' : 'MISSED'} ${what.padEnd(54)} ${String(value).padStart(7)}  limit ${limit}`,
  );
}
const missed = rows.filter(({ isMet }) => !isMet);
for (const { what, offenders } of missed) {
  if (offenders.length > 0) console.log(`\n${what}:\n  ${offenders.join('\n  ')}`);
}
process.exitCode = missed.length > 0 ? 1 : 0;
