import { takeFingerprint } from '../../src/postgres/fingerprint/take';
import { summarize } from '../../src/postgres/fingerprint/summary';
import { askedTarget, sessionsOf } from '../acceptance/support/asked-target';
import type { AskedTarget } from '../acceptance/support/asked-target';
import { urlOf, withClient } from '../support/database';
import { assistant } from './assistant';
import type { Assistant } from './assistant';

const SHOP = `
create table orders (id int primary key, state text);
create sequence numbers;
create function paid(o orders) returns int language sql as 'select 1';
insert into orders select n, 'new' from generate_series(1, 10) n`;

/** What a model may be talked into; each says what would be left of it. */
const STATEMENTS = [
  'commit; drop table orders; select 1',
  "insert into orders values (11, 'x')",
  'with d as (delete from orders returning *) select * from d',
  'select * into stolen from orders',
  'create table mine ()',
  'select * from orders for update',
  "select set_config('default_transaction_read_only', 'off', false)",
  'set transaction read write',
  "select nextval('numbers')",
  'select pg_advisory_lock(1)',
  'select lo_create(0)',
  "select pg_notify('channel', 'x')",
  'select pg_terminate_backend(pid) from pg_stat_activity',
  'explain analyze delete from orders',
  "copy orders to program 'true'",
  'do $$ begin delete from orders; end $$',
  'select paid(o) from orders o',
  'select o.paid from orders o',
  "select query_to_xml('delete from orders', true, true, '')",
  'truncate orders',
  'select 1 \u0000; drop table orders',
  'select \ud800',
];

/** Names that a careless server would put into its own statements. */
const NAMES = [
  `orders'; drop table orders; --`,
  `orders"; drop table orders; --`,
  `*' or 1 = 1; delete from orders; --`,
  String.raw`\'; drop table orders; --`,
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '',
  '$(touch x)',
];

describe('what a model is talked into', () => {
  let shop: AskedTarget;
  let model: Assistant;
  let before: unknown;

  beforeAll(async () => {
    shop = await askedTarget(SHOP);
    before = await everythingOf(shop);
    model = await assistant(shop);
  });

  afterAll(async () => {
    await model.end();
  });

  afterEach(async () => {
    expect(await everythingOf(shop)).toEqual(before);
    expect(await sessionsOf(shop)).toBe(0);
  });

  it.each(STATEMENTS)('is refused as a statement, and leaves everything as it was: %j', async (sql) => {
    const { isError, data } = await model.use('query', { sql });
    expect(isError).toBe(true);
    expect(data).toMatchObject({ error: { code: 'QUERY_REFUSED' } });
  });

  it.each(NAMES)('changes nothing as the name of something: %j', async (name) => {
    expect((await model.use('schema', { pattern: name })).isError).toBe(false);
    for (const [tool, input] of [
      ['schema', { target: name }],
      ['query', { target: name, sql: 'select 1' }],
      ['baseline', { package: name }],
      ['gate', { package: name }],
      ['gate', { scope: name, package: name }],
      ['gate', { target: name }],
    ] as const)
      expect(await model.use(tool, input)).toMatchObject({ isError: true });
  });

  it('is not taken where a tool has no such argument', async () => {
    const more = { sql: 'select 1', role: 'postgres', functions: ['pg_sleep'] };
    expect((await model.use('query', more)).isError).toBe(true);
    expect((await model.use('query', { sql: 'select 1', limit: 1_000_000 })).isError).toBe(true);
    expect((await model.use('drop_table', { table: 'orders' })).isError).toBe(true);
  });
});

/** Catalog, rows, sequences, large objects and advisory locks. */
async function everythingOf({ database }: AskedTarget): Promise<unknown> {
  return await withClient(urlOf(database), async (client) => {
    const taken = await takeFingerprint(client, { contents: 'all' });
    const { rows } = await client.query(
      `select (select count(*) from pg_largeobject_metadata) as objects, (select count(*) from pg_locks where locktype = 'advisory' and
        database = (select oid from pg_database where datname = current_database())) as locks`,
    );
    return { ...summarize(taken), sequences: taken.sequences, rows };
  });
}
