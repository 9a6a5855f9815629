import { cutStatements } from '../../src/package/statements';
import { planOf } from '../../src/package/plan';
import { descriptorWith, failureOf, samplePackage } from './sample';

const INSIDE = 'it could not be made safe to repeat: put it into a tier of its own with a transaction';
const NOWHERE = 'it cannot run in a transaction, and outside one it could not be made safe to repeat';
const REINDEX = 'outside a transaction an index, a table or a schema is reindexed with CONCURRENTLY';

describe('a tier outside transactions', () => {
  it.each([
    [
      'create unique index concurrently if not exists i on s.t (a)',
      { kind: 'create index', index: 'i', table: { schema: 's', name: 't' }, mayExist: true },
    ],
    [
      'create index concurrently "I" on t (a)',
      { kind: 'create index', index: 'I', table: { name: 't' }, mayExist: false },
    ],
    [
      'drop index concurrently s.i',
      { kind: 'drop index', index: { schema: 's', name: 'i' }, mayBeMissing: false },
    ],
    ['drop index concurrently if exists i', { kind: 'drop index', index: { name: 'i' }, mayBeMissing: true }],
    ['reindex (verbose, concurrently) index i', { kind: 'reindex', of: 'index', object: { name: 'i' } }],
    ['reindex (concurrently on) table t', { kind: 'reindex', of: 'table', object: { name: 't' } }],
    ['reindex schema concurrently s', { kind: 'reindex', of: 'schema', object: { name: 's' } }],
    ['vacuum (analyze) t', { kind: 'vacuum' }],
    ['analyze t', { kind: 'vacuum' }],
    [
      "alter type s.mood add value 'calm' before 'glad'",
      { kind: 'add value', type: { schema: 's', name: 'mood' }, value: 'calm', mayExist: false },
    ],
    [
      'alter table t detach partition s.p concurrently',
      { kind: 'detach partition', table: { name: 't' }, partition: { schema: 's', name: 'p' } },
    ],
    ['refresh materialized view concurrently v', { kind: 'refresh', view: { name: 'v' } }],
  ])('may hold %j', async (text, step) => {
    expect(await cutStatements({ path: 'x.sql', bytes: Buffer.from(text) }, 'autocommit')).toMatchObject([
      { text, step },
    ]);
  });

  it.each([
    ['create index i on t (a)', INSIDE],
    ['create index concurrently on t (a)', 'an index without a name'],
    ['drop index i', INSIDE],
    ['drop index concurrently i, j', 'one index at a time'],
    ['drop table t', INSIDE],
    ['reindex table t', REINDEX],
    ['reindex (concurrently off) table t', REINDEX],
    ['reindex schema s', REINDEX],
    ['reindex database concurrently d', REINDEX],
    ['alter table t detach partition p', INSIDE],
    ['alter table t detach partition p finalize', INSIDE],
    ["alter type mood rename value 'a' to 'b'", INSIDE],
    ['refresh materialized view v', INSIDE],
    ['update t set a = 1', INSIDE],
    ['select f()', INSIDE],
    ['call p()', INSIDE],
    ['do $$ begin end $$', INSIDE],
    ['set search_path = s', INSIDE],
    ['create database d', NOWHERE],
    ['alter system set work_mem = 1', NOWHERE],
    ['cluster', NOWHERE],
    ['begin', 'transaction control'],
    ['create index concurrently i on one_roof.ledger (tier)', 'it names schema one_roof'],
    ["create index concurrently i on t (set_config('role', 'dba', true))", 'a change of role'],
  ])('may not hold %j', async (text, reason) => {
    expect(await refusal(`analyze t;\n${text};`)).toMatch(/^SQL_REFUSED: x\.sql:2:\d+: /);
    expect(await refusal(text)).toContain(reason);
  });

  it('is planned where apply and rollback converge, and refused with the place where one does not', async () => {
    const release = descriptorWith('expect: { rows: 2 }', 'expect: { rows: 2 }\n    transaction: false');
    const indexed = 'create index concurrently first_id on first (id);\n';
    const rollback = (sql: string): string =>
      `-- one-roof: rollback 10_first\ndrop table first;\n-- one-roof: rollback 20_second\n${sql};\n`;
    const pkg = (apply: string, undo: string) =>
      samplePackage({ 'release.yaml': release, '20.sql': apply, 'rollback.sql': rollback(undo) });
    const plan = await planOf(pkg(indexed, 'drop index concurrently if exists first_id'), 'full');
    expect(plan.tiers[1]).toMatchObject({ id: '20_second', statements: 1, rules: { transaction: false } });
    expect(await failureOf(() => planOf(pkg(indexed, 'drop index first_id'), 'full'))).toContain(
      `SQL_REFUSED: rollback.sql:4:1: ${INSIDE}`,
    );
  });
});

async function refusal(text: string): Promise<string> {
  return failureOf(() => cutStatements({ path: 'x.sql', bytes: Buffer.from(text) }, 'autocommit'));
}
