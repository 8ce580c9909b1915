import { z } from 'zod';

/** What a field's own check found; carried through zod in `params`. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

type Read<T> = (raw: unknown) => { readonly value: T } | Problem;

const decimalPattern = /^-?(0|[1-9]\d{0,19})(\.\d{1,18})?$/;
const settingPattern = /^-?(0|[1-9]\d{0,19})(\.\d{1,4})?$/;

/** A schema that accepts what `read` accepts; `fallback` stands for an absent field, none means required. */
function field<T>(read: Read<T>, fallback?: T) {
  return z
    .unknown()
    .optional()
    .transform((raw, context): T => {
      if (raw === undefined && fallback !== undefined) return fallback;
      const result = raw === undefined ? missing : read(raw);
      if ('value' in result) return result.value;
      context.addIssue({ code: 'custom', message: result.detail, params: { ...result } });
      return z.NEVER;
    });
}

const missing: Problem = {
  code: 'REQUIRED',
  detail: 'This field is required.',
  hint: 'Set it, or start from a preset.',
};

const mismatch = (wanted: string): Problem => ({ code: 'TYPE_MISMATCH', detail: `Expected ${wanted}.` });

const inRange = (value: number, low: number, high: number): { readonly value: number } | Problem =>
  value >= low && value <= high
    ? { value }
    : {
        code: 'OUT_OF_RANGE',
        detail: `${value} is not between ${low} and ${high}.`,
        hint: `Use a value from ${low} to ${high}.`,
      };

const readSetting =
  (low: number, high: number): Read<number> =>
  (raw) => {
    if (typeof raw === 'number' && Number.isFinite(raw)) return inRange(raw, low, high);
    if (typeof raw === 'string' && settingPattern.test(raw)) return inRange(Number(raw), low, high);
    return mismatch('a number or a decimal string of at most 4 decimals');
  };

const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (raw) =>
    raw === null ? { value: null } : read(raw);

const readDecimal =
  (allowed: 'positive' | 'any'): Read<string> =>
  (raw) => {
    if (typeof raw === 'number') {
      return {
        code: 'DECIMAL_STRING_REQUIRED',
        detail: 'Quantities and money are decimal strings, because a JSON number may lose digits.',
        hint: `Write "${raw}" instead of ${raw}.`,
      };
    }
    if (typeof raw !== 'string' || !decimalPattern.test(raw)) return mismatch('a plain decimal string');
    if (allowed === 'any' || Number(raw) > 0) return { value: raw };
    return { code: 'OUT_OF_RANGE', detail: `${raw} is not above 0.`, hint: 'Use a value above 0, or null.' };
  };

const readInteger =
  (low: number, high: number): Read<number> =>
  (raw) =>
    typeof raw === 'number' && Number.isInteger(raw) ? inRange(raw, low, high) : mismatch('an integer');

/** A basis point or ratio setting: a JSON number or a decimal string. */
export const setting = (low: number, high: number, fallback?: number) =>
  field(readSetting(low, high), fallback);
export const settingOrNull = (low: number, high: number, fallback: number | null) =>
  field(orNull(readSetting(low, high)), fallback);
export const integer = (low: number, high: number, fallback: number) =>
  field(readInteger(low, high), fallback);
export const integerOrNull = (low: number, high: number) => field(orNull(readInteger(low, high)), null);
/** Money or a quantity: a decimal string only. */
export const decimalOrNull = (allowed: 'positive' | 'any') => field(orNull(readDecimal(allowed)), null);
export const decimal = (fallback: string) => field(readDecimal('any'), fallback);
export const flag = (fallback: boolean) =>
  field<boolean>((raw) => (typeof raw === 'boolean' ? { value: raw } : mismatch('true or false')), fallback);
export const oneOf = <T extends string>(values: readonly T[], fallback: T) =>
  field<T>((raw) => {
    const value = values.find((v) => v === raw);
    return value === undefined ? mismatch(`one of ${values.join(', ')}`) : { value };
  }, fallback);
