-- A database with an object of every kind that a fingerprint tells of.
create schema app;
grant usage on schema app to fp_owner, fp_reader, fp_other;
create schema "Odd ""Name""";
create schema empty_schema;
create extension hstore schema public;
create extension pg_trgm schema public;
create extension file_fdw schema public;
create type app.mood as enum ('sad', 'ok', 'happy');
create type app.point2 as (x numeric, label text collate "C");
create domain app.positive as integer default 1 not null constraint is_positive check (value > 0);
create type app.loose as (x integer, y integer);
alter domain app.positive add constraint is_small check (value < 100000) not valid;
create domain app.nested as numeric;
create domain app.more_nested as app.nested;
create type app.span as range (subtype = numeric);
create collation app.german (provider = icu, locale = 'de', deterministic = false);

create function app.touch() returns trigger language plpgsql as $$
begin
  new.touched := '2024-01-01';
  return new;
end
$$;
create function app.add(a integer, b integer default 2) returns integer language sql immutable strict parallel safe
  as 'select a + b';
create function app.standard(a text) returns boolean begin atomic select a in ('x'::varchar, 'y'::varchar); end;
create procedure app.do_nothing(n integer) language plpgsql as 'begin end';
create function app.on_ddl() returns event_trigger language plpgsql as 'begin end';
create aggregate app.total(integer) (sfunc = app.add, stype = integer, initcond = '0');
create function app.same(integer, text) returns boolean language sql immutable as 'select $1::text = $2';
create operator app.=== (leftarg = integer, rightarg = text, function = app.same);
create function app.to_mood(integer) returns app.mood language sql immutable as $$select 'ok'::app.mood$$;
create cast (integer as app.mood) with function app.to_mood(integer) as assignment;
create operator family app.numbers using btree;
create operator class app.by_size for type integer using btree family app.numbers as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);

create sequence app.counter increment 5 cache 3;
create table app.customer (
  id integer generated always as identity primary key,
  email varchar(80) not null unique,
  name text collate "C" default 'nobody',
  state varchar(10) check (state in ('new', 'open', 'closed')),
  mood app.mood default 'ok',
  place app.point2,
  score app.positive,
  amount numeric,
  ratio double precision,
  tags text[],
  doc json,
  docb jsonb,
  page xml,
  spot point,
  words tsvector,
  raw bytea,
  taken app.span,
  big bigint,
  at timestamptz,
  touched date,
  code char(4),
  attributes public.hstore,
  doubled integer generated always as (id * 2) stored
);
create table app.order_line (
  id serial,
  customer_id integer not null,
  quantity integer not null default 1,
  during tsrange,
  constraint order_line_customer foreign key (customer_id) references app.customer (id) on delete cascade
    deferrable initially deferred,
  exclude using gist (during with &&)
) with (fillfactor = 80, autovacuum_enabled = off);
alter table app.order_line add constraint quantity_small check (quantity < 1000) not valid;
create table app.measure (at date not null, value numeric, place text) partition by range (at);
create table app.measure_2023 partition of app.measure for values from ('2023-01-01') to ('2024-01-01');
create table app.measure_2024 partition of app.measure for values from ('2024-01-01') to ('2025-01-01')
  partition by list (place);
create table app.measure_2024_x partition of app.measure_2024 default;
create index measure_at on app.measure (at);
alter table app.measure add primary key (at, place);
create table app.parent (a integer check (a > 0), b text);
create table app.child (c integer) inherits (app.parent);
create table app.other_parent (a integer, b text);
create unlogged table app.scratch (a integer, b text);
create table app.other_scratch (a integer, b text);
create table app.edge (
  zero double precision,
  amount numeric,
  odd numeric,
  ever timestamptz,
  folded text collate app.german,
  doc jsonb,
  list text[],
  span int4range,
  raw bytea,
  short varchar(9),
  padded char(4),
  lasts interval,
  bits bit varying,
  host inet,
  long text,
  nested app.more_nested
);
create table app.no_columns ();
create table "Odd ""Name"""."Table.With.Dots" ("Column ""x""" integer primary key, "b c" text);
create table app.dropped (a integer, gone text, b integer);
alter table app.dropped drop column gone;

create index customer_name on app.customer (lower(name)) where state = 'new';
create index customer_words on app.customer using gin (words);
create index customer_trgm on app.customer using gin (name public.gin_trgm_ops);
create unique index order_line_unique on app.order_line (customer_id, id) include (quantity);
create statistics app.customer_stats (dependencies, ndistinct) on email, state from app.customer;
alter table app.customer cluster on customer_pkey;
alter table app.order_line replica identity using index order_line_unique;
alter table app.customer alter column name set statistics 500, alter column doc set storage external;
alter table app.customer alter column name set (n_distinct = 5);

