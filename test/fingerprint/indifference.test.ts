import { compareFingerprints } from '../../src/core/rules/compare-fingerprints';
import type { Fingerprint } from '../../src/core/schema/fingerprint';
import { freshDatabase } from '../support/database';
import { execute, fingerprintOf, subjectDatabase } from './subject';

/** What leaves a database as it was, for all that a release could mean. A statement a message: some bear no transaction. */
const INDIFFERENT: readonly (readonly string[])[] = [
  ['vacuum full'],
  ['vacuum freeze analyze'],
  ['analyze'],
  ['reindex schema app'],
  ['reindex table concurrently app.customer'],
  ['cluster app.customer using customer_pkey'],
  [
    'create table app.other as select * from app.dropped order by a desc',
    'truncate app.dropped',
    'insert into app.dropped select * from app.other',
    'drop table app.other',
  ],
  ['update app.customer set name = name'],
  ['update app.scratch set a = -a', 'update app.scratch set a = -a'],
  ['grant insert on app.scratch to fp_other', 'revoke insert on app.scratch from fp_other'],
  [
    'grant execute on function app.touch() to fp_other',
    'revoke execute on function app.touch() from fp_other',
  ],
  ['grant usage on schema empty_schema to fp_other', 'revoke usage on schema empty_schema from fp_other'],
  ['grant select (b) on app.scratch to fp_other', 'revoke select (b) on app.scratch from fp_other'],
  ['grant usage on type app.span to fp_other', 'revoke usage on type app.span from fp_other'],
  [`do $$ begin execute format('comment on database %I is %L', current_database(), 'marker'); end $$`],
  [`select nextval('app.counter')`, `select setval('app.order_line_id_seq', 4000)`],
  ['begin', `insert into app.order_line (customer_id) values (1)`, 'rollback'],
  [
    'create table one_roof.more (a integer)',
    'insert into one_roof.ledger values (2)',
    'drop table one_roof.ledger',
  ],
  [
    'grant usage on schema one_roof to fp_other',
    `comment on schema one_roof is 'ours'`,
    'alter default privileges in schema one_roof grant select on tables to fp_other',
  ],
  [
    `create function one_roof.f() returns integer language sql as 'select 1'`,
    `comment on function one_roof.f() is 'x'`,
    `comment on column one_roof.ledger.a is 'x'`,
    `comment on constraint ledger_pkey on one_roof.ledger is 'x'`,
  ],
  ['drop schema one_roof cascade'],
  ['create temporary table passing (a integer)', 'insert into passing values (1)'],
  ['alter table app.owned add b integer', 'alter table app.owned drop b'],
  ['drop index app.customer_words', 'create index customer_words on app.customer using gin (words)'],
  ['alter table app.scratch rename to other', 'alter table app.other rename to scratch'],
  ['alter table app.customer disable trigger touch', 'alter table app.customer enable trigger touch'],
  ['alter table app.order_line set (autovacuum_enabled = off, fillfactor = 80)'],
  ['alter table app.order_line reset (fillfactor)', 'alter table app.order_line set (fillfactor = 80)'],
  [`update app.edge set padded = 'ab  '`],
  ['create publication passing for all tables', 'drop publication passing'],
  [`select lo_create(99)`, `select lo_unlink(99)`],
  [`create view app.v as select 1`, 'drop view app.v'],
  [`do $$ begin execute format('alter database %I connection limit 50', current_database()); end $$`],
];

describe('a fingerprint', () => {
  let subject: string;
  let before: Fingerprint;

  beforeAll(async () => {
    subject = await subjectDatabase();
    before = await fingerprintOf(subject);
  });

  it('is tried with many changes that mean nothing', () => {
    expect(INDIFFERENT.length).toBeGreaterThanOrEqual(30);
  });

  it.each(INDIFFERENT.map((statements) => [statements.join('; '), statements] as const))(
    'does not see: %s',
    async (_title, statements) => {
      const copy = await freshDatabase('same', subject);
      await execute(copy, statements);
      const comparison = compareFingerprints(before, await fingerprintOf(copy));
      expect(comparison).toEqual({ verdict: 'identical', differences: [], more: 0 });
    },
  );
});
