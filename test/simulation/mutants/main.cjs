/** Starts the mutation bench. */
const { join } = require('node:path');
const { start } = require('../../support/simulation-start.cjs');

void start(join(__dirname, 'run.ts'));
