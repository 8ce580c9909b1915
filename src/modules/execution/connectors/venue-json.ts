/** Readers of foreign JSON. A value of the wrong kind is `undefined`, never a guess. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const longDigits = 16;
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const exactDigits = /^-?\d{16,}$/;
const maxText = 512;

/** `JSON.parse` that keeps integers of 16 or more digits exact by reading them as strings. Throws on anything not JSON. */
export const parseVenueJson = (text: string): unknown => JSON.parse(exactText(text));

/** JSON whose integers of 16 or more digits are strings. */
export function exactText(text: string): string {
  if (!hasLongDigits(text)) return text;
  return text.replace(stringOrNumber, (token) => (exactDigits.test(token) ? `"${token}"` : token));
}

/**
 * Whether a number may be that long. Sixteen digits in a row cover one of every sixteen places: only those are looked
 * at, and what stands around a digit there. Digits behind a quote or a letter are of a text, which most long ids are.
 */
function hasLongDigits(text: string): boolean {
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let from = at;
    let to = at;
    while (isDigit(text.charCodeAt(from - 1))) from -= 1;
    while (isDigit(text.charCodeAt(to + 1))) to += 1;
    if (to - from + 1 >= longDigits && mayBeginNumber(text, from)) return true;
  }
  return false;
}

/** A number follows the begin of the text, white space, a comma, a colon or a bracket, with or without its sign. */
function mayBeginNumber(text: string, from: number): boolean {
  const at = text[from - 1] === '-' ? from - 2 : from - 1;
  return at < 0 || ' \t\r\n,:['.includes(text[at]!);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** As `parseVenueJson`, with `undefined` for anything not JSON. */
export function tryParseVenueJson(text: string | undefined): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return parseVenueJson(text);
  } catch {
    return undefined;
  }
}

export const recordOf = (value: unknown): JsonRecord | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;

export const rowsOf = (value: unknown): readonly JsonRecord[] | undefined =>
  Array.isArray(value) && value.every((row) => recordOf(row)) ? (value as JsonRecord[]) : undefined;

/** A short string, or an integer as a string: how ids are read. */
export function textOf(row: JsonRecord, key: string): string | undefined {
  const value = row[key];
  if (typeof value === 'string') return value.length <= maxText ? value : value.slice(0, maxText);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** An integer that a double holds exactly, also when it came as a string. */
export function integerOf(row: JsonRecord, key: string): number | undefined {
  const value = row[key];
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** A required string; throws a plain error that a frame's quarantine reports. */
export function requireText(row: JsonRecord, key: string): string {
  const value = textOf(row, key);
  if (value === undefined) throw new Error(`field ${key} is missing`);
  return value;
}

export function requireInteger(row: JsonRecord, key: string): number {
  const value = integerOf(row, key);
  if (value === undefined) throw new Error(`field ${key} is not an integer`);
  return value;
}
