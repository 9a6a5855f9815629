import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import type { Fingerprint } from '../../src/core/schema/fingerprint';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { freshDatabase } from '../support/database';
import { OBJECT_MUTATIONS } from './object-mutations';
import { RELATION_MUTATIONS } from './relation-mutations';
import { ROW_MUTATIONS } from './row-mutations';
import { execute, fingerprintOf, subjectDatabase } from './subject';

/** Each made alone, each seen and named. */
const ALL = [...RELATION_MUTATIONS, ...OBJECT_MUTATIONS, ...ROW_MUTATIONS];

describe('a fingerprint', () => {
  let subject: string;
  let before: Fingerprint;

  beforeAll(async () => {
    subject = await subjectDatabase();
    before = await fingerprintOf(subject);
  });

  it('is tried with changes of every kind, of the catalog and of rows', () => {
    expect(new Set(ALL.map(({ sql }) => sql)).size).toBeGreaterThanOrEqual(180);
  });

  it.each(ALL.map(({ sql, named }) => [sql, named] as const))('sees: %s', async (sql, named) => {
    const copy = await freshDatabase('mutated', subject);
    await execute(copy, sql);
    const after = await fingerprintOf(copy);
    const { verdict, differences } = compareFingerprints(before, after);
    expect(differences.join('\n')).toContain(named);
    expect(verdict).toBe('different');
    expect(summarize(after)).not.toEqual(summarize(before));
    expect(JSON.stringify(after)).not.toContain('one_roof.');
  });
});
