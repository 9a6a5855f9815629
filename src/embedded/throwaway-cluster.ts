import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock';
import { dataOf, startCluster, stopCluster } from './postgres-cluster';
import type { ClusterOptions } from './postgres-cluster';
import { secret } from './state';

/** How the superuser reaches a cluster that is there for a while. */
export interface ThrowawayCluster {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * A cluster made new, and stopped and removed afterwards: roles, settings and databases that foreign SQL leaves in it are
 * nobody's. What a killed run has left is cleared first. One at a time in a state, which must hold no other cluster.
 */
export async function withThrowawayCluster<T>(
  options: ClusterOptions,
  work: (cluster: ThrowawayCluster) => Promise<T>,
): Promise<T> {
  const { state } = options;
  return await withLock(
    join(state.root, 'throwaway.lock'),
    () => undefined,
    async () => {
      await clear(options);
      try {
        const { host, port, superuser } = await startCluster({ ...options, lifetime: 'throwaway' });
        const password = secret(state, 'postgres');
        return await work({ host, port, database: 'postgres', user: superuser, password });
      } finally {
        await clear(options);
      }
    },
  );
}

async function clear({ state }: ClusterOptions): Promise<void> {
  await stopCluster(state);
  rmSync(dataOf(state), { recursive: true, force: true });
}
