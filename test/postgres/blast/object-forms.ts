import { LOCKS } from './form';
import type { Form } from './form';

const INDEXES = { ix_orders: 'AccessExclusiveLock', ix_orders_amount: 'AccessExclusiveLock' };

/** Everything else that makes, drops or reads. */
export const OBJECT_FORMS: readonly Form[] = [
  {
    form: 'CREATE TABLE',
    sql: 'create table fresh (id int primary key, state text)',
    locks: {},
    source: 'CREATE TABLE: nobody else can see the table before the commit',
  },
  {
    form: 'CREATE TABLE with a foreign key',
    sql: 'create table fresh (id int, customer int references customers)',
    locks: { customers: 'ShareRowExclusiveLock' },
    source: 'CREATE TABLE, REFERENCES: SHARE ROW EXCLUSIVE on the table that is referenced',
  },
  {
    form: 'CREATE TABLE AS',
    sql: 'create table fresh as select * from orders',
    locks: {},
    source: `${LOCKS}: ACCESS SHARE, a query that only reads`,
  },
  {
    form: 'CREATE TABLE PARTITION OF',
    sql: 'create table events_high_2 partition of events for values from (1000) to (2000)',
    locks: { events: 'AccessExclusiveLock' },
    source: 'CREATE TABLE, PARTITION OF: ACCESS EXCLUSIVE on the parent',
  },
  {
    form: 'CREATE TABLE PARTITION OF beside a default partition',
    sql: 'create table events_high_2 partition of events for values from (1000) to (2000)',
    setUp: 'create table events_rest partition of events default',
    locks: { events: 'AccessExclusiveLock', events_rest: 'AccessExclusiveLock' },
    scans: ['events_rest'],
    source: 'CREATE TABLE, PARTITION OF: the default partition is scanned, and locked ACCESS EXCLUSIVE',
  },
  {
    form: 'DROP TABLE',
    sql: 'drop table plain',
    locks: { plain: 'AccessExclusiveLock' },
    source: `${LOCKS}: ACCESS EXCLUSIVE`,
  },
  {
    form: 'DROP TABLE that points to another',
    sql: 'drop table orders cascade',
    setUp: `alter table orders add foreign key (customer) references customers;
            drop view notes; drop materialized view totals`,
    locks: { orders: 'AccessExclusiveLock', customers: 'AccessExclusiveLock' },
    indexLocks: INDEXES,
    source: `${LOCKS}: ACCESS EXCLUSIVE; DROP TRIGGER: its triggers on the other table go with it`,
  },
  {
    form: 'CREATE TRIGGER',
    sql: 'create trigger touched before update on orders for each row execute function touch()',
    locks: { orders: 'ShareRowExclusiveLock' },
    source: `${LOCKS}: SHARE ROW EXCLUSIVE`,
  },
  {
    form: 'DROP TRIGGER',
    sql: 'drop trigger touched on orders',
    setUp: 'create trigger touched before update on orders for each row execute function touch()',
    locks: { orders: 'AccessExclusiveLock' },
    source: `${LOCKS}: ACCESS EXCLUSIVE, the default of what drops`,
  },
  {
    form: 'CREATE RULE',
    sql: 'create rule quiet as on insert to plain do also nothing',
    locks: { plain: 'AccessExclusiveLock' },
    source: `${LOCKS}: ACCESS EXCLUSIVE, as found`,
  },
  {
    form: 'CREATE POLICY',
    sql: 'create policy own on orders using (true)',
    locks: { orders: 'AccessExclusiveLock' },
    source: `${LOCKS}: ACCESS EXCLUSIVE, as found`,
  },
  {
    form: 'CREATE VIEW',
    sql: 'create view more_notes as select note from orders',
    locks: {},
    source: `${LOCKS}: ACCESS SHARE, what a view reads`,
  },
  {
    form: 'DROP VIEW',
    sql: 'drop view notes',
    locks: { notes: 'AccessExclusiveLock' },
    source: `${LOCKS}: ACCESS EXCLUSIVE, the default of what drops`,
  },
  {
    form: 'CREATE STATISTICS',
    sql: 'create statistics related on customer, amount from orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE`,
  },
  {
    form: 'COMMENT ON TABLE',
    sql: `comment on table orders is 'what was bought'`,
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE`,
  },
  {
    form: 'ANALYZE',
    sql: 'analyze orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE`,
  },
  {
    form: 'ALTER DOMAIN ADD CHECK',
    sql: 'alter domain amount_of_money add constraint positive check (value > 0)',
    locks: { payments: 'ShareLock' },
    scans: ['payments'],
    source: 'ALTER DOMAIN, ADD domain_constraint: every column of the domain is checked; SHARE as found',
  },
  {
    form: 'ALTER DOMAIN ADD CHECK NOT VALID',
    sql: 'alter domain amount_of_money add constraint positive check (value > 0) not valid',
    locks: {},
    source: 'ALTER DOMAIN, NOT VALID: existing data is not checked',
  },
  {
    form: 'ALTER TYPE ADD VALUE',
    sql: `alter type colour add value 'green'`,
    locks: {},
    source: 'ALTER TYPE, ADD VALUE: it touches no table',
  },
  {
    form: 'CREATE TYPE AS ENUM',
    sql: `create type size as enum ('small', 'large')`,
    locks: {},
    source: 'CREATE TYPE: it touches no table',
  },
  {
    form: 'LOCK TABLE',
    sql: 'lock table orders',
    locks: { orders: 'AccessExclusiveLock' },
    source: `${LOCKS}: ACCESS EXCLUSIVE is the default of LOCK TABLE`,
  },
  {
    form: 'INSERT',
    sql: `insert into plain values (1, 'x')`,
    locks: { plain: 'RowExclusiveLock' },
    source: `${LOCKS}: ROW EXCLUSIVE`,
  },
  {
    form: 'UPDATE',
    sql: `update orders set state = 'old'`,
    locks: { orders: 'RowExclusiveLock' },
    source: `${LOCKS}: ROW EXCLUSIVE`,
  },
  {
    form: 'DELETE of rows that others point to',
    sql: 'delete from customers where id = 1000',
    setUp: 'alter table orders add foreign key (customer) references customers',
    locks: { customers: 'RowExclusiveLock' },
    source: `${LOCKS}: ROW EXCLUSIVE`,
  },
  {
    form: 'SELECT FOR UPDATE',
    sql: 'select id from orders where id = 1 for update',
    locks: { orders: 'RowShareLock' },
    source: `${LOCKS}: ROW SHARE`,
  },
  {
    form: 'a DO block that validates',
    sql: `do 'begin perform count(*) from orders; alter table plain alter column id set not null; end'`,
    locks: { plain: 'AccessExclusiveLock' },
    scans: ['plain'],
    source: 'ALTER TABLE, SET NOT NULL: the same from within a block',
  },
];
