import type { z } from 'zod';
import { nearest } from '../domain/nearest';
import type { ParsedSettings, SettingName } from './settings';
import { settingNames, settingsSchema } from './settings';

/** One thing wrong with the settings, in words that say what to do. Never carries a value of a secret. */
export interface SettingProblem {
  readonly name: string;
  readonly found: string;
  readonly expected: string;
  readonly line: string;
}

export interface SettingsResult {
  readonly settings: ParsedSettings | undefined;
  readonly problems: readonly SettingProblem[];
  readonly warnings: readonly SettingProblem[];
}

type Values = Readonly<Record<string, string | undefined>>;

const secrets: ReadonlySet<string> = new Set([
  'DATABASE_URL',
  'ADMIN_PASSWORD',
  'ADMIN_TOKEN',
  'CREDENTIALS_KEK',
]);
const examplePasswords = ['admin', 'change-me', 'changeme', 'password', 'example', 'secret', '123456'];

/** Reads the environment and the `.env` values, of which the environment wins; everything wrong at once. */
export function readSettings(environment: Values, file: Values): SettingsResult {
  const merged = valuesOf(environment, file);
  const parsed = settingsSchema.safeParse(merged);
  const isProduction = merged['NODE_ENV'] === 'production';
  const unknown = unknownKeys(file);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, merged))),
    ...(isProduction ? [...productionProblems(merged), ...unknown] : []),
  ];
  return {
    settings: parsed.success && problems.length === 0 ? parsed.data : undefined,
    problems,
    warnings: isProduction ? [] : unknown,
  };
}

function valuesOf(environment: Values, file: Values): Readonly<Partial<Record<SettingName, string>>> {
  const entries = settingNames.map((name) => [name, (environment[name] ?? file[name])?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

function problemOf(issue: z.core.$ZodIssue, values: Values): SettingProblem {
  const name = String(issue.path[0]);
  const found = secrets.has(name) ? 'a value that does not fit' : String(values[name]);
  return { name, found, expected: issue.message, line: `${name}=<${issue.message}>` };
}

function unknownKeys(file: Values): readonly SettingProblem[] {
  return Object.keys(file)
    .filter((key) => !settingNames.includes(key as SettingName))
    .map((key) => {
      const meant = nearest(key, settingNames);
      const expected = meant ? `did you mean ${meant}?` : 'a setting of this service';
      return {
        name: key,
        found: 'an unknown key in .env',
        expected,
        line: meant ? `${meant}=…` : `remove ${key}`,
      };
    });
}

function productionProblems(values: Values): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  const need = (name: string, expected: string, line: string, found = 'nothing'): void => {
    problems.push({ name, found, expected: `${expected} (production)`, line });
  };
  if (!values['DATABASE_URL']) {
    need('DATABASE_URL', 'the address of a Postgres', 'DATABASE_URL=postgres://user:password@host:5432/name');
  }
  if (!values['CREDENTIALS_KEK']) {
    need('CREDENTIALS_KEK', '32 bytes in base64', 'CREDENTIALS_KEK=$(openssl rand -base64 32)');
  }
  const password = values['ADMIN_PASSWORD'];
  const line = 'ADMIN_PASSWORD=$(openssl rand -base64 24)';
  if (!password) need('ADMIN_PASSWORD', 'a password', line);
  else if (isExample(password)) need('ADMIN_PASSWORD', 'a password of your own', line, 'an example password');
  else if (password.length < 12) need('ADMIN_PASSWORD', 'at least 12 characters', line, 'a short password');
  return problems;
}

const isExample = (password: string): boolean =>
  examplePasswords.some((example) => password.toLowerCase().startsWith(example));
