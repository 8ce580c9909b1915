import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(__dirname);
const exec = 'src/modules/execution';
jest.setTimeout(60_000);

/** Rule, the file that breaks it, what that file contains. Every file an offender imports exists in the planted tree. */
const offenders: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['no-cycles', `${exec}/store/ring-a.ts`, `import type { B } from './ring-b'; export type A = B | 1;`],
  ['domain-imports-bignumber-only', 'src/domain/reads.ts', `import { z } from 'zod'; export const s = z;`],
  [
    'runtime-is-a-leaf',
    'src/runtime/knows.ts',
    `import type { C } from '../config/config'; export type D = C;`,
  ],
  [
    'execution-knows-no-caller',
    `${exec}/calls-out.ts`,
    `import type { C } from '../../config/config'; export type D = C;`,
  ],
  [
    'execution-has-one-door',
    'src/modules/admin/peeks.ts',
    `import type { P } from '../execution/trackers/part'; export type Q = P;`,
  ],
  [
    'venue-simulator-is-not-imported',
    'src/modules/admin/simulates.ts',
    `import type { V } from '../../venue-simulator/venue'; export type W = V;`,
  ],
  [
    'venue-simulator-knows-the-port-only',
    'src/venue-simulator/venue.ts',
    `import type { P } from '../modules/execution/trackers/part'; export type V = P;`,
  ],
  [
    'a-module-provides-only-its-own',
    'src/modules/admin/admin.module.ts',
    `import { S } from '../alerts/alerts.service'; export const providers = [S];`,
  ],
  [
    'a-bare-file-name-means-pure',
    `${exec}/trackers/nested.ts`,
    `import { Injectable } from '@nestjs/common'; export const i = Injectable;`,
  ],
  [
    'a-bare-file-does-no-io',
    `${exec}/risk/reads-disk.ts`,
    `import { readFileSync } from 'node:fs'; export const r = readFileSync;`,
  ],
  [
    'the-wire-is-in-runtime',
    `${exec}/connectors/dials.ts`,
    `import WebSocket from 'ws'; export const w = WebSocket;`,
  ],
  ['ccxt-is-in-connectors', 'src/modules/admin/trades.ts', `import ccxt from 'ccxt'; export const c = ccxt;`],
  [
    'pg-is-in-store-and-database',
    'src/modules/admin/sql.repository.ts',
    `import { Pool } from 'pg'; export const p = Pool;`,
  ],
  [
    'typeorm-has-its-files',
    'src/modules/admin/admin.service.ts',
    `import { Entity } from 'typeorm'; export const e = Entity;`,
  ],
  ...['controllers', 'clock', 'common', 'store', 'connectors', 'trackers', 'risk', 'executors'].map(
    (folder) =>
      [
        `execution-${folder}-imports`,
        `${exec}/${folder}/reaches-up.ts`,
        `import type { T } from '../create-engine'; export type U = T;`,
      ] as const,
  ),
];

const surroundings: Readonly<Record<string, string>> = {
  [`${exec}/store/ring-b.ts`]: `import type { A } from './ring-a'; export type B = A | 2;`,
  'src/config/config.ts': `export type C = 1;`,
  [`${exec}/trackers/part.ts`]: `export type P = 1;`,
  [`${exec}/create-engine.ts`]: `export type T = 1;`,
  'src/modules/alerts/alerts.service.ts': `export class S {}`,
};

/** Files that do what only they may do; no rule may name them. */
const rightful: Readonly<Record<string, string>> = {
  'src/domain/money.ts': `import BigNumber from 'bignumber.js'; export const b = BigNumber;`,
  'src/runtime/real-socket.ts': `import WebSocket from 'ws'; export const w = WebSocket;`,
  [`${exec}/connectors/ccxt.knowledge.ts`]: `import ccxt from 'ccxt'; export const c = ccxt;`,
  'src/database/data-source.ts': `import { Pool } from 'pg'; export const p = Pool;`,
  'src/modules/alerts/alert.entity.ts': `import { Entity } from 'typeorm'; export const e = Entity;`,
  'src/modules/alerts/alerts.module.ts': `import { S } from './alerts.service'; export const providers = [S];`,
};

