const secretNames: ReadonlySet<string> = new Set(['apiSecret', 'passphrase', 'password', 'secret']);

/** A body without what must not be kept; of a key its end. Bodies are flat where they hold a secret. */
export function redacted(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, kept(name, value)]));
}

function kept(name: string, value: unknown): unknown {
  if (secretNames.has(name)) return '[not kept]';
  return name === 'apiKey' && typeof value === 'string' ? `…${value.slice(-4)}` : value;
}
