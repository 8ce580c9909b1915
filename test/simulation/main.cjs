/** Starts the simulation: compiles TypeScript as it is required, and lets the scheduler empty the microtask queue. */
const { readFileSync } = require('node:fs');
const v8 = require('node:v8');
const { transformSync } = require('@swc/core');

v8.setFlagsFromString('--allow-natives-syntax');
globalThis.drainMicrotasks = new Function('%PerformMicrotaskCheckpoint()');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
    sourceMaps: false,
  });
  module._compile(code, filename);
};

require('./run.ts')
  .main(process.argv.slice(2))
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
