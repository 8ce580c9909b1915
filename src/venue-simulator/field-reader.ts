/** Parameters of a query or fields of a JSON body. Scalars come as texts; clients also send numbers. */
export type Fields = Readonly<Record<string, unknown>>;

export interface FieldReader {
  /** Undefined when absent or empty. */
  readonly textOf: (fields: Fields, name: string) => string | undefined;
  readonly requiredOf: (fields: Fields, name: string) => string;
  /** A count or a time: up to fifteen digits and nothing else. */
  readonly wholeOf: (fields: Fields, name: string) => number | undefined;
}

/** Reads fields, and throws the venue's own word for one that is missing or malformed. */
export function fieldReader(refusals: {
  readonly illegal: (name: string) => Error;
  readonly missing: (name: string) => Error;
}): FieldReader {
  const textOf: FieldReader['textOf'] = (fields, name) => {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw refusals.illegal(name);
  };
  return {
    textOf,
    requiredOf: (fields, name) => {
      const value = textOf(fields, name);
      if (value === undefined) throw refusals.missing(name);
      return value;
    },
    wholeOf: (fields, name) => {
      const text = textOf(fields, name);
      if (text === undefined) return undefined;
      if (!/^\d{1,15}$/.test(text)) throw refusals.illegal(name);
      return Number(text);
    },
  };
}
