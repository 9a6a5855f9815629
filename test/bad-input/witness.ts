import { superuser } from '../acceptance/support/greenfield';
import { waitFor } from '../acceptance/support/workflows';
import type { World } from '../acceptance/support/world';
import { stopOrganicWriter } from '../../src/embedded/organic-writer';

/** Nobody else writes in the cluster: neither the application nor the server by itself. */
export async function silence(world: World): Promise<void> {
  await stopOrganicWriter(world.state);
  await superuser(world.state, 'alter system set autovacuum = off', 'postgres');
  await superuser(world.state, 'select pg_reload_conf()', 'postgres');
  await waitFor('the end of autovacuum', async () => {
    const at = `select from pg_stat_activity where backend_type = 'autovacuum worker'`;
    return (await superuser(world.state, at, 'postgres')).length === 0 ? true : undefined;
  });
}

/**
 * What changes with the slightest write anywhere in the cluster: the next transaction id, which only what writes is given,
 * and the databases.
 */
export async function witness(world: World): Promise<string> {
  const [row] = await superuser(
    world.state,
    `select pg_snapshot_xmax(pg_current_snapshot())::text as next,
            (select array_agg(datname::text order by datname) from pg_database) as databases`,
    'postgres',
  );
  return JSON.stringify(row);
}
