import { fieldReader } from '../field-reader';
import type { Fields } from '../field-reader';
import { refusals } from './gate-errors';
import type { GatePair, GatePairs } from './gate-pairs';

export type { Fields };

export const { textOf, requiredOf, wholeOf } = fieldReader({
  illegal: refusals.illegal,
  missing: refusals.missing,
});

/** Clients write `true`, `True` or 1. */
export const isSet = (fields: Fields, name: string): boolean =>
  /^(true|1)$/i.test(textOf(fields, name) ?? '');

export function pairOf(fields: Fields, pairs: GatePairs): GatePair {
  const id = requiredOf(fields, 'currency_pair');
  const pair = pairs.named(id);
  if (!pair) throw refusals.pair(id);
  return pair;
}

export function optionalPairOf(fields: Fields, pairs: GatePairs): GatePair | undefined {
  return textOf(fields, 'currency_pair') === undefined ? undefined : pairOf(fields, pairs);
}

/** Only spot accounts exist here. */
export function checkAccount(fields: Fields): void {
  const account = textOf(fields, 'account');
  if (account !== undefined && account !== 'spot') throw refusals.illegal('account');
}

export interface Page {
  readonly limit: number;
  readonly page: number;
}

const usualPage = 100;

export function pageOf(fields: Fields, largest: number): Page {
  const limit = wholeOf(fields, 'limit') ?? usualPage;
  const page = wholeOf(fields, 'page') ?? 1;
  if (limit < 1 || limit > largest) throw refusals.illegal('limit');
  if (page < 1) throw refusals.illegal('page');
  return { limit, page };
}

export const pageFrom = <T>(rows: readonly T[], { limit, page }: Page): readonly T[] =>
  rows.slice(limit * (page - 1), limit * page);

export interface Span {
  readonly from: number;
  readonly to: number;
}

const day = 86_400;
const usualDays = 7 * day;
const longestDays = 30 * day;

/** Seconds given, milliseconds returned: seven days from or until the one given, or until now. */
export function spanOf(fields: Fields, now: number): Span {
  const [from, to] = [wholeOf(fields, 'from'), wholeOf(fields, 'to')];
  const end = to ?? (from === undefined ? Math.ceil(now / 1_000) : from + usualDays);
  const begin = from ?? end - usualDays;
  if (end - begin > longestDays || end < begin) throw refusals.illegal('from');
  return { from: begin * 1_000, to: end * 1_000 + 999 };
}
