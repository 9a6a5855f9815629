import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import type { CatalogObject, Comparison, Fingerprint } from '../../src/core/schema/fingerprint';
import { freshDatabase } from '../support/database';
import { execute, fingerprintOf } from './subject';

const START = `
  create table t (a integer primary key, b varchar(9) not null default 'b', c integer unique, d text);
  create table u (t_a integer references t (a));
  create index on t (d);
  create index chosen on t (d, c);
  insert into t values (1, 'x', 3, 'd'), (2, 'y', 4, null);`;

describe('comparing fingerprints', () => {
  it('finds only the order changed when a column was dropped and added again', async () => {
    const comparison = await compareAfter(`
      alter table t drop b;
      alter table t add b varchar(9) default 'b';
      update t set b = case a when 1 then 'x' else 'y' end;
      alter table t alter b set not null`);
    expect(comparison).toEqual({
      verdict: 'order only',
      differences: ['column order public.t: a, b, c, d → a, c, d, b'],
      more: 0,
    });
  });

  it('finds only the order changed of a view that follows its table, and more where it selects something else', async () => {
    const after = (select: string): Promise<Comparison> =>
      compareAfter(
        `drop view v; alter table t drop a cascade; alter table t add a integer; ${select}`,
        'delete from t; drop table u; alter table t drop constraint t_pkey; alter table t alter a drop not null; create view v as select * from t',
      );
    expect((await after('create view v as select * from t')).verdict).toBe('order only');
    expect((await after('create view v as select *, 1 as one from t')).verdict).toBe('different');
  });

  it('finds more than the order where the values did not come back', async () => {
    const comparison = await compareAfter(
      `alter table t drop b; alter table t add b varchar(9) not null default 'b'`,
    );
    expect(comparison.verdict).toBe('different');
    expect(comparison.differences).toContain('rows of public.t differ (2 rows each)');
  });

  it('finds only names changed where PostgreSQL made them', async () => {
    const comparison = await compareAfter(`
      alter table u drop constraint u_t_a_fkey;
      alter table u add constraint u_t_a_fkey1 foreign key (t_a) references t (a);
      alter index t_d_idx rename to t_d_idx1;
      alter table t rename constraint t_c_key to old_c_key`);
    expect(comparison).toEqual({
      verdict: 'name only',
      differences: [
        'constraint public.t.t_c_key: named old_c_key after',
        'constraint public.u.u_t_a_fkey: named u_t_a_fkey1 after',
        'index public.t.t_c_key: named old_c_key after',
        'index public.t.t_d_idx: named t_d_idx1 after',
      ],
      more: 0,
    });
  });

  it('shows the place in a long line, and says where only white space differs', async () => {
    const check = (last: number): string =>
      `alter table t add constraint long check (${Array.from({ length: 40 }, (_, n) => `c <> 1${n} and `).join('')} c <> ${last})`;
    const { differences } = await compareAfter(
      `alter table t drop constraint long; ${check(8)};
       create or replace function f() returns integer language sql as E'\\n  select 1'`,
      `${check(7)}; create function f() returns integer language sql as E'\\nselect 1'`,
    );
    expect(differences[0]).toMatch(
      /^constraint public\.t\.long: definition ….{35,40} 7\)*( .*)? → ….{35,40} 8\)*( .*)?$/,
    );
    expect(differences[1]).toMatch(
      /^function public\.f\(\): .*select 1.* → the same with other white space$/,
    );
  });

  it('takes a name that somebody chose for a difference', async () => {
    expect(await compareAfter('alter index chosen rename to other')).toEqual({
      verdict: 'different',
      differences: ['index public.t.chosen: named other after'],
      more: 0,
    });
  });

  it('takes two unlike small differences for one real one', async () => {
    const comparison = await compareAfter(
      `alter index t_d_idx rename to t_d_idx1;
       alter table u drop t_a;
       alter table u add t_a integer references t (a)`,
      'alter table u add x integer',
    );
    expect(comparison.differences).toEqual([
      'column order public.u: t_a, x → x, t_a',
      'index public.t.t_d_idx: named t_d_idx1 after',
    ]);
    expect(comparison.verdict).toBe('different');
  });

  it('says of a table that is gone no more than that', async () => {
    expect(await compareAfter('drop table u')).toEqual({
      verdict: 'different',
      differences: ['table public.u: missing after'],
      more: 0,
    });
  });

  it('names a changed column in one line, with each attribute', async () => {
    const { differences } = await compareAfter('alter table t alter b type text, alter b drop not null');
    expect(differences).toContain(
      'column public.t.b: type character varying(9) → text; nulls refused → none',
    );
    expect(differences).toContain('rows of public.t: other columns (2 rows each)');
  });

  it('shows where a body differs', async () => {
    const body = (line: string): string =>
      `create or replace function f() returns integer language plpgsql as $$\nbegin\n  return ${line};\nend\n$$`;
    const { differences } = await compareAfter(body('2'), body('1'));
    expect(differences).toEqual(['function public.f(): definition line 6: return 1; → return 2;']);
  });

  it('lists fifty differences and counts the rest, the schema first', () => {
    const objects = Array.from({ length: 60 }, (_, index) =>
      object(`public.t${String(index).padStart(2, '0')}`),
    );
    const before: Fingerprint = {
      objects,
      contents: { 'public.x': { rows: 30, digest: 'a:1' } },
      sequences: {},
    };
    const after: Fingerprint = {
      objects: [],
      contents: { 'public.x': { rows: 28, digest: 'a:2' } },
      sequences: {},
    };
    const { differences, more } = compareFingerprints(before, after);
    expect([differences.length, more, differences[0]]).toEqual([50, 11, 'table public.t00: missing after']);
    expect(compareFingerprints({ ...before, objects: [] }, after).differences).toEqual([
      'rows of public.x: 30 → 28',
    ]);
  });

  it('never takes rows that were read on one side only for the same', () => {
    const objects = [object('public.t')];
    const read: Fingerprint = {
      objects,
      contents: { 'public.t': { rows: 0, digest: 'a:0' } },
      sequences: {},
    };
    const unread: Fingerprint = { objects, contents: {}, sequences: {} };
    expect(compareFingerprints(read, unread).differences).toEqual(['rows of public.t: not read after']);
  });

  it('compares no positions of sequences', () => {
    const at = (position: string): Fingerprint => ({ objects: [], contents: {}, sequences: { s: position } });
    expect(compareFingerprints(at('1'), at('2')).verdict).toBe('identical');
  });
});

function object(name: string): CatalogObject {
  return { kind: 'table', name, definition: 'owner: x' };
}

async function compareAfter(change: string, more = ''): Promise<Comparison> {
  const name = await freshDatabase();
  await execute(
    name,
    [START, more].filter((sql) => sql !== ''),
  );
  const before = await fingerprintOf(name);
  await execute(name, change);
  return compareFingerprints(before, await fingerprintOf(name));
}
