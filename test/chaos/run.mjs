import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';

/** Runs the harness from its TypeScript sources, as the tests are run: `node test/chaos/run.mjs --runs 30 --seed 1`. */
const require = createRequire(import.meta.url);
const { transformSync } = require('@swc/core');

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

process.setSourceMapsEnabled(true);
await require('./main.ts').main(process.argv.slice(2));
