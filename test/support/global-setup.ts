import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCluster } from './cluster';
import { setCluster } from './running';

/** Before all tests: one private cluster, and a place for the Temporal server; both reach the tests by the environment. */
// eslint-disable-next-line -- jest asks for a default export
export default async function start(): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), 'one-roof-temporal-'));
  await chmod(state, 0o755);
  process.env['ONE_ROOF_TEST_STATE'] = state;
  const cluster = await startTestCluster();
  process.env['ONE_ROOF_TEST_PG'] = cluster.url;
  setCluster(cluster);
}
