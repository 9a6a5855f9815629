import type { Form } from './form';

const ALTER = 'ALTER TABLE';
const EXCLUSIVE = { orders: 'AccessExclusiveLock' };
const POINTS = 'foreign key (customer) references customers';

/** Forms of ALTER TABLE that change constraints. */
export const CONSTRAINT_FORMS: readonly Form[] = [
  {
    form: 'ADD CHECK',
    sql: 'alter table orders add constraint positive check (amount > 0)',
    locks: EXCLUSIVE,
    scans: ['orders'],
    source: `${ALTER}, Notes: adding a CHECK requires scanning the table`,
  },
  {
    form: 'ADD CHECK NOT VALID',
    sql: 'alter table orders add constraint positive check (amount > 0) not valid',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: NOT VALID does not scan the table`,
  },
  {
    form: 'VALIDATE CHECK',
    sql: 'alter table orders validate constraint positive',
    setUp: 'alter table orders add constraint positive check (amount > 0) not valid',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    scans: ['orders'],
    source: `${ALTER}, VALIDATE CONSTRAINT: SHARE UPDATE EXCLUSIVE lock`,
  },
  {
    form: 'ADD FOREIGN KEY',
    sql: `alter table orders add constraint bought_by ${POINTS}`,
    locks: { orders: 'ShareRowExclusiveLock', customers: 'ShareRowExclusiveLock' },
    scans: ['customers', 'orders'],
    source: `${ALTER}, ADD table_constraint: SHARE ROW EXCLUSIVE on both tables`,
  },
  {
    form: 'ADD FOREIGN KEY NOT VALID',
    sql: `alter table orders add constraint bought_by ${POINTS} not valid`,
    locks: { orders: 'ShareRowExclusiveLock', customers: 'ShareRowExclusiveLock' },
    source: `${ALTER}, Notes: NOT VALID does not scan the table`,
  },
  {
    form: 'VALIDATE FOREIGN KEY',
    sql: 'alter table orders validate constraint bought_by',
    setUp: `alter table orders add constraint bought_by ${POINTS} not valid`,
    locks: { orders: 'ShareUpdateExclusiveLock', customers: 'RowShareLock' },
    scans: ['customers', 'orders'],
    source: `${ALTER}, Notes: SHARE UPDATE EXCLUSIVE, and ROW SHARE on the table that is referenced`,
  },
  {
    form: 'DROP of a CHECK',
    sql: 'alter table orders drop constraint positive',
    setUp: 'alter table orders add constraint positive check (amount > 0)',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'DROP of a foreign key',
    sql: 'alter table orders drop constraint bought_by',
    setUp: `alter table orders add constraint bought_by ${POINTS}`,
    locks: { orders: 'AccessExclusiveLock', customers: 'AccessExclusiveLock' },
    source: `${ALTER}, Description; DROP TRIGGER: its triggers on the other table go with it`,
  },
  {
    form: 'ADD UNIQUE',
    sql: 'alter table orders add constraint ix_orders_once unique (id, amount)',
    locks: EXCLUSIVE,
    builds: ['ix_orders_once'],
    source: `${ALTER}, Description: ACCESS EXCLUSIVE; 11.6 Unique Indexes: it creates an index`,
  },
  {
    form: 'ADD UNIQUE USING INDEX',
    sql: 'alter table orders add constraint ix_orders_once unique using index ix_orders_once',
    setUp: 'create unique index ix_orders_once on orders (id, amount)',
    locks: EXCLUSIVE,
    source: `${ALTER}, ADD table_constraint_using_index: no index is built`,
  },
  {
    form: 'ADD PRIMARY KEY on a column that is NOT NULL',
    sql: 'alter table plain add constraint ix_plain primary key (code)',
    locks: { plain: 'AccessExclusiveLock' },
    builds: ['ix_plain'],
    source: `${ALTER}, Description; CREATE TABLE, PRIMARY KEY: it creates a unique index`,
  },
  {
    form: 'ADD PRIMARY KEY USING INDEX on a column that may be null',
    sql: 'alter table plain add constraint ix_plain primary key using index ix_plain',
    setUp: 'create unique index ix_plain on plain (id)',
    locks: { plain: 'AccessExclusiveLock' },
    scans: ['plain'],
    source: `${ALTER}, ADD table_constraint_using_index: it does SET NOT NULL on each column, with a full scan`,
  },
  {
    form: 'ADD EXCLUDE',
    sql: 'alter table orders add constraint ix_orders_apart exclude using btree (id with =)',
    locks: EXCLUSIVE,
    builds: ['ix_orders_apart'],
    source: `${ALTER}, Description: ACCESS EXCLUSIVE; CREATE TABLE, EXCLUDE: it creates an index`,
  },
  {
    form: 'ALTER CONSTRAINT',
    sql: 'alter table orders alter constraint bought_by deferrable',
    setUp: `alter table orders add constraint bought_by ${POINTS}`,
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
];
