import tseslint from 'typescript-eslint';

const ban = (pairs) => pairs.map(([selector, message]) => ({ selector, message }));

/** Time, timers, randomness and the network come from the Runtime alone, so that a seed replays a run. */
const seam = ban([
  [
    "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    'Take `now` from the tick or the Runtime.',
  ],
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'Take `now` from the tick or the Runtime.'],
  ["MemberExpression[object.name='performance']", 'Use runtime.monotonic().'],
  ["MemberExpression[object.name='process'][property.name=/^(hrtime|nextTick)$/]", 'Use the Runtime.'],
  [
    'CallExpression[callee.name=/^(set(Timeout|Interval|Immediate)|queueMicrotask|fetch)$/]',
    'Use the Runtime.',
  ],
  [
    "MemberExpression[object.name='AbortSignal'][property.name='timeout']",
    'Use runtime.sleep with an AbortSignal.',
  ],
  ["MemberExpression[object.name='Math'][property.name='random']", 'Use runtime.rng.'],
  [
    ":matches(MemberExpression:not([object.name='runtime']):not([object.property.name='runtime']) > Identifier.property, ImportSpecifier > Identifier.imported)[name=/^(randomUUID|randomBytes|getRandomValues)$/]",
    'Use the Runtime.',
  ],
  [
    'Decorator > CallExpression[callee.name=/^(Cron|Interval|Timeout)$/]',
    'Register the job with runtime/housekeeping.',
  ],
]);

const environment = ban([
  ["MemberExpression[object.name='process'][property.name='env']", 'Read configuration in src/config.'],
]);

const everywhere = ban([
  ["CallExpression[callee.name='parseFloat']", 'Parse venue numbers with the domain constructors.'],
  [
    "Program:has(Decorator) > ImportDeclaration[importKind='type'][source.value=/[.](service|repository|factory)$/]",
    'Nest needs the class at run time; types live in types.ts.',
  ],
  ['ForInStatement', 'Order of keys is not a contract.'],
  ['Identifier[name=/^(WeakRef|FinalizationRegistry)$/]', 'Never depend on collection.'],
  [
    'CallExpression[callee.property.name=/^(localeCompare|toLocale[A-Za-z]*)$/]',
    'Results must not depend on the locale.',
  ],
]);

/** max-params cannot tell a constructor from a method. */
const size = ban([
  [
    ':matches(FunctionDeclaration, ArrowFunctionExpression)[params.length>4]',
    'More than four parameters is a missing type.',
  ],
  [
    "MethodDefinition[kind='method'] > FunctionExpression[params.length>4]",
    'More than four parameters is a missing type.',
  ],
  [
    "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>5]",
    'A sixth collaborator is a missing concept.',
  ],
]);

/** Only risk makes an ApprovedOrder; the name is what an import graph cannot see. */
const approval = ban([
  [
    "ImportDeclaration[source.value=/approved-order$/] > ImportSpecifier[imported.name='approve']",
    'Only risk/admit.ts approves an order.',
  ],
]);

/** What decides is synchronous, so nothing can change under it. */
const synchronous = ban([
  [':function[async=true]', 'Decisions are synchronous.'],
  ['AwaitExpression', 'Decisions are synchronous.'],
]);

const syntax = (...lists) => ({ 'no-restricted-syntax': ['error', ...lists.flat()] });

const sizes = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 50 }],
  'max-depth': ['error', 3],
  complexity: ['error', 10],
};

const looseUnsafe = Object.fromEntries(
  ['argument', 'assignment', 'call', 'enum-comparison', 'member-access', 'return'].map((name) => [
    `@typescript-eslint/no-unsafe-${name}`,
    'off',
  ]),
);

const typed = {
  '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // Numbers in a message are wanted; objects are not.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
};

const recommended = (files, tsconfig) =>
  tseslint.configs.recommendedTypeChecked.map((entry) => ({
    ...entry,
    files,
    languageOptions: {
      ...entry.languageOptions,
      parserOptions: { project: [tsconfig], tsconfigRootDir: import.meta.dirname },
    },
  }));

export default tseslint.config(
  {
    ignores: ['**/node_modules/', 'dist/', 'dist-web/', 'dist-bench/', '.data/', 'coverage/', '**/out/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...recommended(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'], './tsconfig.json'),
  {
    files: ['src/**/*.ts'],
    rules: { ...typed, ...sizes, ...syntax(seam, environment, everywhere, size, approval) },
  },
  { files: ['src/runtime/**/*.ts'], rules: syntax(environment, everywhere, size, approval) },
  { files: ['src/config/**/*.ts'], rules: syntax(seam, everywhere, size, approval) },
  {
    files: [
      'src/domain/**/*.ts',
      'src/modules/execution/controllers/**/*.ts',
      'src/modules/execution/trackers/apply-report.ts',
      'src/modules/execution/executors/plan-orders.ts',
    ],
    rules: syntax(seam, environment, everywhere, size, approval, synchronous),
  },
  {
    files: ['src/modules/execution/risk/admit.ts'],
    rules: syntax(seam, environment, everywhere, size, synchronous),
  },
  // A migration is one long text.
  { files: ['src/database/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['src/**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      ...typed,
      ...looseUnsafe,
      'no-restricted-syntax': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  ...recommended(['web/**/*.{ts,tsx}'], './web/tsconfig.json'),
  {
    files: ['web/**/*.{ts,tsx}'],
    rules: {
      ...typed,
      'max-lines': ['error', { max: 400 }],
      'max-depth': ['error', 3],
      complexity: ['error', 10],
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    rules: { 'max-lines': ['error', { max: 400 }], 'max-depth': ['error', 3], complexity: ['error', 10] },
  },
);
