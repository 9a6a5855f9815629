import type { Client } from 'pg';
import { superuserUrl } from '../../../src/embedded/postgres-cluster';
import { withClient } from '../../support/database';
import { waitFor } from './workflows';
import type { World } from './world';

/** Which statement is waited for: in a tier's attempt, or in the restore of a clone. */
export interface Running {
  readonly application: RegExp;
  readonly database: RegExp;
  readonly query?: RegExp;
}

/** An attempt at a tier calls itself by claim, ordinal and tier. */
export function attemptAt(tier: string): RegExp {
  return new RegExp(`^one-roof claim \\d+\\.\\d+ ${tier}$`);
}

/** Waits until `pg_stat_activity` shows such a statement at work. @returns its text */
export async function statementAtWork(world: World, running: Running): Promise<string> {
  return await withClient(superuserUrl(world.state, 'postgres'), (client) =>
    waitFor(String(running.application), () => look(client, running)),
  );
}

async function look(client: Client, { application, database, query }: Running): Promise<string | undefined> {
  const { rows } = await client.query<Readonly<Record<'application' | 'database' | 'query', string>>>(
    `select application_name as application, datname as database, query
       from pg_stat_activity where state = 'active' and datname is not null`,
  );
  const found = rows.find(
    (row) =>
      application.test(row.application) &&
      database.test(row.database) &&
      (query === undefined || query.test(row.query)),
  );
  return found?.query;
}
