import type { Row } from './okx-instruments';

/**
 * The fields of an object as JSON, without its braces. A row of this venue is mostly fields that never change: they are
 * written once, and a row is the text of its own fields between theirs.
 */
export const fieldsText = (fields: Row): string => JSON.stringify(fields).slice(1, -1);

export const rowText = (...fields: readonly string[]): string => `{${fields.join(',')}}`;

/** The row as an answer to a request has it. */
export const rowIn = (text: string): Row => JSON.parse(text) as Row;
