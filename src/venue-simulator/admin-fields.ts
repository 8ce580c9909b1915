/** Query and body fields together. */
export type AdminFields = Readonly<Record<string, unknown>>;
/** Throws an AdminProblem for a wrong field. */
export type AdminRoute = (fields: AdminFields) => unknown;

/** The caller's mistake, as a sentence. */
export class AdminProblem extends Error {}

export function textField(fields: AdminFields, name: string, otherwise?: string): string {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'string' && typeof value !== 'number') throw new AdminProblem(`${name} is missing`);
  return String(value);
}

export function numberField(fields: AdminFields, name: string, otherwise?: number): number {
  const value = Number(fields[name] ?? otherwise ?? Number.NaN);
  if (!Number.isFinite(value)) throw new AdminProblem(`${name} is not a number`);
  return value;
}
