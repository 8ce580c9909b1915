/** Adds up the reports of the test runners and prints the total as the last line. Exit 1 on a failure or a lost report. */
import { existsSync, readFileSync } from 'node:fs';

const [jestFile, pageFile, pageLog] = process.argv.slice(2);
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/** A suite that did not start has no tests to count: it is one failure. */
function jestCounts() {
  const report = read(jestFile);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The page runner's own file, or the summary it prints as one line of JSON. */
function pageReport() {
  const lines = existsSync(pageLog) ? readFileSync(pageLog, 'utf8').split('\n') : [];
  const summary = lines.findLast((line) => line.startsWith('{"suite":"ui"'));
  return read(pageFile) ?? (summary && JSON.parse(summary));
}

function pageCounts() {
  const report = pageReport();
  if (!report) console.log('the page test left no report: counted as one failure');
  const { passed, failed, skipped } = report ?? { passed: 0, failed: 1, skipped: 0 };
  return { passed, failed, skipped };
}

const all = [jestCounts(), pageCounts()];
const total = (key) => all.reduce((sum, counts) => sum + counts[key], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
process.exitCode = total('failed') > 0 ? 1 : 0;
