/** The table of the conformance cases in docs/venues.md: what a run of the tests has shown, case by venue. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const venues = ['binance', 'okx', 'gate'];
const generic = 'ccxt';
const rank = { failed: 2, passed: 1 };

/**
 * The numbered tests of one file by the key `venue case`, each with the worst that became of it. A test is one when its
 * title begins with `case N: ` or `case N, M: ` and a `describe` around it names one venue.
 */
export function casesOf(tests) {
  const found = {};
  for (const { title, ancestorTitles, status } of tests) {
    const numbers = /^case ([\d, ]+): /.exec(title)?.[1];
    const venue = venueOf(ancestorTitles.join(' '));
    if (!numbers || !venue || !(status in rank)) continue;
    for (const number of numbers.split(',').map(Number)) {
      const key = `${venue} ${number}`;
      if (!(rank[found[key]] >= rank[status])) found[key] = status;
    }
  }
  return found;
}

/** `okx`, or `okx-ccxt` where the tests reach it through the generic connector. */
function venueOf(text) {
  const named = venues.filter((venue) => new RegExp(`\\b${venue}\\b`).test(text));
  if (named.length !== 1) return undefined;
  return text.includes('through ccxt') ? `${named[0]}-${generic}` : named[0];
}

/** `byFile`: what `casesOf` has found, by the name of the file. */
export function caseTable(root, byFile) {
  const cases = JSON.parse(readFileSync(join(root, 'test', 'contract', 'conformance-cases.json'), 'utf8'));
  const numbers = Object.keys(cases).filter((key) => /^\d+$/.test(key));
  const rows = numbers.map((number) => rowOf(number, cases, byFile));
  const reasons = numbers.flatMap((number) =>
    Object.entries(cases[number].not ?? {}).map(([venue, why]) => `- Case ${number}, ${venue}: ${why}.`),
  );
  const all = rows.flatMap((row) => row.slice(2, -1)).filter((cell) => cell !== '–');
  const count = (word) => all.filter((cell) => cell === word).length;
  const sum = ['passed', 'failed', 'missing', 'not applicable'].map((word) => `${count(word)} ${word}`);
  return [
    table(['case', 'what', ...venues, generic, 'in'], rows),
    `Of ${all.length} cells: ${sum.join(', ')}.`,
    `Not applicable:\n\n${reasons.join('\n')}`,
  ].join('\n\n');
}

function rowOf(number, cases, byFile) {
  const one = typeof cases[number] === 'string' ? { what: cases[number] } : cases[number];
  const stateOf = (venue) => worst(Object.values(byFile).map((found) => found[`${venue} ${number}`]));
  const cells = venues.map((venue) => stateOf(venue) ?? (one.not?.[venue] ? 'not applicable' : 'missing'));
  const files = Object.keys(byFile).filter((file) =>
    Object.keys(byFile[file]).some((key) => key.endsWith(` ${number}`)),
  );
  const names = [...new Set(files.map((file) => `\`${basename(file)}\``))].sort();
  return [number, one.what, ...cells, genericCell(number, cases, stateOf), names.join(', ')];
}

/** Asked of the generic connector against each of the three dialects, and shown when it ran against all. */
function genericCell(number, cases, stateOf) {
  if (!cases[generic].includes(Number(number))) return '–';
  const states = venues.map((venue) => stateOf(`${venue}-${generic}`));
  return states.includes(undefined) ? 'missing' : worst(states);
}

const worst = (states) => states.filter((state) => state !== undefined).sort((a, b) => rank[b] - rank[a])[0];

export const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What stands between the marks of a generated part. Throws when the page has no such part. */
export function partOf(page, name) {
  const [begin, end] = marksOf(name);
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/venues.md has no part ${name}`);
  return page.slice(from + begin.length, to);
}

export const withPart = (page, name, content) =>
  page.replace(marksOf(name)[0] + partOf(page, name), () => marksOf(name)[0] + content);

const marksOf = (name) => [
  `<!-- ${name}:begin -->\n<!-- prettier-ignore-start -->\n`,
  `\n<!-- prettier-ignore-end -->\n<!-- ${name}:end -->`,
];

/** The files that a table names. */
export const filesIn = (part) => [
  ...new Set([...part.matchAll(/`([\w-]+\.spec\.ts)`/g)].map(([, name]) => name)),
];
