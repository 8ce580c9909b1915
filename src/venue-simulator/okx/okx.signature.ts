import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Ms } from '../../domain/units';
import type { WireRequest } from '../dialect.server';
import { refusals } from './okx-errors';

/** What stands behind an API key. */
export interface OkxKey {
  readonly secret: string;
  readonly passphrase: string;
  /** A key of one kind is refused where the other is spoken; one without a kind is taken in both. */
  readonly environment?: 'live' | 'demo' | undefined;
}

export type OkxKeys = ReadonlyMap<string, OkxKey>;

const longestSkewMs = 30_000;
const isoPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const required = [
  ['50103', 'OK-ACCESS-KEY'],
  ['50106', 'OK-ACCESS-SIGN'],
  ['50107', 'OK-ACCESS-TIMESTAMP'],
  ['50104', 'OK-ACCESS-PASSPHRASE'],
] as const;

export const signatureOf = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64');

/** The account of a signed request. The signature covers time, method, path with its query, and body. Throws a refusal. */
export function authenticate(request: WireRequest, keys: OkxKeys, now: Ms): string {
  for (const [code, name] of required) if (!headerOf(request, name)) throw refusals.noHeader(code, name);
  const timestamp = headerOf(request, 'OK-ACCESS-TIMESTAMP');
  checkTime(isoPattern.test(timestamp) ? Date.parse(timestamp) : Number.NaN, now);
  const account = headerOf(request, 'OK-ACCESS-KEY');
  const key = keys.get(account);
  if (!key) throw refusals.badKey();
  const isDemo = headerOf(request, 'x-simulated-trading') === '1';
  if (!isIn(key, isDemo)) throw refusals.environment();
  if (headerOf(request, 'OK-ACCESS-PASSPHRASE') !== key.passphrase) throw refusals.badPassphrase();
  const { method, path, query, body } = request;
  const signed = `${path}${query === '' ? '' : `?${query}`}${body}`;
  const given = headerOf(request, 'OK-ACCESS-SIGN');
  // A client that signs the path it calls includes the prefix of this venue.
  const isRight = ['', '/okx'].some((prefix) =>
    isEqual(given, signatureOf(key.secret, `${timestamp}${method}${prefix}${signed}`)),
  );
  if (!isRight) throw refusals.badSignature();
  return account;
}

function checkTime(at: Ms, now: Ms): void {
  if (Number.isNaN(at)) throw refusals.badTimestamp();
  if (Math.abs(now - at) > longestSkewMs) throw refusals.skewed();
}

export const isIn = ({ environment }: OkxKey, isDemo: boolean): boolean =>
  environment === undefined || environment === (isDemo ? 'demo' : 'live');

export function headerOf({ headers }: WireRequest, name: string): string {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' ? value : '';
}

/** `expTime` in milliseconds; undefined without one. Throws a refusal. */
export function expiryOf(request: WireRequest): Ms | undefined {
  const text = headerOf(request, 'expTime');
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw refusals.illegal('expTime');
  return Number(text);
}

/** A login on a socket, as it came. */
export interface LoginArgs {
  readonly apiKey?: unknown;
  readonly passphrase?: unknown;
  readonly timestamp?: unknown;
  readonly sign?: unknown;
}

/** Why a login fails, in the codes of the sockets; the account otherwise. Its time is in seconds. */
export function loginOf(
  { apiKey, passphrase, timestamp, sign }: LoginArgs,
  keys: OkxKeys,
  now: Ms,
): { readonly account: string } | { readonly code: string; readonly msg: string } {
  if (typeof apiKey !== 'string' || typeof sign !== 'string') return { code: '60009', msg: 'Login failed.' };
  const seconds = Number(timestamp ?? Number.NaN);
  if (Number.isNaN(seconds)) return { code: '60004', msg: 'Invalid timestamp' };
  if (Math.abs(now - seconds * 1_000) > longestSkewMs)
    return { code: '60006', msg: 'Timestamp request expired' };
  const key = keys.get(apiKey);
  if (!key) return { code: '60005', msg: 'Invalid apiKey' };
  if (passphrase !== key.passphrase) return { code: '60024', msg: 'Wrong passphrase' };
  const isRight = isEqual(sign, signatureOf(key.secret, `${String(timestamp)}GET/users/self/verify`));
  return isRight ? { account: apiKey } : { code: '60007', msg: 'Invalid sign' };
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
