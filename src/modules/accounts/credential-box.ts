/** The parts of an encrypted secret as stored: version, nonce, tag and text in base64url, joined by dots. */
export interface SealedSecret {
  readonly nonce: Buffer;
  readonly tag: Buffer;
  readonly text: Buffer;
}

export const encodeSealed = ({ nonce, tag, text }: SealedSecret): string =>
  ['v1', ...[nonce, tag, text].map((part) => part.toString('base64url'))].join('.');

export function decodeSealed(stored: string): SealedSecret | undefined {
  const [version, nonce, tag, text] = stored.split('.');
  if (version !== 'v1' || !nonce || !tag || text === undefined) return undefined;
  const bytes = (part: string): Buffer => Buffer.from(part, 'base64url');
  return { nonce: bytes(nonce), tag: bytes(tag), text: bytes(text) };
}

/** What is secret of an account; a passphrase only where the venue wants one. */
export interface Secrets {
  readonly secret: string;
  readonly passphrase?: string;
}

/** No key of any venue holds it, nor does a key in PEM. */
const separator = '\u0000';

/** One text, so that what belongs together is sealed together. Throws for what could not be read back. */
export function packSecrets({
  secret,
  passphrase,
}: {
  secret: string;
  passphrase?: string | undefined;
}): string {
  const parts = passphrase === undefined ? [secret] : [secret, passphrase];
  if (parts.some((part) => part.includes(separator))) throw new Error('a secret holds a NUL character');
  return parts.join(separator);
}

export function unpackSecrets(text: string): Secrets {
  const [secret = '', passphrase] = text.split(separator);
  return passphrase === undefined ? { secret } : { secret, passphrase };
}
