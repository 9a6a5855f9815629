import type { Form } from './form';

const ALTER = 'ALTER TABLE';
const EXCLUSIVE = { orders: 'AccessExclusiveLock' };
const REWRITTEN = { locks: EXCLUSIVE, rewrites: ['orders'], builds: ['ix_orders', 'ix_orders_amount'] };

/** Forms of ALTER TABLE that change columns. */
export const COLUMN_FORMS: readonly Form[] = [
  {
    form: 'ADD COLUMN that may be null',
    sql: 'alter table orders add column extra text',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: a null or non-volatile default needs no rewrite`,
  },
  {
    form: 'ADD COLUMN with a constant default',
    sql: `alter table orders add column extra text default 'none'`,
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: a non-volatile default is stored in the metadata`,
  },
  {
    form: 'ADD COLUMN NOT NULL with a constant default',
    sql: 'alter table orders add column extra int not null default 7',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: a non-volatile default is stored in the metadata`,
  },
  {
    form: 'ADD COLUMN with a default that is evaluated once',
    sql: 'alter table orders add column extra timestamptz default now()',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: the default is evaluated at the time of the statement; now() is not volatile`,
  },
  {
    form: 'ADD COLUMN with a volatile default',
    sql: 'alter table orders add column extra timestamptz default clock_timestamp()',
    ...REWRITTEN,
    source: `${ALTER}, Notes: a volatile default requires the table and its indexes to be rewritten`,
  },
  {
    form: 'ADD COLUMN GENERATED STORED',
    sql: 'alter table orders add column extra int generated always as (amount * 2) stored',
    ...REWRITTEN,
    source: `${ALTER}, Notes: a stored generated column requires a rewrite`,
  },
  {
    form: 'ADD COLUMN GENERATED AS IDENTITY',
    sql: 'alter table orders add column extra int generated always as identity',
    ...REWRITTEN,
    source: `${ALTER}, Notes: an identity column requires a rewrite`,
  },
  {
    form: 'ADD COLUMN serial',
    sql: 'alter table orders add column extra serial',
    ...REWRITTEN,
    source: `${ALTER}, Notes; 8.1.4 Serial Types: the default is nextval, which is volatile`,
  },
  {
    form: 'ADD COLUMN of a constrained domain',
    sql: 'alter table orders add column extra positive default 1',
    setUp: 'create domain positive as int check (value > 0)',
    ...REWRITTEN,
    source: `${ALTER}, Notes: a column of a domain with constraints requires a rewrite`,
  },
  {
    form: 'DROP COLUMN',
    sql: 'alter table orders drop column state',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: DROP COLUMN does not physically remove the column`,
  },
  {
    form: 'RENAME COLUMN',
    sql: 'alter table orders rename column state to status',
    locks: { orders: 'AccessExclusiveLock' },
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'ALTER COLUMN TYPE int to bigint',
    sql: 'alter table orders alter column amount type bigint',
    setUp: 'drop materialized view totals',
    ...REWRITTEN,
    source: `${ALTER}, Notes: changing the type requires the table and its indexes to be rewritten`,
  },
  {
    form: 'ALTER COLUMN TYPE to a longer varchar',
    sql: 'alter table orders alter column note type varchar(20)',
    setUp: 'drop view notes',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: binary coercible, so no rewrite`,
  },
  {
    form: 'ALTER COLUMN TYPE varchar to text, with an index on it',
    sql: 'alter table orders alter column note type text',
    setUp: 'drop view notes; create index ix_orders_note on orders (note)',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: binary coercible, so neither table nor index is rewritten`,
  },
  {
    form: 'ALTER COLUMN TYPE to a shorter varchar',
    sql: 'alter table orders alter column note type varchar(5)',
    setUp: 'drop view notes',
    ...REWRITTEN,
    source: `${ALTER}, Notes: changing the type requires a rewrite`,
  },
  {
    form: 'ALTER COLUMN TYPE to a wider numeric',
    sql: 'alter table orders alter column price type numeric(10, 2)',
    locks: EXCLUSIVE,
    source: `${ALTER}, Notes: binary coercible, so no rewrite`,
  },
  {
    form: 'ALTER COLUMN TYPE to a numeric of another scale',
    sql: 'alter table orders alter column price type numeric(10, 3)',
    ...REWRITTEN,
    source: `${ALTER}, Notes: changing the type requires a rewrite`,
  },
  {
    form: 'ALTER COLUMN TYPE with USING',
    sql: 'alter table orders alter column state type text using upper(state)',
    ...REWRITTEN,
    source: `${ALTER}, Notes: only where USING does not change the contents no rewrite is needed`,
  },
  {
    form: 'SET DEFAULT',
    sql: 'alter table orders alter column amount set default 1',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'DROP NOT NULL',
    sql: 'alter table plain alter column code drop not null',
    locks: { plain: 'AccessExclusiveLock' },
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'SET NOT NULL',
    sql: 'alter table orders alter column amount set not null',
    locks: EXCLUSIVE,
    scans: ['orders'],
    source: `${ALTER}, SET NOT NULL: checked by scanning the entire table`,
  },
  {
    form: 'SET NOT NULL where a valid CHECK proves it',
    sql: 'alter table orders alter column amount set not null',
    setUp: 'alter table orders add constraint there check (amount is not null)',
    locks: EXCLUSIVE,
    source: `${ALTER}, SET NOT NULL: the scan is skipped where a valid CHECK proves that no null can exist`,
  },
  {
    form: 'SET NOT NULL where a CHECK is not valid yet',
    sql: 'alter table orders alter column amount set not null',
    setUp: 'alter table orders add constraint there check (amount is not null) not valid',
    locks: EXCLUSIVE,
    scans: ['orders'],
    source: `${ALTER}, SET NOT NULL: only a valid CHECK proves that no null can exist`,
  },
  {
    form: 'two SET NOT NULL in one statement',
    sql: 'alter table orders alter column amount set not null, alter column state set not null',
    locks: EXCLUSIVE,
    scans: ['orders'],
    source: `${ALTER}, Notes: several changes are combined into one pass over the table`,
  },
  {
    form: 'SET STATISTICS',
    sql: 'alter table orders alter column amount set statistics 500',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${ALTER}, SET STATISTICS: SHARE UPDATE EXCLUSIVE lock`,
  },
  {
    form: 'SET (n_distinct)',
    sql: 'alter table orders alter column amount set (n_distinct = 100)',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${ALTER}, SET ( attribute_option ): SHARE UPDATE EXCLUSIVE lock`,
  },
  {
    form: 'SET STORAGE',
    sql: 'alter table orders alter column state set storage external',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
];
