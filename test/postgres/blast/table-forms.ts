import type { Form } from './form';

const ALTER = 'ALTER TABLE';
const EXCLUSIVE = { orders: 'AccessExclusiveLock' };
const REWRITTEN = { locks: EXCLUSIVE, rewrites: ['orders'], builds: ['ix_orders', 'ix_orders_amount'] };
const NEEDS_LESS = `${ALTER}, Description: SHARE UPDATE EXCLUSIVE lock`;

/** All other forms of ALTER TABLE. */
export const TABLE_FORMS: readonly Form[] = [
  {
    form: 'RENAME TO',
    sql: 'alter table orders rename to sales',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'SET (fillfactor)',
    sql: 'alter table orders set (fillfactor = 70)',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${ALTER}, SET ( storage_parameter ): SHARE UPDATE EXCLUSIVE lock for fillfactor`,
  },
  {
    form: 'CLUSTER ON',
    sql: 'alter table orders cluster on ix_orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: NEEDS_LESS,
  },
  {
    form: 'SET WITHOUT CLUSTER',
    sql: 'alter table orders set without cluster',
    setUp: 'alter table orders cluster on ix_orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: NEEDS_LESS,
  },
  {
    form: 'SET UNLOGGED',
    sql: 'alter table orders set unlogged',
    ...REWRITTEN,
    source: `${ALTER}, SET UNLOGGED; Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'REPLICA IDENTITY',
    sql: 'alter table orders replica identity full',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'ENABLE ROW LEVEL SECURITY',
    sql: 'alter table orders enable row level security',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'DISABLE TRIGGER',
    sql: 'alter table orders disable trigger touched',
    setUp: 'create trigger touched before update on orders for each row execute function touch()',
    locks: { orders: 'ShareRowExclusiveLock' },
    source: `${ALTER}, DISABLE/ENABLE TRIGGER: SHARE ROW EXCLUSIVE lock`,
  },
  {
    form: 'SET SCHEMA',
    sql: 'alter table plain set schema elsewhere',
    locks: { plain: 'AccessExclusiveLock' },
    source: `${ALTER}, Description: ACCESS EXCLUSIVE unless explicitly noted`,
  },
  {
    form: 'two forms in one statement',
    sql: 'alter table orders alter column amount set statistics 500, add column extra text',
    locks: EXCLUSIVE,
    source: `${ALTER}, Description: the lock is the strictest that any subcommand needs`,
  },
  {
    form: 'ATTACH PARTITION',
    sql: 'alter table events attach partition events_high for values from (1000) to (2000)',
    locks: { events: 'ShareUpdateExclusiveLock', events_high: 'AccessExclusiveLock' },
    scans: ['events_high'],
    source: `${ALTER}, ATTACH PARTITION: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the partition; it is scanned`,
  },
  {
    form: 'ATTACH PARTITION where a CHECK proves its bounds',
    sql: 'alter table events attach partition events_high for values from (1000) to (2000)',
    setUp: 'alter table events_high add constraint bounds check (id >= 1000 and id < 2000)',
    locks: { events: 'ShareUpdateExclusiveLock', events_high: 'AccessExclusiveLock' },
    source: `${ALTER}, ATTACH PARTITION: the scan is avoided by a valid CHECK`,
  },
  {
    form: 'ATTACH PARTITION beside a default partition',
    sql: 'alter table events attach partition events_high for values from (1000) to (2000)',
    setUp: `create table events_rest partition of events default;
            alter table events_high add constraint bounds check (id >= 1000 and id < 2000)`,
    locks: {
      events: 'ShareUpdateExclusiveLock',
      events_high: 'AccessExclusiveLock',
      events_rest: 'AccessExclusiveLock',
    },
    scans: ['events_rest'],
    source: `${ALTER}, ATTACH PARTITION: ACCESS EXCLUSIVE on the default partition, which is scanned`,
  },
  {
    form: 'DETACH PARTITION',
    sql: 'alter table events detach partition events_low',
    locks: { events: 'AccessExclusiveLock', events_low: 'AccessExclusiveLock' },
    source: `${ALTER}, DETACH PARTITION: ACCESS EXCLUSIVE without CONCURRENTLY`,
  },
  {
    form: 'INHERIT',
    sql: 'alter table plain inherit base',
    setUp: 'create table base (id int)',
    locks: { plain: 'AccessExclusiveLock', base: 'ShareUpdateExclusiveLock' },
    source: `${ALTER}, Description: ACCESS EXCLUSIVE; on the parent SHARE UPDATE EXCLUSIVE, as found`,
  },
];
