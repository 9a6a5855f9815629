import { LOCKS } from './form';
import type { Form } from './form';

const INDEXES = { ix_orders: 'AccessExclusiveLock', ix_orders_amount: 'AccessExclusiveLock' };

/** Indexes, and what writes tables anew. */
export const INDEX_FORMS: readonly Form[] = [
  {
    form: 'CREATE INDEX',
    sql: 'create index ix_orders_state on orders (state)',
    locks: { orders: 'ShareLock' },
    builds: ['ix_orders_state'],
    source: `${LOCKS}: SHARE; CREATE INDEX, Building Indexes Concurrently: it locks out writes but not reads`,
  },
  {
    form: 'CREATE UNIQUE INDEX',
    sql: 'create unique index ix_orders_once on orders (id, state)',
    locks: { orders: 'ShareLock' },
    builds: ['ix_orders_once'],
    source: `${LOCKS}: SHARE`,
  },
  {
    form: 'CREATE INDEX with WHERE',
    sql: `create index ix_orders_new on orders (customer) where state = 'new'`,
    locks: { orders: 'ShareLock' },
    builds: ['ix_orders_new'],
    source: `${LOCKS}: SHARE`,
  },
  {
    form: 'CREATE INDEX on a partitioned table',
    sql: 'create index ix_events on events (day)',
    locks: { events: 'ShareLock', events_low: 'ShareLock' },
    builds: ['events_low_day_idx'],
    source: `${LOCKS}: SHARE; CREATE INDEX: it recurses to all partitions`,
  },
  {
    form: 'CREATE INDEX ON ONLY',
    sql: 'create index ix_events on only events (day)',
    locks: { events: 'ShareLock' },
    source: `${LOCKS}: SHARE; CREATE INDEX, ONLY: it does not recurse, and builds nothing`,
  },
  {
    form: 'DROP INDEX',
    sql: 'drop index ix_orders_amount',
    locks: { orders: 'AccessExclusiveLock' },
    indexLocks: { ix_orders_amount: 'AccessExclusiveLock' },
    source: 'DROP INDEX, CONCURRENTLY: without it ACCESS EXCLUSIVE on the index’s table',
  },
  {
    form: 'ALTER INDEX RENAME',
    sql: 'alter index ix_orders_amount rename to ix_orders_sum',
    locks: {},
    indexLocks: { ix_orders_amount: 'ShareUpdateExclusiveLock' },
    source: 'ALTER INDEX, RENAME: SHARE UPDATE EXCLUSIVE',
  },
  {
    form: 'ALTER INDEX SET (fillfactor)',
    sql: 'alter index ix_orders_amount set (fillfactor = 70)',
    locks: {},
    indexLocks: { ix_orders_amount: 'ShareUpdateExclusiveLock' },
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE, certain ALTER INDEX variants`,
  },
  {
    form: 'REINDEX INDEX',
    sql: 'reindex index ix_orders_amount',
    locks: { orders: 'ShareLock' },
    indexLocks: { ix_orders_amount: 'AccessExclusiveLock' },
    builds: ['ix_orders_amount'],
    source: 'REINDEX, Notes: it locks out writes of the table, and takes ACCESS EXCLUSIVE on the index',
  },
  {
    form: 'REINDEX TABLE',
    sql: 'reindex table orders',
    locks: { orders: 'ShareLock' },
    indexLocks: INDEXES,
    builds: ['ix_orders', 'ix_orders_amount'],
    source: 'REINDEX, Notes: it locks out writes of the table, and takes ACCESS EXCLUSIVE on each index',
  },
  {
    form: 'CLUSTER',
    sql: 'cluster orders using ix_orders',
    locks: { orders: 'AccessExclusiveLock' },
    rewrites: ['orders'],
    builds: ['ix_orders', 'ix_orders_amount'],
    source: 'CLUSTER, Description: ACCESS EXCLUSIVE; the table is copied in the order of the index',
  },
  {
    form: 'TRUNCATE',
    sql: 'truncate plain',
    locks: { plain: 'AccessExclusiveLock' },
    source: 'TRUNCATE, Notes: ACCESS EXCLUSIVE; rows are not scanned',
  },
  {
    form: 'REFRESH MATERIALIZED VIEW',
    sql: 'refresh materialized view totals',
    locks: { totals: 'AccessExclusiveLock' },
    rewrites: ['totals'],
    builds: ['ix_totals'],
    source: `${LOCKS}: ACCESS EXCLUSIVE, REFRESH MATERIALIZED VIEW without CONCURRENTLY`,
  },
  {
    form: 'REFRESH MATERIALIZED VIEW CONCURRENTLY',
    sql: 'refresh materialized view concurrently totals',
    locks: { totals: 'ExclusiveLock' },
    source: `${LOCKS}: EXCLUSIVE`,
  },
];
