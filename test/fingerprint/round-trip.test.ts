import { join } from 'node:path';
import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { freshDatabase } from '../support/database';
import { dumpAndRestore, fingerprintOf, runScript, subjectDatabase } from './subject';

const IDENTICAL = { verdict: 'identical', differences: [], more: 0 };
/** Other people's databases, filled; their licence lies beside them. */
const samples = join(__dirname, '../fixtures/databases');

describe('a dump that was restored', () => {
  it('has the fingerprint of its source, with objects of every kind', async () => {
    const source = await subjectDatabase();
    await expectCloneToEqual(source);
  });

  it.each(['pagila.sql', 'chinook.sql'])('has the fingerprint of its source: %s', async (sample) => {
    const source = await freshDatabase('sample');
    await runScript(source, join(samples, sample));
    await expectCloneToEqual(source);
  });
});

async function expectCloneToEqual(source: string): Promise<void> {
  const before = await fingerprintOf(source);
  const after = await fingerprintOf(await dumpAndRestore(source));
  expect(compareFingerprints(before, after)).toEqual(IDENTICAL);
  expect(summarize(after)).toEqual(summarize(before));
}
