/** Lets TypeScript be required as it is, compiled on the way, and the scheduler empty the microtask queue. */
const v8 = require('node:v8');
const { compileTypeScript } = require('./compile-typescript.cjs');

v8.setFlagsFromString('--allow-natives-syntax');
// A run of seeds is short and has a thousand warm functions: what the compiler spends on inlining is not won back.
v8.setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');
globalThis.drainMicrotasks = new Function('%PerformMicrotaskCheckpoint()');

require.extensions['.ts'] = (module, filename) => {
  module._compile(compileTypeScript(filename), filename);
};

/** Runs the `main` of a program with the arguments of the command line; a failure ends the process with 1. */
exports.start = (program) =>
  require(program)
    .main(process.argv.slice(2))
    .catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exitCode = 1;
    });
