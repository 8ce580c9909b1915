import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CaptureScan } from './verify-book/capture-scan';
import { failuresOf, Verification } from './verify-book/verification';

/**
 * `verify-book FILE.gz`: replays recorded Binance market data and compares the book's best prices with the venue's
 * own at every update id that both carry. Exit 1 on a difference, on a gap the book did not report, on a crossed
 * book, and when fewer than 100 points could be compared though the file has them.
 */
async function main(): Promise<number> {
  const file = process.argv[2];
  if (!file) return say(['usage: npm run verify-book -- FILE.gz'], 2);
  const scan = new CaptureScan();
  await eachLine(file, (line) => scan.line(line));
  const facts = scan.facts();
  if (facts.symbols.length === 0) return say([`${file} holds no depth frames`], 2);
  say([`${file}: ${facts.symbols.join(', ')}; ${beginning(facts.snapshots)}`], 0);
  if (facts.unreadable > 0) say([`${facts.unreadable} lines are not JSON and were skipped`], 0);

  const verification = new Verification(facts);
  const started = process.cpuUsage();
  const lines = await eachLine(file, (line) => verification.line(line));
  const used = process.cpuUsage(started);
  return report(verification, lines, (used.user + used.system) / 1e6);
}

function report(verification: Verification, lines: number, cpuSeconds: number): number {
  let failed = false;
  let changes = 0;
  for (const [symbol, result] of verification.reports()) {
    changes += result.levelChanges;
    const failures = failuresOf(result);
    failed ||= failures.length > 0;
    say(
      [
        `${symbol}: ${result.compared} points compared of ${result.joint} (${result.unseen} not known yet)`,
        `  mismatches ${result.mismatches.length}, crossed books ${result.crossed}, off-grid frames ${result.offGrid}`,
        `  gaps ${result.fileGaps} in the file, ${result.reportedGaps} reported by the book; in sync at the end: ${result.synced ? 'yes' : 'no'}`,
        ...result.mismatches.map((text) => `  MISMATCH ${text}`),
        ...failures.map((text) => `  FAILED ${text}`),
      ],
      0,
    );
  }
  const rate = (n: number): string => String(Math.round(n / cpuSeconds));
  say(
    [
      `${rate(lines)} messages and ${rate(changes)} level changes per CPU second (${cpuSeconds.toFixed(2)} s)`,
    ],
    0,
  );
  return failed ? 1 : 0;
}

const beginning = (snapshots: number): string =>
  snapshots > 0
    ? 'begins with the first snapshot that joins the frames'
    : 'no snapshot: the book begins empty at the first depth frame and knows a level once it changed';

async function eachLine(file: string, use: (line: string) => void): Promise<number> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  let lines = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line === '') continue;
    lines += 1;
    use(line);
  }
  return lines;
}

function say(lines: readonly string[], code: number): number {
  process.stdout.write(`${lines.join('\n')}\n`);
  return code;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
