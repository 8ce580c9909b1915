import { DomainError } from '../../domain/errors';
import type { FieldProblem } from '../../domain/errors';
import { venueIds } from '../../domain/instrument';
import type { VenueId } from '../../domain/instrument';
import type { CredentialCheck } from '../execution/types';

/** Venues whose keys have a third part. */
const withPassphrase: readonly string[] = ['okx', 'kucoin', 'bitget'];
export const needsPassphrase = (venue: string): boolean => withPassphrase.includes(venue);

/** Throws VENUE_NOT_SERVED. */
export function mustBeServed(venue: VenueId): void {
  if (venueIds.includes(venue)) return;
  const hint = `Use one of ${venueIds.join(', ')}.`;
  throw new DomainError('VENUE_NOT_SERVED', `There is no connector for ${venue}.`, hint);
}

/** Throws REQUIRED or UNKNOWN_FIELD: a passphrase is a part of the key at one venue and a mistake at others. */
export function checkPassphrase(venue: string, passphrase: string | undefined): void {
  if (needsPassphrase(venue) === (passphrase !== undefined)) return;
  const isMissing = passphrase === undefined;
  const detail = isMissing ? `a key of ${venue} has a passphrase` : `a key of ${venue} has no passphrase`;
  const code = isMissing ? 'REQUIRED' : 'UNKNOWN_FIELD';
  const hint = isMissing ? 'Send the passphrase chosen when the key was made.' : 'Leave the field out.';
  throw new DomainError(code, `/passphrase ${detail}.`, hint, [
    { pointer: '/passphrase', code, detail, hint },
  ]);
}

/** Throws when a check says that the key must not be kept: the venue did not answer, or did not let it in. */
export function mustPass(checks: readonly CredentialCheck[]): void {
  const failed = checks.filter(({ ok, severity }) => ok === false && severity === 'block');
  const [first] = failed;
  if (!first) return;
  const code = first.check === 'reachable' ? 'VENUE_UNAVAILABLE' : 'CREDENTIAL_CHECK_FAILED';
  throw new DomainError(code, first.detail, first.fix, failed.map(fieldOf));
}

const fieldOf = ({ check, detail, fix: hint }: CredentialCheck): FieldProblem => {
  if (check === 'key_valid') return { pointer: '/apiKey', code: 'KEY_REJECTED', detail, hint };
  const code = check === 'clock_skew' ? 'CLOCK_SKEW' : 'VENUE_UNAVAILABLE';
  return { pointer: '/venue', code, detail, hint };
};

/** Enough of a key to tell it from another one. */
export const hintOf = (apiKey: string): string => `…${apiKey.slice(-4)}`;
