import { seen } from './mutation';
import type { Mutation } from './mutation';

/** Every other kind of object. */
export const OBJECT_MUTATIONS: readonly Mutation[] = [
  ...seen('what reacts', [
    ['drop rule no_delete on app.scratch', 'rule app.scratch.no_delete: missing'],
    ['alter table app.scratch disable rule no_delete', 'rule app.scratch.no_delete: fires none → never'],
    ['drop trigger touch on app.customer', 'trigger app.customer.touch: missing'],
    ['alter table app.customer disable trigger touch', 'trigger app.customer.touch: fires none → never'],
    ['alter trigger touch on app.customer depends on extension hstore', 'customer.touch: goes with'],
    ['alter event trigger one_roof_test_ddl enable', 'event trigger one_roof_test_ddl: fires never → none'],
    ['alter policy own_rows on app.customer using (true)', 'policy app.customer.own_rows: using'],
    ['alter policy own_rows on app.customer to fp_other', 'policy app.customer.own_rows: roles'],
    [
      'alter table app.customer enable always trigger touch',
      'trigger app.customer.touch: fires none → always',
    ],
    [
      'alter table app.customer enable replica trigger touch',
      'trigger app.customer.touch: fires none → on replicas',
    ],
    ['alter event trigger one_roof_test_ddl owner to fp_super', 'event trigger one_roof_test_ddl: owner'],
    [
      `drop policy own_rows on app.customer;
       create policy own_rows on app.customer for select to fp_reader using (email = current_user)`,
      'policy app.customer.own_rows: effect restrictive → permissive',
    ],
  ]),
  ...seen('routine', [
    [
      `create or replace function app.add(a integer, b integer default 2) returns integer language sql immutable
       strict parallel safe as 'select b + a'`,
      'function app.add(a integer, b integer): definition',
    ],
    ['alter function app.add(integer, integer) volatile', 'function app.add(a integer, b integer)'],
    ['alter function app.touch() security definer', 'function app.touch(): definition'],
    ['alter function app.touch() set work_mem = 64', 'function app.touch(): definition'],
    ['alter function app.touch() owner to fp_owner', 'function app.touch(): owner'],
    ['grant execute on function app.add(integer, integer) to fp_reader', 'granted to fp_reader'],
    ['drop procedure app.do_nothing(integer)', 'procedure app.do_nothing(IN n integer): missing'],
    [
      `create or replace aggregate app.total(integer) (sfunc = app.add, stype = integer, initcond = '1')`,
      'aggregate app.total(integer): initial 0 → 1',
    ],
    ['revoke usage on language sql from public', 'language sql: usage for public → none'],
    ['alter function app.add(integer, integer) cost 7', 'function app.add(a integer, b integer): definition'],
    ['alter function app.add(integer, integer) parallel unsafe', 'function app.add(a integer, b integer)'],
    ['alter procedure app.do_nothing(integer) security definer', 'procedure app.do_nothing(IN n integer)'],
    ['alter aggregate app.total(integer) owner to fp_owner', 'aggregate app.total(integer): owner'],
  ]),
  ...seen('type', [
    [`alter type app.mood add value 'elated'`, 'type app.mood: labels'],
    [`alter type app.mood rename value 'ok' to 'fine'`, 'type app.mood: labels'],
    ['create type app.pair as (a integer, b integer)', 'type app.pair: new'],
    ['create type app.timespan as range (subtype = time)', 'type app.timespan: new'],
    ['alter domain app.positive set default 2', 'domain app.positive: default 1 → 2'],
    ['alter domain app.positive drop not null', 'domain app.positive: nulls'],
    ['grant usage on type app.mood to fp_reader', 'type app.mood: granted to fp_reader'],
    ['drop cast (integer as app.mood)', 'cast integer as app.mood: missing'],
    ['alter collation app.german rename to deutsch', 'collation app.deutsch: new'],
    [
      'alter operator app.=== (integer, text) set (restrict = eqsel)',
      'operator app.===(integer,text): restrict',
    ],
    [
      'alter operator family app.numbers using btree add operator 1 < (integer, bigint)',
      'operator family app.numbers using btree: operators',
    ],
    ['drop operator class app.by_size using btree', 'operator class app.by_size using btree: missing'],
    [`alter type app.mood add value 'meh' before 'ok'`, 'type app.mood: labels'],
    ['alter type app.loose add attribute z integer', 'attribute app.loose.z: new'],
    ['alter type app.span owner to fp_owner', 'type app.span: owner'],
    ['create type app.shell', 'type app.shell: new'],
    [
      'drop cast (integer as app.mood); create cast (integer as app.mood) with function app.to_mood(integer) as implicit',
      'cast integer as app.mood: context assignment → implicit',
    ],
    [
      'create transform for app.mood language plpgsql (from sql with function pg_catalog.dsimple_init(internal))',
      'transform app.mood for plpgsql: new',
    ],
    ['create access method heap_two type table handler heap_tableam_handler', 'access method heap_two: new'],
    [
      `create conversion app.to_latin for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1`,
      'conversion app.to_latin: new',
    ],
    ['alter operator app.=== (integer, text) owner to fp_owner', 'operator app.===(integer,text): owner'],
    ['alter collation app.german owner to fp_owner', 'collation app.german: owner'],
  ]),
  ...seen('the rest', [
    ['alter sequence app.counter increment 7', 'sequence app.counter: increment 5 → 7'],
    ['alter sequence app.counter owned by app.scratch.a', 'sequence app.counter: owned by'],
    ['revoke usage on sequence app.counter from fp_reader', 'sequence app.counter: granted to fp_reader'],
    [
      'alter default privileges in schema app grant insert on tables to fp_reader',
      'default privileges of postgres in app on tables',
    ],
    [`comment on table app.customer is 'Others'`, 'comment table app.customer: People who buy → Others'],
    [`comment on view app.everything is 'all'`, 'comment view app.everything: new'],
    ['drop extension pg_trgm cascade', 'extension pg_trgm: missing'],
    ['create extension intarray', 'extension intarray: new'],
    [
      'alter text search configuration app.words drop mapping for asciiword',
      'configuration app.words: mappings',
    ],
    ['alter text search dictionary app.plain (accept = false)', 'text search dictionary app.plain: options'],
    [`alter server remote options (set host 'i')`, 'foreign server remote: options'],
    [
      `alter user mapping for fp_reader server remote options (set password 'q')`,
      'user mapping fp_reader on remote',
    ],
    [
      `alter foreign table app.passwd options (set delimiter ';')`,
      'foreign table app.passwd: foreign options',
    ],
    [`alter foreign data wrapper fake options (set a '2')`, 'foreign data wrapper fake: options a=1 → a=2'],
    [`alter publication changes set (publish = 'insert, delete')`, 'publication changes: operations'],
    ['alter publication changes set table app.order_line', 'publication changes: tables'],
    [
      `create subscription copied connection 'host=nowhere' publication x with (connect = false)`,
      'subscription copied: new',
    ],
    [
      `do $$ begin execute format('alter database %I set work_mem = 64', current_database()); end $$`,
      'setting work_mem: new',
    ],
    [
      `do $$ begin execute format('alter role fp_other in database %I set work_mem = 64', current_database()); end $$`,
      'setting of fp_other work_mem: new',
    ],
    ['alter sequence app.counter cache 9 cycle', 'sequence app.counter: cache 3 → 9; cycle none → yes'],
    ['alter sequence app.counter as integer', 'sequence app.counter: type bigint → integer'],
    ['alter extension hstore set schema app', 'extension hstore: schema public → app'],
    [`comment on schema app is 'ours'`, 'comment schema app: new'],
    [`comment on large object 4711 is 'a picture'`, 'comment large object 4711: new'],
    [
      'alter default privileges in schema app grant usage on sequences to fp_reader',
      'in app on sequences: new',
    ],
    [
      'create text search template app.plain_too (lexize = dsimple_lexize)',
      'text search template app.plain_too: new',
    ],
    [
      `create text search parser app.words_too (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
       lextypes = prsd_lextype)`,
      'text search parser app.words_too: new',
    ],
    [
      'alter publication changes set table app.customer (id, email) where (id > 11), app.order_line',
      'publication changes: tables',
    ],
    [
      'alter publication changes set table app.customer (id) where (id > 10), app.order_line',
      'publication changes: tables',
    ],
    ['create publication everything for all tables', 'publication everything: new'],
    ['grant usage on foreign server remote to fp_reader', 'foreign server remote: granted to fp_reader'],
    [`alter server remote version '2'`, 'foreign server remote: version 1 → 2'],
    ['drop user mapping for fp_reader server remote', 'user mapping fp_reader on remote: missing'],
  ]),
];
