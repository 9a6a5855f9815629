import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { freshDatabase } from '../support/database';
import { dumpAndRestore, fingerprintOf, runScript, subjectDatabase } from './subject';

const IDENTICAL = { verdict: 'identical', differences: [], more: 0 };
const samples = join(__dirname, '../../../shared/samples/databases');

describe('a dump that was restored', () => {
  it('has the fingerprint of its source, with objects of every kind', async () => {
    const source = await subjectDatabase();
    await expectCloneToEqual(source);
  });

  for (const sample of ['pagila.sql', 'chinook.sql']) {
    const found = existsSync(join(samples, sample)) ? it : it.skip;
    found(`has the fingerprint of its source: ${sample}`, async () => {
      const source = await freshDatabase('sample');
      await runScript(source, join(samples, sample));
      await expectCloneToEqual(source);
    });
  }
});

async function expectCloneToEqual(source: string): Promise<void> {
  const before = await fingerprintOf(source);
  const after = await fingerprintOf(await dumpAndRestore(source));
  expect(compareFingerprints(before, after)).toEqual(IDENTICAL);
  expect(summarize(after)).toEqual(summarize(before));
}
