/**
 * Runs what must pass before a commit, two steps at a time, each step's output in one piece. Exit 1 when one failed.
 * The long ones start first, so that the short ones fill the gaps.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const waiting = ['test:unit', 'lint', 'format', 'typecheck', 'shape', 'arch'];
const failed = [];

const run = (script) =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) => {
      if (code !== 0) failed.push(script);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`== ${script}: ${code === 0 ? 'ok' : 'FAILED'}, ${seconds} s\n`);
      process.stdout.write(Buffer.concat(chunks));
      resolve();
    });
  });

const lane = async () => {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) await run(script);
};

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
process.stdout.write(failed.length === 0 ? 'check: ok\n' : `check: FAILED: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
