const { availableParallelism } = require('node:os');

const swc = (syntax) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax, decorators: syntax === 'typescript' },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];
const base = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': swc('typescript'),
    '/node_modules/(@noble|@scure)/.+\\.js$': swc('ecmascript'),
  },
  // ccxt's CommonJS build requires these ESM scopes.
  transformIgnorePatterns: ['/node_modules/(?!(@noble|@scure)/)'],
};
/** The real tests wait more than they compute: venues, leases and processes pass their time side by side. */
const workers = Math.max(3, availableParallelism() - 1);
module.exports = {
  maxWorkers: workers,
  reporters: ['default', '<rootDir>/tools/case-reporter.mjs'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/src/**/*.spec.ts',
        '<rootDir>/test/regressions/**/*.spec.ts',
        '<rootDir>/test/architecture.spec.ts',
      ],
    },
    {
      ...base,
      displayName: 'real',
      testMatch: ['<rootDir>/test/{e2e,contract,simulation}/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/postgres-up.ts',
      globalTeardown: '<rootDir>/test/support/postgres-down.ts',
    },
  ],
};
