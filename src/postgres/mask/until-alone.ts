import { setTimeout } from 'node:timers/promises';
import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';

const ASK_AGAIN_MS = 50;
const LIMIT_MS = 60_000;

/** A VACUUM's own snapshot keeps nothing alive; that of an ANALYZE does. */
const OTHERS = `
select pid, application_name, backend_type from pg_catalog.pg_stat_activity
 where datname = pg_catalog.current_database() and pid <> pg_catalog.pg_backend_pid() and backend_xmin is not null
   and (backend_type <> 'autovacuum worker' or query !~ '^autovacuum: VACUUM (?!ANALYZE)')`;

/**
 * Waits until nobody else has a snapshot of this database: it would keep dead rows in their files, old values and all. It may be that of
 * a session which was cut and whose end the server has not noticed yet, or autovacuum's.
 * @throws LOCK_TIMEOUT naming them, where they stay
 */
export async function untilAlone(session: Session): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const { rows } = await session.query(OTHERS);
    if (rows.length === 0) return;
    if (Date.now() > end) {
      const others = rows.map(
        (row) => `${String(row['application_name'] || row['backend_type'])} (pid ${String(row['pid'])})`,
      );
      throw new ReleaseError('LOCK_TIMEOUT', `old values are kept by the snapshots of ${others.join(', ')}`);
    }
    await setTimeout(ASK_AGAIN_MS);
  }
}
