import { fieldReader } from '../field-reader';
import type { Fields } from '../field-reader';
import { refusals } from './okx-errors';
import type { OkxInstrument, OkxInstruments } from './okx-instruments';

export type { Fields };

export const { textOf, requiredOf, wholeOf } = fieldReader({
  illegal: refusals.illegal,
  missing: refusals.empty,
});

export function instrumentOf(fields: Fields, instruments: OkxInstruments): OkxInstrument {
  const instrument = instruments.named(requiredOf(fields, 'instId'));
  if (!instrument) throw refusals.instrument();
  return instrument;
}

export const optionalInstrumentOf = (
  fields: Fields,
  instruments: OkxInstruments,
): OkxInstrument | undefined =>
  textOf(fields, 'instId') === undefined ? undefined : instrumentOf(fields, instruments);

const instrumentTypes: readonly string[] = ['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION'];

/** Whether the request is about spot; of the other kinds nothing exists here. */
export function isSpot(fields: Fields, otherwise?: 'SPOT'): boolean {
  const type = textOf(fields, 'instType') ?? otherwise;
  if (type === undefined) throw refusals.empty('instType');
  if (!instrumentTypes.includes(type)) throw refusals.illegal('instType');
  return type === 'SPOT';
}

export interface Page {
  /** Only what is older, and only what is newer, than an id; neither includes it. */
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

const mostPerPage = 100;

export function pageOf(fields: Fields): Page {
  const limit = wholeOf(fields, 'limit') ?? mostPerPage;
  if (limit < 1 || limit > mostPerPage) throw refusals.illegal('limit');
  return { after: idOf(fields, 'after'), before: idOf(fields, 'before'), limit };
}

function idOf(fields: Fields, name: string): string | undefined {
  const id = textOf(fields, name);
  if (id !== undefined && !/^\d{1,20}$/.test(id)) throw refusals.illegal(name);
  return id;
}

/** Newest first. With `before` alone these are the newest of what is newer, not those next to it. */
export function pageFrom<T>(rows: readonly T[], page: Page, idOfRow: (row: T) => string): readonly T[] {
  const { after, before, limit } = page;
  const found = rows.filter((row) => {
    const id = idOfRow(row);
    return (after === undefined || isOlder(id, after)) && (before === undefined || isOlder(before, id));
  });
  return found.slice(0, limit);
}

/** Ids are whole numbers, longer than a double can hold. */
export const isOlder = (a: string, b: string): boolean =>
  a.length === b.length ? a < b : a.length < b.length;

export function isInSpan(fields: Fields, at: number): boolean {
  const [begin, end] = [wholeOf(fields, 'begin'), wholeOf(fields, 'end')];
  return (begin === undefined || at >= begin) && (end === undefined || at <= end);
}

/** A body that is no object is no request. */
export function fieldsOf(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusals.json();
  return body as Fields;
}
