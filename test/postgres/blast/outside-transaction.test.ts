import type { StatementMeasure } from '../../../src/core/schema/attempt';
import type { Step } from '../../../src/core/schema/step';
import { runStep } from '../../../src/postgres/autocommit/step-run';
import { convergenceOf } from '../../../src/postgres/autocommit/convergence';
import type { AttemptWork } from '../../../src/postgres/attempt-work';
import { withSession } from '../../../src/postgres/session';
import { urlOf, withClient } from '../../support/database';
import { NONCE, attemptOf, endpointOf, plannedTier, statements } from '../../support/prepared';
import { LOCKS } from './form';
import { freshShop } from './measured';

interface Form {
  readonly form: string;
  readonly sql: string;
  readonly step: Step;
  readonly setUp?: string;
  /** What another session holds, so that the statement waits where its locks are seen. */
  readonly held: string;
  readonly lock: { readonly relation: string; readonly mode: string };
  readonly rewrites?: readonly string[];
  readonly builds?: readonly string[];
  readonly source: string;
}

const WRITING = `insert into orders (id) values (-1)`;
const ORDERS = { name: 'orders' };

const FORMS: readonly Form[] = [
  {
    form: 'CREATE INDEX CONCURRENTLY',
    sql: 'create index concurrently ix_orders_state on orders (state)',
    step: { kind: 'create index', index: 'ix_orders_state', table: ORDERS, mayExist: false },
    held: WRITING,
    lock: { relation: 'public.orders', mode: 'ShareUpdateExclusiveLock' },
    builds: ['public.ix_orders_state'],
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE`,
  },
  {
    form: 'REINDEX INDEX CONCURRENTLY',
    sql: 'reindex index concurrently ix_orders_amount',
    step: { kind: 'reindex', of: 'index', object: { name: 'ix_orders_amount' } },
    held: WRITING,
    lock: { relation: 'public.orders', mode: 'ShareUpdateExclusiveLock' },
    builds: ['public.ix_orders_amount'],
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE`,
  },
  {
    form: 'DROP INDEX CONCURRENTLY',
    sql: 'drop index concurrently ix_orders_amount',
    step: { kind: 'drop index', index: { name: 'ix_orders_amount' }, mayBeMissing: false },
    held: WRITING,
    lock: { relation: 'public.orders', mode: 'ShareUpdateExclusiveLock' },
    source: `${LOCKS}: SHARE UPDATE EXCLUSIVE`,
  },
];

describe('the blast radius of a statement outside transactions is what the documentation says', () => {
  it.each(FORMS)('$form', async ({ sql, step, held, lock, rewrites = [], builds = [] }) => {
    const database = await freshShop();
    const measure = await ranBeside(database, { sql, step, held });
    expect(measure.locks).toContainEqual(expect.objectContaining({ ...lock, blocks: 'schema changes' }));
    expect(measure.locks.filter(({ blocks }) => blocks === 'reads and writes')).toEqual([]);
    expect(measure.rewrites).toEqual(rewrites);
    expect(measure.indexBuilds?.map(({ index }) => index)).toEqual(builds);
  });

  it('VACUUM FULL', async () => {
    const measure = await run(await freshShop(), 'vacuum full orders', { kind: 'vacuum' });
    expect(measure.rewrites).toEqual(['public.orders']);
    expect(measure.indexBuilds?.map(({ index }) => index).sort()).toEqual([
      'public.ix_orders',
      'public.ix_orders_amount',
    ]);
  });
});

/** Another session holds something until the statement has been seen to hold its lock and to wait. */
async function ranBeside(
  database: string,
  { sql, step, held }: Pick<Form, 'sql' | 'step' | 'held'>,
): Promise<StatementMeasure> {
  return withClient(urlOf(database), async (other) => {
    await other.query('begin');
    await other.query(held);
    const measure = run(database, sql, step);
    const waiting = `select from pg_locks where not granted and pid <> pg_backend_pid()
                       and locktype in ('virtualxid', 'relation', 'transactionid')`;
    while ((await other.query(waiting)).rowCount === 0);
    await untilLookedAt(database);
    await other.query('rollback');
    return measure;
  });
}

/** The look from beside has been made at least once more since the statement waits. */
async function untilLookedAt(database: string): Promise<void> {
  await withClient(urlOf(database), async (third) => {
    const looks = `select query_start::text as at from pg_stat_activity
                    where datname = current_database() and application_name = 'one-roof looks on'`;
    const before = (await third.query<{ at: string }>(looks)).rows[0]?.at;
    for (;;) {
      const now = (await third.query<{ at: string }>(looks)).rows[0]?.at;
      if (now !== undefined && before !== undefined && now !== before) return;
      if (before === undefined && now !== undefined) return;
    }
  });
}

async function run(database: string, sql: string, step: Step): Promise<StatementMeasure> {
  const endpoint = endpointOf(database, 'executor');
  const settings = { lockTimeoutMs: 20_000, statementTimeoutMs: 50_000 };
  const attempt = attemptOf(plannedTier('30_indexes', { transaction: false }), {
    release: 'r',
    claim: 1,
    ordinal: 1,
  });
  const [cut] = statements(sql);
  if (cut === undefined) throw new Error('no statement');
  const statement = { ...cut, step };
  const work: AttemptWork = {
    attempt,
    file: '30.sql',
    statements: [statement],
    probe: [],
    nonce: NONCE,
    beside: (look) =>
      withSession(endpoint, { application: 'one-roof looks on', ...settings, readOnly: true }, look),
  };
  const before = { found: 'not done', wasCutOff: false } as const;
  return withSession(endpoint, { application: 'one-roof test', ...settings }, (session) =>
    runStep(session, work, { statement, way: convergenceOf(step), before }),
  );
}
