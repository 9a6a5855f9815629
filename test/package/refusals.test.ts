import { cutStatements } from '../../src/package/statements';
import { failureOf } from './sample';

const CONTROL = 'transaction control';
const OUTSIDE = 'it cannot run in a transaction: put it into a tier of its own with `transaction: false`';
const NOWHERE = 'it cannot run in a transaction, and outside one it could not be made safe to repeat';
const ROLE = 'a change of role';
const ONE_ROOF = 'it names schema one_roof';
const LOCK = 'session lock';

describe('an executed file', () => {
  it.each([
    ['begin', CONTROL],
    ['start transaction', CONTROL],
    ['commit', CONTROL],
    ['end', CONTROL],
    ['rollback', CONTROL],
    ['abort', CONTROL],
    ['savepoint a', CONTROL],
    ['release savepoint a', CONTROL],
    ['rollback to savepoint a', CONTROL],
    ["prepare transaction 'a'", CONTROL],
    ["commit prepared 'a'", CONTROL],
    ['set transaction isolation level serializable', CONTROL],
    ["set transaction snapshot '1'", CONTROL],
    ['set session characteristics as transaction read only', CONTROL],
    ['set transaction_read_only = off', CONTROL],
    ['copy t from stdin', 'COPY … FROM STDIN'],
    ['copy t to stdout', 'COPY … TO STDOUT'],
    ['copy (select 1) to stdout', 'COPY … TO STDOUT'],
    ['create index concurrently i on t (a)', OUTSIDE],
    ['drop index concurrently i', OUTSIDE],
    ['reindex table concurrently t', OUTSIDE],
    ['reindex (verbose, concurrently) index i', OUTSIDE],
    ['reindex schema s', OUTSIDE],
    ['reindex database d', NOWHERE],
    ['alter table t detach partition p concurrently', OUTSIDE],
    ['vacuum', OUTSIDE],
    ['vacuum full t', OUTSIDE],
    ['cluster', NOWHERE],
    ['create database d', NOWHERE],
    ['drop database d', NOWHERE],
    ["create tablespace s location '/s'", NOWHERE],
    ['drop tablespace s', NOWHERE],
    ['alter database d set tablespace s', NOWHERE],
    ['alter system set work_mem = 1', NOWHERE],
    ['set role dba', ROLE],
    ['set local role dba', ROLE],
    ['reset role', ROLE],
    ['set session authorization dba', ROLE],
    ['reset session authorization', ROLE],
    ["select set_config('Role', 'dba', true)", ROLE],
    [
      "select pg_catalog.set_config(setting_name => 'role', new_value => 'dba', is_local => true)",
      'set_config',
    ],
    ["select set_config('ro' || 'le', 'dba', true)", 'set_config of a setting that is no constant'],
    ['set session_replication_role = replica', 'session_replication_role'],
    ['alter role r set session_replication_role = replica', 'session_replication_role'],
    ['create function f() returns int language sql set role = dba as $$ select 1 $$', ROLE],
    ["set names 'latin1'", 'client_encoding'],
    ['set standard_conforming_strings = off', 'standard_conforming_strings'],
    ['discard all', 'DISCARD'],
    ['discard temp', 'DISCARD'],
    ['select pg_advisory_unlock_all()', LOCK],
    ['select pg_catalog.PG_Advisory_Unlock(1)', LOCK],
    ['do $$ begin perform pg_advisory_unlock(1); end $$', LOCK],
  ])('may not hold %j', async (text, reason) => {
    expect(await refusal(`select 1;\n${text};`)).toMatch(/^SQL_REFUSED: x\.sql:2:\d+: /);
    expect(await refusal(text)).toContain(reason);
  });

  it.each([
    'select * from one_roof.ledger',
    'SELECT * FROM One_Roof.ledger',
    'select * from "one_roof".ledger',
    'select U&"one\\005froof".fence.ordinal from t',
    'select one_roof.close()',
    'create table one_roof.x ()',
    'create schema one_roof',
    'drop schema a, one_roof cascade',
    'alter table t set schema one_roof',
    'alter schema one_roof rename to x',
    "comment on schema one_roof is 'x'",
    'grant usage on schema one_roof to public',
    'grant select on all tables in schema one_roof to public',
    'alter default privileges in schema one_roof grant select on tables to public',
    'truncate a, one_roof.ledger',
    'with x as (delete from one_roof.fence returning *) select * from x',
    'create view v as select (select max(ordinal) from one_roof.fence)',
    'create trigger t before insert on x execute function one_roof.f()',
    'create table x (y one_roof.z)',
    'set search_path to one_roof, public',
    "set search_path = 'public, one_roof'",
    "set schema 'one_roof'",
    'create function f() returns int language sql set search_path = one_roof as $$ select 1 $$',
    'alter role r set search_path = one_roof',
    'create function f() returns void language sql as $$ delete from ONE_ROOF.fence $$',
    'create function f() returns void begin atomic delete from one_roof.fence; end',
    `do $$ begin execute 'drop schema one_roof'; end $$`,
    "select 'one_roof.ledger'::regclass",
    'prepare p as select * from one_roof.ledger',
    'explain analyze delete from one_roof.ledger',
    'lock table one_roof.fence',
    'copy one_roof.ledger to program $$cat$$',
  ])('may not name schema one_roof: %j', async (text) => {
    expect(await refusal(text)).toContain(ONE_ROOF);
  });

  it('is shown where in a body the word stands', async () => {
    const text = 'do $$\nbegin\n  delete from One_Roof.fence;\nend $$';
    expect(await refusal(text)).toBe(
      'SQL_REFUSED: x.sql:3:15: it names schema one_roof, which belongs to One-Roof alone\n' +
        '    delete from One_Roof.fence;\n                ^',
    );
  });

  it.each([
    'grant select on t to one_roof_reader',
    "comment on table t is 'made by one-roof'",
    'select 1 -- one_roof',
    'select x_one_roof, one_roof2 from t',
    'analyze t',
    'cluster t using i',
    'refresh materialized view concurrently v',
    'reindex table t',
    'create index i on t (a)',
    'set local lock_timeout = 100',
    'set search_path = a, b',
    "select set_config('search_path', 'a', true)",
    'set constraints all deferred',
    'listen a',
    "notify a, 'b'",
    'lock table t in share mode',
    'select pg_advisory_xact_lock(1)',
    'alter database d set work_mem = 1',
    "copy t from '/srv/t.csv'",
    "alter type e add value 'x'",
    'declare c cursor for select 1',
  ])('may hold %j', async (text) => {
    expect(await cutStatements({ path: 'x.sql', bytes: Buffer.from(text) })).toHaveLength(1);
  });
});

async function refusal(text: string): Promise<string> {
  return failureOf(() => cutStatements({ path: 'x.sql', bytes: Buffer.from(text) }));
}
