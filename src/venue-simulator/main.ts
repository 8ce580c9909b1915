import { parseArgs } from 'node:util';
import { createRealRuntime } from '../runtime/real-runtime';
import { demoAccounts, furtherDemoAccounts, usualPassphrase } from './venue-accounts';
import type { VenueAccountKey } from './venue-accounts';
import { startVenueSimulator } from './venue-simulator';

const options = {
  port: { type: 'string', default: '7101' },
  'admin-port': { type: 'string', default: '7102' },
  seed: { type: 'string', default: '1' },
  /** Folder that keeps the venue across restarts. */
  state: { type: 'string' },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const runtime = createRealRuntime();
  const venue = await startVenueSimulator({
    ...{ runtime, port: whole(values.port, 'port'), adminPort: whole(values['admin-port'], 'admin-port') },
    ...{ seed: whole(values.seed, 'seed'), accounts: furtherDemoAccounts },
    ...(values.state === undefined ? {} : { stateDir: values.state }),
  });
  process.stdout.write(
    [
      `venue    ${venue.origin}/binance`,
      `         ${venue.origin}/gate`,
      `         ${venue.origin}/okx`,
      `admin    http://127.0.0.1:${venue.adminPort}`,
      ...Object.values(demoAccounts).map(keyLine),
      '',
    ].join('\n'),
  );
  const stop = (): void => void venue.stop().then(() => runtime.close());
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function keyLine({ apiKey, secret, passphrase = usualPassphrase }: VenueAccountKey): string {
  return `key      ${apiKey}   secret ${secret}   passphrase ${passphrase}`;
}

function whole(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
