import type { RejectCode, UnknownReason } from '../../../domain/sent';
import type { CodeMeaning, Operation, RefusalCode } from './outcome';

/** Without a prototype: a code is foreign text, and finds nothing that nobody wrote. */
type Rows = Readonly<Record<string, CodeMeaning>>;
type Words<T extends string> = Readonly<Partial<Record<T, readonly string[]>>>;

/** A table of codes, written meaning by meaning, turned round so that a code finds its meaning. */
export const codesOf = (refused: Words<RejectCode>, unknown: Words<UnknownReason> = {}): Rows =>
  rowsOf([
    ...turned(refused, (code): CodeMeaning => ({ kind: 'rejected', code })),
    ...turned(unknown, (reason): CodeMeaning => ({ kind: 'unknown', reason })),
  ]);

/** Words about an order that is there, or is not: what they mean depends on what was asked for. */
export function aboutOrder(
  table: Readonly<Partial<Record<Operation, Words<RefusalCode>>>>,
): (operation: Operation, code: string) => CodeMeaning | undefined {
  const tables = new Map(
    Object.entries(table).map(([operation, words]) => [
      operation,
      rowsOf(turned(words, (code): CodeMeaning => ({ kind: 'rejected', code }))),
    ]),
  );
  return (operation, code) => tables.get(operation)?.[code];
}

type Entries = readonly (readonly [string, CodeMeaning])[];

const turned = <T extends string>(words: Words<T>, meaningOf: (word: T) => CodeMeaning): Entries =>
  (Object.entries(words) as [T, readonly string[]][]).flatMap(([word, codes]) =>
    codes.map((code) => [code, meaningOf(word)] as const),
  );

const rowsOf = (entries: Entries): Rows =>
  Object.assign(Object.create(null) as Record<string, CodeMeaning>, Object.fromEntries(entries));
