import { Client } from 'pg';
import type { LiveChecks } from '../../src/core/schema/condition';
import { unmetAtServer } from '../../src/postgres/live-checks';
import { readOnly } from '../../src/postgres/read-only';
import { withSession } from '../../src/postgres/session';
import { startTestCluster } from '../support/cluster';
import type { TestCluster } from '../support/cluster';
import { urlOf, withClient } from '../support/database';
import { endpointOf, preparedDatabase } from '../support/prepared';
import { startStandby } from './batch/standby';

let cluster: TestCluster;
let database: string;
let stopStandby: () => Promise<void>;

beforeAll(async () => {
  cluster = await startTestCluster();
  process.env['ONE_ROOF_TEST_PG'] = cluster.url; // for this file alone: jest gives each an environment of its own
  database = await preparedDatabase('create table orders (id int)');
  stopStandby = await startStandby(cluster, '3s');
}, 120_000);
afterAll(async () => {
  await stopStandby();
  await cluster.stop();
});

function unmet(checks: LiveChecks): Promise<readonly string[]> {
  const settings = { application: 'one-roof test', lockTimeoutMs: 2000, statementTimeoutMs: 5000 };
  return withSession(endpointOf(database, 'reader'), settings, (session) =>
    unmetAtServer(async (work) => (await readOnly(session, () => work(session))).value, checks),
  );
}

describe('live checks, by the role that only reads', () => {
  it('hold where nobody is in the way', async () => {
    const all = { transactionAge: '1s', idleInTransaction: '1s', freeConnections: 10 };
    await expect(unmet(all)).resolves.toEqual([]);
    await expect(unmet({})).resolves.toEqual([]);
  });

  it('name a transaction that is old, and one that is idle', async () => {
    const holder = new Client({ connectionString: urlOf(database), application_name: 'nightly report' });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select count(*) from orders');
      await holder.query('select pg_sleep(0.3)');
      await expect(unmet({ transactionAge: '100ms' })).resolves.toEqual([
        expect.stringMatching(
          /^process \d+ \(postgres, nightly report\) has a transaction open for 0 s, at most 100ms$/,
        ),
      ]);
      await expect(unmet({ transactionAge: '1h', idleInTransaction: '1h' })).resolves.toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 150)); // what is tested is that time passes
      await expect(unmet({ idleInTransaction: '100ms' })).resolves.toEqual([
        expect.stringContaining('is idle in a transaction for 0 s, at most 100ms'),
      ]);
      const busy = holder.query('select pg_sleep(1)');
      await expect(unmet({ idleInTransaction: '1ms' })).resolves.toEqual([]);
      await busy;
    } finally {
      await holder.end();
    }
  });

  it('count the connections that are still to be had', async () => {
    const most = await withClient(urlOf(database), async (client) =>
      Number(
        (await client.query<{ n: string }>(`select current_setting('max_connections') as n`)).rows[0]?.n,
      ),
    );
    await expect(unmet({ freeConnections: most })).resolves.toEqual([
      expect.stringMatching(new RegExp(`^\\d+ connections are free, at least ${most}$`)),
    ]);
  });

  it('see a replica that replays 3 s late, and bear one that is near enough', async () => {
    await untilStreaming();
    await withClient(urlOf(database), (client) => client.query('insert into orders values (1)'));
    await expect(unmet({ replicaLag: '300ms' })).resolves.toEqual([
      expect.stringMatching(/^replica late_one is \d+\.\d s behind, at most 300ms$/),
    ]);
    await withClient(urlOf(database), (client) => client.query('insert into orders values (2)'));
    await expect(unmet({ replicaLag: '4500ms' })).resolves.toEqual([]);
  }, 60_000);
});

async function untilStreaming(): Promise<void> {
  for (;;) {
    const { rows } = await withClient(urlOf(database), (client) =>
      client.query(`select 1 from pg_stat_replication where state = 'streaming'`),
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50)); // not connected yet: asked again
  }
}
