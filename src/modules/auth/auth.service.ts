import { Inject, Injectable } from '@nestjs/common';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Settings } from '../../config/load-config';
import { RUNTIME, SETTINGS } from '../../config/tokens';
import { DomainError } from '../../domain/errors';
import type { Runtime } from '../../runtime/runtime';
import { decodeToken, encodeToken } from './token';

export const adminUser = 'admin';
const sessionSeconds = 43_200;
const ticketMs = 30_000;
const linkMs = 3_600_000;
const freeFailures = 5;
const longestDelayMs = 60_000;

/** Who a request comes from: one administrator, by password, one-time link or token. Tokens end with the process. */
@Injectable()
export class AuthService {
  private readonly key: Uint8Array;
  private readonly tickets = new Map<string, number>();
  private readonly links = new Map<string, number>();
  private failures = 0;
  private blockedUntil = 0;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {
    this.key = runtime.randomBytes(32);
  }

  /** Exchanges the password for a bearer token. The same answer for a wrong user and a wrong password. */
  logInWithPassword(username: string, password: string): string {
    const now = this.runtime.monotonic();
    if (now < this.blockedUntil) {
      throw new DomainError('LOGIN_THROTTLED', 'Too many wrong passwords.', 'Wait a minute, then try again.');
    }
    const isRight = same(password, this.settings.adminPassword);
    if (isRight && username === adminUser) {
      this.failures = 0;
      return this.issue(adminUser);
    }
    this.failures += 1;
    const over = this.failures - freeFailures;
    if (over >= 0) this.blockedUntil = now + Math.min(longestDelayMs, 2_000 * 2 ** over);
    throw new DomainError('BAD_CREDENTIALS', 'User or password is wrong.', `The user is ${adminUser}.`);
  }

  /** Exchanges the token of a printed link, once. */
  logInWithLink(token: string): string {
    if (this.take(this.links, token)) return this.issue(adminUser);
    throw new DomainError('BAD_CREDENTIALS', 'The link was used or is too old.', 'Log in with the password.');
  }

  /** The token of a link that logs in once. */
  linkToken(): string {
    return this.remember(this.links, linkMs);
  }

  /** A ticket that opens one stream within 30 s. */
  streamTicket(): { readonly ticket: string; readonly expiresAt: string } {
    const expiresAt = new Date(this.runtime.now() + ticketMs).toISOString();
    return { ticket: this.remember(this.tickets, ticketMs), expiresAt };
  }

  useTicket(ticket: string): string {
    if (this.take(this.tickets, ticket)) return adminUser;
    throw new DomainError('TICKET_INVALID', 'The ticket was used or is too old.', 'Ask for a new ticket.');
  }

  /** The user of a bearer token. Throws UNAUTHENTICATED or TOKEN_EXPIRED. */
  userOf(token: string): string {
    const { adminToken } = this.settings;
    if (adminToken !== undefined && same(token, adminToken)) return adminUser;
    const claims = decodeToken(token, (text, signature) => same(signature, this.sign(text)));
    const hint = 'Log in at POST /api/v1/auth/login.';
    if (!claims) throw new DomainError('UNAUTHENTICATED', 'The bearer token is not valid.', hint);
    if (claims.exp * 1_000 <= this.runtime.now()) {
      throw new DomainError('TOKEN_EXPIRED', 'The bearer token has expired.', hint);
    }
    return claims.sub;
  }

  get expiresInSeconds(): number {
    return sessionSeconds;
  }

  private issue(sub: string): string {
    const iat = Math.floor(this.runtime.now() / 1_000);
    return encodeToken({ sub, iat, exp: iat + sessionSeconds }, (text) => this.sign(text));
  }

  private sign(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }

  private remember(into: Map<string, number>, forMs: number): string {
    const now = this.runtime.monotonic();
    for (const [value, until] of into) if (until < now) into.delete(value);
    const value = Buffer.from(this.runtime.randomBytes(32)).toString('base64url');
    into.set(value, now + forMs);
    return value;
  }

  private take(from: Map<string, number>, value: string): boolean {
    const until = from.get(value);
    from.delete(value);
    return until !== undefined && until >= this.runtime.monotonic();
  }
}

/** Compared by digest, so that neither length nor content shows in the time it takes. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
