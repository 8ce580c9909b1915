/** Starts the mutation bench: compiles TypeScript as it is required, and lets the scheduler empty the microtask queue. */
const v8 = require('node:v8');
const { compileTypeScript } = require('../../support/compile-typescript.cjs');

v8.setFlagsFromString('--allow-natives-syntax');
globalThis.drainMicrotasks = new Function('%PerformMicrotaskCheckpoint()');

require.extensions['.ts'] = (module, filename) => {
  module._compile(compileTypeScript(filename), filename);
};

require('./run.ts')
  .main(process.argv.slice(2))
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
