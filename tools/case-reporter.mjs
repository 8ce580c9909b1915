/**
 * Keeps what became of the numbered conformance cases, for `npm run docs:venues`. A run of all of them fails when it
 * shows anything else than the table of docs/venues.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { caseTable, casesOf, filesIn, partOf } from './case-table.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const record = join(root, 'test', 'contract', 'out', 'cases.json');

export default class CaseReporter {
  constructor(globalConfig) {
    this.isOfNames = Boolean(globalConfig.testNamePattern);
    this.ran = {};
  }

  onTestResult(_test, { testFilePath, testResults }) {
    this.ran[relative(root, testFilePath)] = casesOf(testResults);
  }

  /** A file that ran in part says nothing of its other cases: what is known of them stays. */
  onRunComplete() {
    const known = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {};
    for (const [file, found] of Object.entries(this.ran)) {
      known[file] = this.isOfNames ? { ...known[file], ...found } : found;
      if (Object.keys(known[file]).length === 0) delete known[file];
    }
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(record, JSON.stringify(known, undefined, 1));
    this.problem = this.isOfNames ? undefined : this.difference();
    if (this.problem) process.stderr.write(`\n${this.problem.message}\n`);
  }

  difference() {
    const shown = partOf(readFileSync(join(root, 'docs', 'venues.md'), 'utf8'), 'cases');
    const names = Object.keys(this.ran).map((file) => basename(file));
    if (!filesIn(shown).every((name) => names.includes(name))) return undefined;
    const now = caseTable(root, this.ran).split('\n');
    const before = shown.split('\n');
    const changed = [
      ...now.filter((line) => !before.includes(line)),
      ...before.filter((line) => !now.includes(line)),
    ];
    if (changed.length === 0) return undefined;
    return new Error(
      `docs/venues.md does not show what this run of the conformance cases did; run "npm run docs:venues":\n${changed.join('\n')}`,
    );
  }

  getLastError() {
    return this.problem;
  }
}