create view app.open_customers with (security_barrier) as
  select id, email, state from app.customer where state in ('new', 'open');
create view app.everything as select c.*, o.quantity from app.customer c left join app.order_line o on o.customer_id = c.id;
create materialized view app.per_state as select state, count(*) as n from app.customer group by state;
create unique index per_state_key on app.per_state (state);
create rule no_delete as on delete to app.scratch do instead nothing;
create trigger touch before insert or update of name, email on app.customer for each row
  when (new.name is not null) execute function app.touch();
create event trigger one_roof_test_ddl on ddl_command_end when tag in ('CREATE TABLE') execute function app.on_ddl();
alter event trigger one_roof_test_ddl disable;
alter table app.customer enable row level security;
create policy own_rows on app.customer as restrictive for select to fp_reader using (email = current_user);

create text search dictionary app.plain (template = pg_catalog.simple, stopwords = english);
create text search configuration app.words (copy = pg_catalog.simple);
alter text search configuration app.words alter mapping for asciiword with app.plain;
create server files foreign data wrapper file_fdw;
create foreign table app.passwd (name text, rest text) server files options (filename '/etc/passwd', delimiter ':');
create foreign data wrapper fake options (a '1');
create server remote type 'x' version '1' foreign data wrapper fake options (host 'h', password 'p');
create user mapping for fp_reader server remote options (user 'u', password 'p');
create publication changes for table app.customer (id, email) where (id > 10), app.order_line with (publish = 'insert');
create publication whole_schema for tables in schema empty_schema;

create table app.owned (a integer);
alter table app.owned owner to fp_owner;
grant select on app.owned to fp_reader with grant option;
set role fp_reader;
grant select on app.owned to fp_other;
reset role;
grant select (id, email), update (name) on app.customer to fp_reader;
grant select on app.order_line to fp_reader;
revoke execute on function app.add(integer, integer) from public;
grant usage on sequence app.counter to fp_reader;
revoke usage on type app.mood from public;
revoke usage on language plpgsql from public;
alter default privileges in schema app grant select on tables to fp_reader;
alter default privileges for role fp_owner revoke execute on functions from public;

comment on table app.customer is 'People who buy';
comment on column app.customer.email is E'Where to write\nto';
comment on constraint order_line_customer on app.order_line is 'whose';
comment on function app.add(integer, integer) is 'sum';

insert into app.customer (email, name, state, place, score, amount, ratio, tags, doc, docb, page, spot, words, raw,
  taken, big, at, touched, code, attributes)
select 'c' || i || '@example.org', case when i % 7 > 0 then 'Name ' || i end, (array['new', 'open', 'closed'])[i % 3 + 1],
  row(i, 'l' || i)::app.point2, i, (i / 4.0)::numeric(10, 2), i / 3.0, array['a', null, 'b' || i], '{"a": 1,  "b": 2}',
  jsonb_build_object('i', i), '<a/>', point(i, -i), to_tsvector('simple', 'some words ' || i), decode('00ff', 'hex'),
  app.span(i, i + 1), i, '2024-01-01 00:00:00+00'::timestamptz + i * interval '1 hour', null, 'ab', 'k=>v'
from generate_series(1, 30) i;
insert into app.order_line (customer_id, quantity) select i % 30 + 1, i % 9 from generate_series(1, 60) i;
insert into app.measure select date '2023-06-01' + i * 20, i, 'p' || i from generate_series(1, 20) i;
insert into app.parent values (1, 'p');
insert into app.child values (2, 'c', 3);
insert into app.scratch values (1, 'a'), (1, 'a'), (2, null), (3, '');
insert into app.other_scratch values (1, 'a'), (1, 'a'), (2, null), (3, '');
insert into app.edge values (0, 1.0, 'NaN', 'infinity', U&'caf\00e9', 'null', '{}', 'empty', '', 'a ', 'ab', '1 day',
  '01010', '10.0.0.1', repeat('x', 1000000), 1.0);
select lo_from_bytea(4711, 'bytes of a picture');
grant select on large object 4711 to public;
insert into app.dropped values (1, 2), (3, 4);
insert into app.no_columns default values;
insert into "Odd ""Name"""."Table.With.Dots" values (1, 'x'), (2, 'y');
insert into app.owned values (1);
refresh materialized view app.per_state;

create schema one_roof;
create table one_roof.ledger (a integer primary key, b text);
insert into one_roof.ledger values (1, 'x');
