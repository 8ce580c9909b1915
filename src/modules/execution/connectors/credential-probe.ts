import { VenueError } from '../../../domain/errors';
import type { Runtime } from '../../../runtime/runtime';
import type { ExchangeConnector } from './types';

/** One thing that was looked at before a key is kept. `ok` is null where the venue was not asked. */
export interface CredentialCheck {
  readonly check: 'reachable' | 'clock_skew' | 'key_valid' | 'withdraw_off';
  readonly ok: boolean | null;
  /** A check that blocks and is not ok keeps the key from being stored. */
  readonly severity: 'block' | 'warn';
  readonly detail: string;
  readonly fix: string;
}

const noticedSkewMs = 1_000;
const none = 'Nothing to do.';

/**
 * Asks the venue for its time and, signed with the key, for the balances: two reads, no order, no socket. A read whose
 * time the venue called wrong is asked once more, because that read has the connector measure the clock anew.
 */
export async function probeCredentials(
  runtime: Runtime,
  connector: Pick<ExchangeConnector, 'venue' | 'feed' | 'getBalances'>,
): Promise<readonly CredentialCheck[]> {
  const offset = await offsetOf(runtime, connector);
  if (typeof offset !== 'number') return [offset];
  return [
    {
      ...{ check: 'reachable', ok: true, severity: 'block' },
      ...{ detail: `${connector.venue} answered with its time.`, fix: none },
    },
    await keyCheck(connector, true),
    skewCheck(offset),
    {
      ...{ check: 'withdraw_off', ok: null, severity: 'warn' },
      detail: 'What else the key may do was not asked.',
      fix: 'Make sure at the venue that the key can read and trade, and cannot withdraw.',
    },
  ];
}

async function offsetOf(
  runtime: Runtime,
  { feed, venue }: Pick<ExchangeConnector, 'feed' | 'venue'>,
): Promise<number | CredentialCheck> {
  const asked = runtime.now();
  try {
    return (await feed.serverTime()) - (asked + runtime.now()) / 2;
  } catch (error) {
    return unreachable(venue, error);
  }
}

async function keyCheck(
  connector: Pick<ExchangeConnector, 'venue' | 'getBalances'>,
  mayRepeat: boolean,
): Promise<CredentialCheck> {
  try {
    const { rows } = await connector.getBalances();
    const detail = `The venue let the key read ${rows.length} balances.`;
    return { check: 'key_valid', ok: true, severity: 'block', detail, fix: none };
  } catch (error) {
    const code = error instanceof VenueError ? error.code : '';
    if (code === 'CLOCK' && mayRepeat) return keyCheck(connector, false);
    return refusedKey(connector.venue, code, error);
  }
}

function refusedKey(venue: string, code: string, error: unknown): CredentialCheck {
  if (code === 'CLOCK')
    return {
      ...{ check: 'clock_skew', ok: false, severity: 'block', detail: `${venue}: ${wordsOf(error)}` },
      fix: 'Synchronise the clock of the machine.',
    };
  if (code !== 'AUTH' && code !== 'RESTRICTED') return unreachable(venue, error);
  return {
    ...{ check: 'key_valid', ok: false, severity: 'block' },
    detail: `${venue} refuses the key: ${wordsOf(error)}`,
    fix: 'Check key, secret and passphrase, the environment they were made for, and the addresses they may be used from.',
  };
}

const unreachable = (venue: string, error: unknown): CredentialCheck => ({
  ...{ check: 'reachable', ok: false, severity: 'block' },
  detail: `${venue} did not answer as it should: ${wordsOf(error)}`,
  fix: 'Try again; see the status page of the venue.',
});

const skewCheck = (offsetMs: number): CredentialCheck => ({
  ...{ check: 'clock_skew', ok: Math.abs(offsetMs) <= noticedSkewMs, severity: 'warn' },
  detail: `The clock of the venue is ${Math.round(offsetMs)} ms ahead; requests are signed with its time.`,
  fix: Math.abs(offsetMs) <= noticedSkewMs ? none : 'Synchronise the clock of the machine.',
});

const wordsOf = (error: unknown): string =>
  error instanceof VenueError ? error.detail : error instanceof Error ? error.message : String(error);
