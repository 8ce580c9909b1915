import { createHmac } from 'node:crypto';
import type { Ms } from '../../domain/units';
import { refusals } from './binance-errors';

const defaultRecvWindowMs = 5_000;
const aheadMs = 1_000;
const marker = '&signature=';

export type Signature = (secret: string, text: string) => string;

/** The hex HMAC-SHA256 Binance expects over a text. */
export const signatureOf = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex');

/** Throws unless the text ends in the signature of what stands before it. */
export function verifyText(text: string, secret: string, sign: Signature = signatureOf): void {
  const at = text.indexOf(marker);
  if (at < 0) throw refusals.missing('signature');
  const signature = text.slice(at + marker.length).split('&')[0] ?? '';
  if (!isEqual(signature, sign(secret, text.slice(0, at)))) throw refusals.badSignature();
}

/** The signature of a socket request covers its parameters sorted by key. */
export function verifyParams(
  params: Readonly<Record<string, unknown>>,
  secret: string,
  sign: Signature = signatureOf,
): void {
  const { signature, ...rest } = params;
  const text = Object.keys(rest)
    .sort()
    .map((key) => `${key}=${String(rest[key])}`)
    .join('&');
  if (typeof signature !== 'string') throw refusals.missing('signature');
  if (!isEqual(signature, sign(secret, text))) throw refusals.badSignature();
}

export interface Validity {
  readonly timestamp: Ms;
  readonly recvWindow: number;
}

/** Throws when the request carries no time. */
export function validityOf(timestamp: unknown, recvWindow: unknown): Validity {
  const time = Number(timestamp ?? Number.NaN);
  const window = Number(recvWindow ?? defaultRecvWindowMs);
  if (!Number.isFinite(time) || timestamp === '') throw refusals.missing('timestamp');
  if (!Number.isInteger(time)) throw refusals.illegal('timestamp');
  if (!(window >= 0 && window <= 60_000)) throw refusals.illegal('recvWindow');
  return { timestamp: time, recvWindow: window };
}

/** Asked when a request arrives, and again just before it is carried out. */
export function checkValid(validity: Validity, now: Ms): void {
  if (validity.timestamp >= now + aheadMs) throw refusals.early();
  if (now - validity.timestamp > validity.recvWindow) throw refusals.late();
}

/** Looks at every character, whatever the first ones say. */
function isEqual(given: string, expected: string): boolean {
  if (given.length !== expected.length) return false;
  let difference = 0;
  for (let i = 0; i < expected.length; i += 1) difference |= given.charCodeAt(i) ^ expected.charCodeAt(i);
  return difference === 0;
}
