/**
 * Client order ids: 22 characters that name the installation, the strategy and the boot that made them, so an
 * order of ours is recognised at the venue without a database and no id is ever made twice.
 */
const alphabet = '0123456789bcdfghjkmnpqrstvwxyz';
const base = alphabet.length;
const marker = 'm';

export interface DecodedId {
  readonly installation: string;
  readonly strategyNumber: number;
  readonly nonce: string;
  readonly counter: number;
}

export const installationLength = 3;
export const nonceLength = 6;

/** marker 1 + installation 3 + strategy 4 + boot nonce 6 + counter 7 + check 1. */
export function encodeClientOrderId(parts: DecodedId): string {
  const body =
    marker + parts.installation + encode(parts.strategyNumber, 4) + parts.nonce + encode(parts.counter, 7);
  return body + checkOf(body);
}

/** The parts of an id of ours, or undefined when it was not made by this scheme. */
export function decodeClientOrderId(id: string): DecodedId | undefined {
  if (id.length !== 22 || id[0] !== marker || !isRight(id)) return undefined;
  return {
    installation: id.slice(1, 4),
    strategyNumber: decode(id, 4, 8),
    nonce: id.slice(8, 14),
    counter: decode(id, 14, 21),
  };
}

/** The prefix of every order of one installation: the only orders a cancel may touch. */
export const ownPrefixOf = (installation: string): string => marker + installation;

/** `length` characters of the id alphabet from a source of uniform integers in [0, n). */
export const drawIdPart = (length: number, int: (n: number) => number): string =>
  Array.from({ length }, () => alphabet[int(base)]).join('');

function encode(value: number, length: number): string {
  if (!Number.isSafeInteger(value) || value < 0 || value >= base ** length) {
    throw new RangeError(`${value} does not fit ${length} characters of a client order id`);
  }
  let rest = value;
  let text = '';
  for (let i = 0; i < length; i += 1) {
    text = alphabet[rest % base]! + text;
    rest = Math.floor(rest / base);
  }
  return text;
}

/** The value of each character by its code, for every report of a venue asks whose order it is about; else -1. */
const values = new Int8Array(128).fill(-1);
for (let i = 0; i < base; i += 1) values[alphabet.charCodeAt(i)] = i;
const valueAt = (text: string, at: number): number => values[text.charCodeAt(at)] ?? -1;

/** All of it is of the alphabet, and the last character is the check of the others. */
function isRight(id: string): boolean {
  const last = id.length - 1;
  for (let i = 0; i <= last; i += 1) if (valueAt(id, i) < 0) return false;
  return valueAt(id, last) === sumOf(id, last) % base;
}

function decode(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) value = value * base + valueAt(text, i);
  return value;
}

const checkOf = (body: string): string => alphabet[sumOf(body, body.length) % base]!;

function sumOf(text: string, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += (valueAt(text, i) + 1) * (i + 1);
  return sum;
}