interface Cruised {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

describe('import rules', () => {
  let found: readonly string[] = [];

  beforeAll(() => {
    const tree = mkdtempSync(join(tmpdir(), 'architecture-'));
    try {
      const planted = {
        ...surroundings,
        ...rightful,
        ...Object.fromEntries(offenders.map(([, f, t]) => [f, t])),
      };
      for (const [file, text] of Object.entries(planted)) {
        mkdirSync(dirname(join(tree, file)), { recursive: true });
        writeFileSync(join(tree, file), text);
      }
      copyFileSync(join(root, 'tsconfig.json'), join(tree, 'tsconfig.json'));
      symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
      found = cruise(tree);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  });

  it.each(offenders)('%s catches %s', (rule, file) => expect(found).toContain(`${rule} ${file}`));

  it.each(Object.keys(rightful))('lets %s be', (file) => {
    expect(found.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
  });

  it('has an offender for every rule', () => {
    const { forbidden } = jest.requireActual<{ forbidden: readonly { readonly name: string }[] }>(
      '../.dependency-cruiser.cjs',
    );
    expect(offenders.map(([rule]) => rule).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });
});

function cruise(tree: string): readonly string[] {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const args = [bin, 'src', '--config', config, '--output-type', 'json'];
  const run = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (!run.stdout) throw new Error(`dependency-cruiser said nothing: ${run.stderr}`);
  const { summary } = JSON.parse(run.stdout) as Cruised;
  return summary.violations.map(({ from, rule }) => `${rule.name} ${from}`);
}

/** Linted as if they stood in a file of that folder; the real file is only read by the type checker. */
const texts: readonly (readonly [host: string, line: string, message: string | null])[] = [
  ['src/domain/errors.ts', 'export const a = Date.now();', 'Take `now` from the tick or the Runtime.'],
  ['src/domain/errors.ts', 'export const b = new Date();', 'Take `now` from the tick or the Runtime.'],
  ['src/domain/errors.ts', 'export const c = (): number => performance.now();', 'Use runtime.monotonic().'],
  ['src/domain/errors.ts', 'export const d = Math.random();', 'Use runtime.rng.'],
  ['src/domain/errors.ts', 'setTimeout(() => undefined, 1);', 'Use the Runtime.'],
  ['src/domain/errors.ts', 'process.nextTick(() => undefined);', 'Use the Runtime.'],
  ['src/domain/errors.ts', 'export const e = crypto.randomUUID();', 'Use the Runtime.'],
  [
    'src/domain/errors.ts',
    'export const f = AbortSignal.timeout(1);',
    'Use runtime.sleep with an AbortSignal.',
  ],
  ['src/domain/errors.ts', `export const g = process.env['HOME'];`, 'Read configuration in src/config.'],
  [
    'src/domain/errors.ts',
    `export const h = parseFloat('1');`,
    'Parse venue numbers with the domain constructors.',
  ],
  ['src/domain/errors.ts', 'for (const k in {}) void k;', 'Order of keys is not a contract.'],
  [
    'src/domain/errors.ts',
    'export const i = (1).toLocaleString();',
    'Results must not depend on the locale.',
  ],
  ['src/domain/errors.ts', 'export const j = new WeakRef({});', 'Never depend on collection.'],
  [
    'src/domain/errors.ts',
    'export const l = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];',
    'More than four parameters is a missing type.',
  ],
  [
    'src/domain/errors.ts',
    'export class M { constructor(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1) { void [a, b, c, d, e, f]; } }',
    'A sixth collaborator is a missing concept.',
  ],
  [
    'src/domain/errors.ts',
    `import { approve } from './approved-order';`,
    'Only risk/admit.ts approves an order.',
  ],
  ['src/domain/errors.ts', 'export const n = async () => Promise.resolve();', 'Decisions are synchronous.'],
  ['src/domain/errors.ts', 'export const o = (x: any): unknown => x;', '@typescript-eslint/no-explicit-any'],
  ['src/modules/execution/risk/admit.ts', `import { approve } from '../../../domain/approved-order';`, null],
  ['src/runtime/rng.ts', 'export const d = Math.random();', null],
  ['src/runtime/rng.ts', `export const g = process.env['HOME'];`, 'Read configuration in src/config.'],
];

describe('lint rules', () => {
  let messages: readonly (readonly string[])[] = [];
  beforeAll(() => {
    messages = lint();
  });

  it.each(texts.map(([host, line, message], index) => ({ host, line, message, index })))(
    '$host: $line',
    ({ message, index }) => {
      const found = messages[index] ?? [];
      if (message !== null) expect(found).toContain(message);
      else expect(found.filter((text) => !text.startsWith('@typescript-eslint/no-unused'))).toEqual([]);
    },
  );
});

const linter = `
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';
const texts = JSON.parse(readFileSync(0, 'utf8'));
const eslint = new ESLint();
const results = texts.map(() => []);
for (const host of new Set(texts.map(([file]) => file))) {
  const mine = texts.flatMap(([file], index) => (file === host ? [index] : []));
  const [{ messages }] = await eslint.lintText(mine.map((index) => texts[index][1]).join('\\n'), { filePath: host });
  for (const { line, ruleId, message } of messages)
    results[mine[line - 1]]?.push(ruleId === 'no-restricted-syntax' ? message : (ruleId ?? message));
}
process.stdout.write(JSON.stringify(results));`;

function lint(): readonly (readonly string[])[] {
  const args = ['--input-type=module', '-e', linter];
  // Under CI typescript-eslint reads the files from disk and would not see the planted text.
  const env = { ...process.env, TSESTREE_SINGLE_RUN: 'false' };
  const options = { cwd: root, encoding: 'utf8', env, input: JSON.stringify(texts) } as const;
  const run = spawnSync(process.execPath, args, options);
  if (run.status !== 0) throw new Error(`eslint failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as readonly (readonly string[])[];
}
