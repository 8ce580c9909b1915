import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { findDatabase } from './boot/places';
import { loadConfig } from './config/load-config';
import { killWithoutEngine } from './emergency/kill-command';
import type { KillOrder } from './emergency/kill-command';
import { isScopeKey, scopeForms } from './emergency/kill-scope';
import { createRealRuntime } from './runtime/real-runtime';

const usage = `usage: npm run cli -- kill --scope SCOPE --reason TEXT [--timeout SECONDS]
  SCOPE    ${scopeForms}
  TEXT     why, at least 3 characters; it is kept with the halt
  SECONDS  how long to cancel and look, 60 when left out

Stops the scope without any engine: writes the halt, cancels the orders of this installation at the venue, and
reads its list empty twice. It needs the database and the key that encrypts the exchange keys, from the same
environment or .env as the service. Exit 0: proved. 1: not proved. 2: not understood, or nothing in the scope.
`;

const options = {
  scope: { type: 'string' },
  reason: { type: 'string' },
  timeout: { type: 'string', default: '60' },
} as const;

/** The order a command line gives; undefined when it cannot be understood. */
function orderOf(args: readonly string[]): KillOrder | undefined {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { scope = '', reason = '', timeout } = values;
  const isKnown = positionals.length === 1 && positionals[0] === 'kill';
  if (!isKnown || !isScopeKey(scope) || reason.trim().length < 3 || !/^\d{1,4}$/.test(timeout))
    return undefined;
  return { scopeKey: scope, reason: reason.trim(), timeoutMs: Number(timeout) * 1_000 };
}

async function main(): Promise<number> {
  const order = orderOf(process.argv.slice(2));
  if (!order) {
    process.stderr.write(usage);
    return 2;
  }
  const runtime = createRealRuntime();
  const { settings } = loadConfig(runtime);
  const database = await findDatabase(settings, runtime);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    return await killWithoutEngine({ runtime, settings, databaseUrl: database.url, say }, order);
  } finally {
    await database.stop();
    await runtime.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exitCode = 2;
  },
);
