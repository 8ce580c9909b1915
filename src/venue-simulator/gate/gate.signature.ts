import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Ms } from '../../domain/units';
import { refusals } from './gate-errors';

const furthestSeconds = 60;
/** Some clients sign the path they call, and here that begins with the name of the dialect. */
const prefix = '/gate';

const signatureOf = (secret: string, text: string): string =>
  createHmac('sha512', secret).update(text).digest('hex');

export interface SignedRequest {
  readonly method: string;
  /** `/api/v4/…` */
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** When a request was signed, and until when its sender wants it carried out. */
export interface Validity {
  /** In seconds. */
  readonly timestamp: number;
  readonly expiresAt: Ms | undefined;
}

/** The key of a request whose signature is right. Throws a refusal otherwise. */
export function authenticate(request: SignedRequest, secrets: ReadonlyMap<string, string>): string {
  const key = headerOf(request, 'KEY');
  const timestamp = headerOf(request, 'Timestamp');
  const sign = headerOf(request, 'SIGN');
  const secret = secrets.get(key);
  if (secret === undefined) throw refusals.badKey();
  const { method, path, query, body } = request;
  const hash = createHash('sha512').update(body).digest('hex');
  // The query is signed in the order sent and without its escapes.
  const isSigned = [path, prefix + path].some((signedPath) => {
    const text = [method, signedPath, unescaped(query), hash, timestamp].join('\n');
    return isEqual(sign, signatureOf(secret, text));
  });
  if (!isSigned) throw refusals.badSignature();
  return key;
}

export function validityOf({ headers }: SignedRequest): Validity {
  const expiry = headers['x-gate-exptime'];
  const expiresAt = expiry === undefined ? undefined : Number(expiry);
  if (Number.isNaN(expiresAt)) throw refusals.illegal('x-gate-exptime');
  return { timestamp: Number(headers['timestamp']), expiresAt };
}

/** Asked when a request arrives, and again just before it is carried out. */
export function checkValid({ timestamp, expiresAt }: Validity, now: Ms): void {
  if (!(Math.abs(now / 1_000 - timestamp) <= furthestSeconds)) throw refusals.skewed();
  if (expiresAt !== undefined && now > expiresAt) throw refusals.expired();
}

export interface SocketRequest {
  readonly channel: string;
  readonly event: string;
  readonly time: unknown;
  readonly auth: unknown;
}

/** The key of a subscription that is signed right. Throws a refusal otherwise. */
export function authenticateSocket(
  { channel, event, time, auth }: SocketRequest,
  secrets: ReadonlyMap<string, string>,
  now: Ms,
): string {
  const { method, KEY: key, SIGN: sign } = (auth ?? {}) as Readonly<Record<string, unknown>>;
  if (method !== 'api_key' || typeof key !== 'string' || typeof sign !== 'string')
    throw refusals.noHeader('auth');
  const secret = secrets.get(key);
  if (secret === undefined) throw refusals.badKey();
  if (!(Math.abs(now / 1_000 - Number(time)) <= furthestSeconds)) throw refusals.skewed();
  const text = `channel=${channel}&event=${event}&time=${String(time)}`;
  if (!isEqual(sign, signatureOf(secret, text))) throw refusals.badSignature();
  return key;
}

function headerOf({ headers }: SignedRequest, name: string): string {
  const value = headers[name.toLowerCase()];
  if (typeof value !== 'string' || value === '') throw refusals.noHeader(name);
  return value;
}

function unescaped(query: string): string {
  try {
    return decodeURIComponent(query.replaceAll('+', ' '));
  } catch {
    throw refusals.badSignature();
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
