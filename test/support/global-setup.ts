import { startTestCluster } from './cluster';
import { setCluster } from './running';

/** Before all tests: one private cluster; its superuser's URL reaches the tests through the environment. */
// eslint-disable-next-line -- jest asks for a default export
export default async function start(): Promise<void> {
  const cluster = await startTestCluster();
  process.env['ONE_ROOF_TEST_PG'] = cluster.url;
  setCluster(cluster);
}
