/** Reads the text of a `.env` file: `KEY=value` lines, `#` comments, optional single or double quotes. */
export function parseDotenv(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(line);
    if (match) values[match[1]!] = valueOf(match[2]!.trim());
  }
  return values;
}

function valueOf(raw: string): string {
  const quoted = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(raw);
  return quoted ? quoted[2]! : raw.replace(/(^|\s)#.*$/, '').trim();
}
