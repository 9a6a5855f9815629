import { seen } from './mutations';
import type { Mutation } from './mutations';

/** Kinds and details that `mutations.ts` leaves out; one file would be too long. */
export const MORE_MUTATIONS: readonly Mutation[] = [
  ...seen('table', [
    [
      `alter table app.measure detach partition app.measure_2023;
       alter table app.measure attach partition app.measure_2023 for values from ('2022-01-01') to ('2024-01-01')`,
      'table app.measure_2023: partition bound',
    ],
    ['create table app.typed of app.point2', 'table app.typed: new'],
    ['alter table app.child inherit app.other_parent', 'table app.child: inherits app.parent → '],
    ['alter foreign table app.passwd owner to fp_owner', 'foreign table app.passwd: owner'],
  ]),
  ...seen('column', [
    ['alter table app.customer alter id set increment by 2', 'sequence app.customer_id_seq: increment 1 → 2'],
    [
      `alter foreign table app.passwd alter name options (force_not_null 'true')`,
      'column app.passwd.name: foreign options',
    ],
    [
      'alter table app.owned add twice integer generated always as (a * 2) stored',
      'column app.owned.twice: new',
    ],
    ['alter table app.parent alter b set default 1', 'column app.parent.b: default'],
  ]),
  ...seen('constraint', [
    [
      'alter domain app.positive validate constraint is_small',
      'constraint app.positive.is_small: definition',
    ],
    ['alter table app.owned add unique nulls not distinct (a)', 'constraint app.owned.owned_a_key: new'],
    [
      `alter table app.order_line drop constraint order_line_customer, add constraint order_line_customer
       foreign key (customer_id) references app.customer (id) on delete restrict deferrable initially deferred`,
      'constraint app.order_line.order_line_customer: definition',
    ],
  ]),
  ...seen('view', [
    ['alter view app.open_customers set (security_invoker = on)', 'view app.open_customers: options'],
    ['alter view app.open_customers set (check_option = local)', 'view app.open_customers: options'],
    ['alter view app.open_customers rename column state to status', 'view app.open_customers: query'],
  ]),
  ...seen('what reacts', [
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
    ['alter function app.add(integer, integer) cost 7', 'function app.add(a integer, b integer): definition'],
    ['alter function app.add(integer, integer) parallel unsafe', 'function app.add(a integer, b integer)'],
    ['alter procedure app.do_nothing(integer) security definer', 'procedure app.do_nothing(IN n integer)'],
    ['alter aggregate app.total(integer) owner to fp_owner', 'aggregate app.total(integer): owner'],
  ]),
  ...seen('type', [
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
  ...seen('row', [
    [`update app.edge set zero = '-0'`, 'rows of app.edge differ (1 rows each)'],
    ['update app.edge set amount = 1.00', 'rows of app.edge differ'],
    [`update app.edge set odd = 'infinity'`, 'rows of app.edge differ'],
    [`update app.edge set ever = '-infinity'`, 'rows of app.edge differ'],
    [`update app.edge set folded = E'caf' || U&'e\\0301'`, 'rows of app.edge differ'],
    [`update app.edge set doc = null`, 'rows of app.edge differ'],
    [`update app.edge set doc = '"null"'`, 'rows of app.edge differ'],
    [`update app.edge set list = null`, 'rows of app.edge differ'],
    [`update app.edge set span = null`, 'rows of app.edge differ'],
    [`update app.edge set raw = null`, 'rows of app.edge differ'],
    [`update app.edge set short = 'a'`, 'rows of app.edge differ'],
    [`update app.edge set lasts = '24 hours'`, 'rows of app.edge differ'],
    [`update app.edge set bits = '0101'`, 'rows of app.edge differ'],
    [`update app.edge set host = '10.0.0.1/24'`, 'rows of app.edge differ'],
    [`update app.edge set long = overlay(long placing 'y' from 1000000)`, 'rows of app.edge differ'],
    [`update app.edge set nested = 1.00`, 'rows of app.edge differ'],
    [
      `delete from app.other_scratch where ctid = (select min(ctid) from app.other_scratch where a = 1);
       insert into app.other_scratch values (3, '')`,
      'rows of app.other_scratch differ (4 rows each)',
    ],
    [`update app.measure set at = '2024-06-01' where place = 'p2'`, 'rows of app.measure_2023: '],
    [`select lo_put(4711, 0, 'y')`, 'rows of large objects differ (1 rows each)'],
    [`select lo_create(4712)`, 'rows of large objects: 1 → 2'],
    ['grant update on large object 4711 to fp_reader', 'rows of large objects differ'],
    ['alter large object 4711 owner to fp_owner', 'rows of large objects differ'],
  ]),
];
