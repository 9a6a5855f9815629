import {
  explainBesideOthers,
  explainFingerprints,
  explainFully,
} from '../../src/core/rules/explain-fingerprints';
import type { Comparison, Fingerprint } from '../../src/core/schema/fingerprint';
import { nameRows } from '../../src/postgres/fingerprint/name-rows';
import { freshDatabase, urlOf, withClient } from '../support/database';
import { execute, fingerprintOf } from './subject';

const SMALL = `
  create table person (id integer primary key, name text);
  insert into person select i, 'n' || i from generate_series(1, 30) i;
  create table line (a text, b integer, v text, primary key (a, b));
  insert into line select 'a ' || i % 3, i, 'v' from generate_series(1, 9) i;
  create table heap (v text);
  insert into heap values ('x'), ('x'), ('y'), ('z');`;
/** Analyzed, so that its size is known whatever autovacuum does. */
const LARGE = `
  create table large (id bigint primary key, v text);
  insert into large select i, 'v' || i from generate_series(1, 20000) i;
  analyze large;`;
const PERSON_CHANGES = `
  update person set name = 'other' where id in (3, 4, 17);
  delete from person where id = 5;
  insert into person values (40, 'new'), (41, 'new');`;

describe('the differences of two fingerprints, explained', () => {
  it('name the rows of a small table by their keys, from the fingerprints alone', async () => {
    const { before, after } = await changed(SMALL, PERSON_CHANGES);
    const [rows] = explainFully(before, after).rows;
    expect(rows).toMatchObject({
      rows: { table: 'public.person', before: 30, after: 31, changed: 3, missing: 1, added: 2, exact: true },
      key: 'id',
      keys: { changed: ['3', '4', '17'], missing: ['5'], added: ['40', '41'] },
    });
  });

  it('tell a history how many rows differ, and none of their keys', async () => {
    const { before, after } = await changed(SMALL, `update line set v = 'secret' where a = 'a 1' and b = 4`);
    const comparison = explainFingerprints(before, after);
    expect(comparison.differences).toEqual(['rows of public.line differ (9 rows each), 1 changed']);
    expect(JSON.stringify(comparison)).not.toContain('a 1');
    const [rows] = explainFully(before, after).rows;
    expect([rows?.key, rows?.keys.changed]).toEqual(['(a, b)', ['("a 1",4)']]);
  });

  it('count the rows of a table without a key as those that are on one side only', async () => {
    const { before, after } = await changed(
      SMALL,
      `delete from heap where ctid = (select min(ctid) from heap where v = 'x'); insert into heap values ('y')`,
    );
    expect(explainFingerprints(before, after).rows).toEqual([
      { table: 'public.heap', before: 4, after: 4, missing: 1, added: 1, changed: 0, exact: true },
    ]);
  });

  it('show the definitions of an object side by side', async () => {
    const { before, after } = await changed(SMALL, 'alter table person alter name set not null');
    const [column, ...rest] = explainFingerprints(before, after).objects ?? [];
    expect([rest, column?.kind, column?.name]).toEqual([[], 'column', 'public.person.name']);
    expect([column?.before, column?.after]).toEqual(['type: text', 'type: text\nnulls: refused']);
  });

  it('bound what a history carries', async () => {
    const tables = Array.from({ length: 30 }, (_, index) => `create table t${index} (a integer);`).join('');
    const view = `create view v as select ${Array.from({ length: 200 }, (_, n) => `${n} as c${n}`).join()};`;
    const { before, after } = await changed('select', tables + view);
    const { objects } = explainFingerprints(before, after);
    expect(objects).toHaveLength(20);
    expect(Math.max(...(objects ?? []).map((each) => each.after?.length ?? 0))).toBeLessThanOrEqual(1_000);
  });

  it('find those of a large table by its buckets, of which there are at least so many', async () => {
    const { before, after } = await changed(
      LARGE,
      `update large set v = 'other' where id = 70; delete from large where id = 4000; insert into large values (30000, 'x')`,
    );
    expect(before.contents['public.large']?.detail).toMatchObject({ by: 'bucket', of: 64 });
    expect(explainFully(before, after).rows[0]).toMatchObject({
      rows: { changed: 1, missing: 1, added: 1, exact: false },
      keys: { changed: [], missing: [], added: [] },
    });
    expect(explainFingerprints(before, after).differences).toEqual([
      'rows of public.large differ (20000 rows each), at least 1 changed, 1 missing, 1 new',
    ]);
  });

  it('name the rows of a large table by the buckets that differ, where both databases are there', async () => {
    const [one, other] = [await freshDatabase(), await freshDatabase()];
    await execute(one, LARGE);
    await execute(other, LARGE);
    await execute(
      other,
      `update large set v = 'other' where id in (7, 70); delete from large where id = 4000; insert into large values (30000, 'x')`,
    );
    const explained = explainFully(await fingerprintOf(one), await fingerprintOf(other)).rows;
    const named = await withClient(urlOf(one), (before) =>
      withClient(urlOf(other), (after) => nameRows({ before, after }, explained)),
    );
    expect(named[0]).toMatchObject({
      rows: { changed: 2, missing: 1, added: 1, exact: true },
      keys: { changed: ['7', '70'], missing: ['4000'], added: ['30000'] },
    });
  });

  it('compare a table that has grown out of being listed by its buckets', async () => {
    const { before, after } = await changed(
      LARGE.replace('20000', '100'),
      `insert into large select i, 'v' || i from generate_series(101, 20000) i`,
    );
    expect(before.contents['public.large']?.detail?.by).toBe('row');
    expect(explainFully(before, after).rows[0]?.rows).toMatchObject({
      missing: 0,
      added: 19_900,
      changed: 0,
    });
  });

  it('compare no values of other columns, but the keys', async () => {
    const { before, after } = await changed(
      SMALL,
      'alter table person add born date; delete from person where id = 9',
    );
    expect(explainFully(before, after).rows[0]).toMatchObject({
      rows: { missing: 1, added: 0, changed: null },
      keys: { missing: ['9'], changed: [] },
    });
  });

  it('leave the verdict to the schema where others may write, and tell of the rows that both have read', async () => {
    const { before, after } = await changed(SMALL, PERSON_CHANGES);
    const some = Object.entries(before.contents).filter(([table]) => table !== 'public.heap');
    const beside = explainBesideOthers({ ...before, contents: Object.fromEntries(some) }, after);
    expect(beside).toMatchObject({
      verdict: 'identical',
      differences: [
        'rows of public.person: 30 → 31, 3 changed, 1 missing, 2 new; others may have written there',
      ],
    });
    const unread: Fingerprint = { ...before, contents: {} };
    expect(explainBesideOthers(unread, after)).toEqual({ verdict: 'identical', differences: [], more: 0 });
  });

  it('say nothing where nothing differs', async () => {
    const { before, after } = await changed(SMALL, 'update person set name = name');
    expect(explainFingerprints(before, after)).toEqual<Comparison>({
      verdict: 'identical',
      differences: [],
      more: 0,
    });
  });
});

async function changed(sql: string, change: string): Promise<{ before: Fingerprint; after: Fingerprint }> {
  const name = await freshDatabase();
  await execute(name, sql);
  const before = await fingerprintOf(name);
  await execute(name, change);
  return { before, after: await fingerprintOf(name) };
}
