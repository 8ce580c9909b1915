/** The JavaScript of one TypeScript file, with the decorators the product uses. */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

exports.compileTypeScript = (filename) =>
  transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
    sourceMaps: false,
  }).code;
