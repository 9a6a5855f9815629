import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { freshFolder } from '../package/sample';

/** Jest has a module registry of its own, in which nothing can be loaded again: so a plain Node it is. */
const PROGRAM = `
const { parseSql } = require('./parser.js');
(async () => {
  const deep = 'select ' + '1+'.repeat(30000) + '1';
  const verdicts = { deep: new Set(), plain: new Set() };
  for (let round = 0; round < 100; round++) {
    verdicts.deep.add((await parseSql(deep)).verdict);
    verdicts.plain.add((await parseSql("select 'é'; select 2")).verdict);
  }
  console.log([...verdicts.deep].join(), '|', [...verdicts.plain].join());
})();
`;

describe('the parser', () => {
  it('is whole again after a text that was too deep for it, however often that happens', async () => {
    const folder = await freshFolder();
    const { code } = transformFileSync(join(__dirname, '../../src/grammar/parser.ts'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(folder, 'parser.js'), code);
    writeFileSync(join(folder, 'program.js'), PROGRAM);
    const said = execFileSync(process.execPath, [join(folder, 'program.js')], {
      encoding: 'utf8',
      env: { ...process.env, NODE_PATH: join(__dirname, '../../node_modules') },
    });
    expect(said.trim()).toBe('too deep | parsed');
  });
});
