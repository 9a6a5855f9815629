import { blockedBy, strengthOf } from '../../../src/core/rules/lock-conflicts';
import type { LockHeld } from '../../../src/core/schema/blast';
import { COLUMN_FORMS } from './column-forms';
import { CONSTRAINT_FORMS } from './constraint-forms';
import type { Form } from './form';
import { INDEX_FORMS } from './index-forms';
import { applied, freshShop } from './measured';
import { OBJECT_FORMS } from './object-forms';
import { TABLE_FORMS } from './table-forms';

const FORMS = [...COLUMN_FORMS, ...CONSTRAINT_FORMS, ...TABLE_FORMS, ...INDEX_FORMS, ...OBJECT_FORMS];

describe('the blast radius of a statement is what the documentation says', () => {
  it.each(FORMS)('$form', async (form) => {
    const { measures, blast } = await applied(await freshShop(form.setUp), form.sql);
    const [measure] = measures;
    const locks = strongestOf(measure?.locks ?? []);
    expect({
      locks: partOf(locks, (relation) => !isIndex(relation)),
      indexLocks: partOf(locks, (relation) => relation in (form.indexLocks ?? {})),
      rewrites: measure?.rewrites.map(withoutSchema),
      builds: measure?.indexBuilds?.map(({ index }) => withoutSchema(index)).sort(),
      scans: measure?.scans?.map(({ relation }) => withoutSchema(relation)).sort(),
      blocks: blast.blocks,
      told: measure?.toldBy,
    }).toEqual(expectedOf(form));
  });

  it('for at least 50 forms', () => {
    expect(FORMS.length).toBeGreaterThan(50);
    expect(new Set(FORMS.map(({ form }) => form)).size).toBe(FORMS.length);
  });
});

function expectedOf({ locks, indexLocks = {}, rewrites = [], builds = [], scans = [] }: Form) {
  const modes = [...Object.values(locks), ...Object.values(indexLocks)];
  const strongest = [...modes].sort((one, other) => strengthOf(other) - strengthOf(one))[0];
  const blocks = strongest === undefined ? 'nothing that applications do' : blockedBy(strongest);
  return { locks, indexLocks, rewrites, builds: [...builds].sort(), scans, blocks, told: 'server messages' };
}

/** Of each relation that was there before, without its schema. */
function strongestOf(locks: readonly LockHeld[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { relation, mode, isNew } of locks) {
    const name = withoutSchema(relation);
    if (isNew !== true && strengthOf(mode) > strengthOf(found[name] ?? '')) found[name] = mode;
  }
  return found;
}

function partOf(
  locks: Readonly<Record<string, string>>,
  isMeant: (relation: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(locks).filter(([relation]) => isMeant(relation)));
}

function isIndex(relation: string): boolean {
  return relation.startsWith('ix_');
}

function withoutSchema(relation: string): string {
  return relation.replace(/^[^.]*\./, '');
}
