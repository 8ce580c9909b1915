/** What a bearer token says. Times in seconds since the epoch. */
export interface TokenClaims {
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
}

/** Payload and signature joined by a dot; `sign` keeps the key. */
export const encodeToken = (claims: TokenClaims, sign: (text: string) => string): string => {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${sign(payload)}`;
};

/** The claims of a token whose signature holds, expired or not; undefined for anything else. */
export function decodeToken(
  token: string,
  isSigned: (text: string, signature: string) => boolean,
): TokenClaims | undefined {
  const [payload, signature, ...rest] = token.split('.');
  if (!payload || !signature || rest.length > 0 || !isSigned(payload, signature)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as TokenClaims;
}
