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
