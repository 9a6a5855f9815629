import type { TestCluster } from './cluster';

let running: TestCluster | undefined;

/** What the global set-up started and the global tear-down ends: both run in the same process. */
export function setCluster(cluster: TestCluster): void {
  running = cluster;
}

export function cluster(): TestCluster | undefined {
  return running;
}
