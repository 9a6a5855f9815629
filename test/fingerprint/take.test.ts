import type { ClientBase } from 'pg';
import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import { Fingerprint, FingerprintSummary } from '../../src/core/schema/fingerprint';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import { freshDatabase, urlOf, withClient } from '../support/database';
import { execute, fingerprintOf, subjectDatabase } from './subject';

const TABLES = `
  create table public.a (id integer, v text);
  insert into public.a values (1, 'x'), (2, 'y');
  create table public.b (id integer, at timestamptz);
  insert into public.b values (1, '2024-01-01 00:00:00+00');`;

describe('taking a fingerprint', () => {
  it('gives what the schemas of the border promise', async () => {
    const fingerprint = await fingerprintOf(await database(TABLES));
    expect(Fingerprint.parse(fingerprint)).toEqual(fingerprint);
    const summary = summarize(fingerprint);
    expect(FingerprintSummary.omit({ ref: true }).parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({ tables: 2, rows: 3 });
  });

  it('does not depend on what the session has set, and leaves it as it was', async () => {
    const name = await subjectDatabase();
    const expected = await fingerprintOf(name);
    await withClient(urlOf(name), async (client) => {
      for (const setting of STRANGE) await client.query(`set ${setting}`);
      expect(await takeFingerprint(client, { contents: 'all' })).toEqual(expected);
      expect((await client.query('show datestyle')).rows).toEqual([{ DateStyle: 'SQL, DMY' }]);
      expect(client.getTransactionStatus()).toBe('I');
    });
  });

  it('keeps to the snapshot of a transaction that it is called in', async () => {
    const name = await database(TABLES);
    await withClient(urlOf(name), async (client) => {
      await client.query('begin isolation level repeatable read read only');
      const before = await takeFingerprint(client, { contents: 'all' });
      await execute(name, `insert into public.a values (3, 'z')`);
      expect(await takeFingerprint(client, { contents: 'all' })).toEqual(before);
      expect((await client.query('select pg_current_xact_id_if_assigned() as xid')).rows).toEqual([
        { xid: null },
      ]);
      await client.query('commit');
      expect((await takeFingerprint(client, { contents: 'all' })).contents['public.a']?.rows).toBe(3);
    });
  });

  it('is the same whoever may read all: a reader sees what a superuser sees', async () => {
    const name = await subjectDatabase();
    const reader = { name: `fp_all_${name.slice(-6)}`, password: 'r' };
    await execute(name, [
      `create role ${reader.name} login password 'r' bypassrls in role pg_read_all_data`,
      'drop user mapping for fp_reader server remote',
    ]);
    const expected = await fingerprintOf(name);
    await withClient(urlOf(name, reader), async (client) => {
      expect(await takeFingerprint(client, { contents: 'all' })).toEqual(expected);
    });
  });

  it('shares the tables among several clients on one snapshot', async () => {
    const name = await subjectDatabase();
    const expected = await fingerprintOf(name);
    await withClient(urlOf(name), async (client) => {
      await client.query('begin isolation level repeatable read read only');
      const exported = await client.query<{ id: string }>('select pg_export_snapshot() as id');
      const progress: number[] = [];
      await withClient(urlOf(name), async (helper) => {
        await helper.query('begin isolation level repeatable read read only');
        await helper.query(`set transaction snapshot '${exported.rows[0]?.id ?? ''}'`);
        const found = await takeFingerprint(client, {
          contents: 'all',
          helpers: [helper],
          onProgress: (done) => progress.push(done),
        });
        expect(found).toEqual(expected);
      });
      expect(progress).toEqual(Object.keys(expected.contents).map((_, index) => index + 1));
    });
  });

  it('leaves the transaction usable when a table cannot be read', async () => {
    const name = await subjectDatabase();
    const blind = { name: `fp_blind_${name.slice(-6)}`, password: 'b' };
    await execute(name, `create role ${blind.name} login password 'b'`);
    await withClient(urlOf(name, blind), async (client) => {
      await client.query('begin');
      await expect(takeFingerprint(client, { contents: 'all' })).rejects.toThrow('permission denied');
      expect(client.getTransactionStatus()).toBe('T');
    });
  });
});

describe('the contents of a fingerprint', () => {
  it('are of the tables asked for, a partitioned table standing for its partitions', async () => {
    const name = await subjectDatabase();
    const { contents } = await fingerprintOf(name, {
      contents: ['app.measure', 'app.owned', 'app.unheard_of'],
    });
    expect(Object.keys(contents)).toEqual(['app.measure_2023', 'app.measure_2024_x', 'app.owned']);
    expect((await fingerprintOf(name, { contents: 'none' })).contents).toEqual({});
  });

  it('keep the digest of a table that was not touched and has the same columns', async () => {
    const name = await database(TABLES);
    const previous = await fingerprintOf(name);
    await execute(
      name,
      `update a set v = 'changed' where id = 1; update b set id = 5; alter table b rename id to n`,
    );
    const queries = await queriesWhile(name, async (client) => {
      const found = await takeFingerprint(client, { contents: 'all', reuse: { previous, touched: [] } });
      expect(found.contents['public.a']).toEqual(previous.contents['public.a']);
      expect(found.contents['public.b']).not.toEqual(previous.contents['public.b']);
    });
    expect(queries.some((query) => query.includes('public.a'))).toBe(false);
    await withClient(urlOf(name), async (client) => {
      const reuse = { previous, touched: ['public.a'] };
      expect(await takeFingerprint(client, { contents: 'all', reuse })).toEqual(await fingerprintOf(name));
    });
  });

  it('leave out volatile columns', async () => {
    const name = await database(TABLES);
    const volatile = [{ table: 'public.b', columns: ['at'] }];
    const before = await fingerprintOf(name, { contents: 'all', volatile });
    await execute(name, 'update b set at = now()');
    const after = await fingerprintOf(name, { contents: 'all', volatile });
    expect(compareFingerprints(before, after).verdict).toBe('identical');
    expect(compareFingerprints(before, await fingerprintOf(name)).differences).toEqual([
      'rows of public.b: other columns (1 rows each)',
    ]);
  });
});

const STRANGE = [
  `timezone to 'Asia/Kathmandu'`,
  `datestyle to 'SQL, DMY'`,
  `intervalstyle to 'iso_8601'`,
  'extra_float_digits to -5',
  `bytea_output to 'escape'`,
  'quote_all_identifiers to on',
  'search_path to app, public',
  'xmlbinary to hex',
];

async function database(sql: string): Promise<string> {
  const name = await freshDatabase();
  await execute(name, sql);
  return name;
}

/** The texts of the queries that the work sends. */
async function queriesWhile(
  name: string,
  work: (client: ClientBase) => Promise<void>,
): Promise<readonly string[]> {
  return withClient(urlOf(name), async (client) => {
    const query = jest.spyOn(client, 'query');
    await work(client);
    return query.mock.calls.map(([text]) => text);
  });
}
