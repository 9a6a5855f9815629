import { setTimeout } from 'node:timers/promises';
import { ReleaseError } from '../../core/rules/release-error';
import type { Session } from '../session';

const ASK_AGAIN_MS = 50;
const LIMIT_MS = 60_000;

/**
 * Who holds back what a rewrite may leave out: a snapshot of this database (a VACUUM's own keeps nothing alive, that of an ANALYZE does),
 * and a transaction that writes anywhere in the cluster, for the rewrite's own snapshot is as old as the oldest of them. $1: those that
 * began later do not.
 */
const OTHERS = `
with writing as (select pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot()) < $1::xid8 as holds_back),
others as (
  select case when a.application_name = '' then a.backend_type else a.application_name end || ' (pid ' || a.pid || ')' as who
    from pg_catalog.pg_stat_activity a, writing
   where a.pid <> pg_catalog.pg_backend_pid()
     and (holds_back and a.backend_xid is not null
          or a.datname = pg_catalog.current_database() and a.backend_xmin is not null
             and (a.backend_type <> 'autovacuum worker' or a.query !~ '^autovacuum: VACUUM (?!ANALYZE)'))
   union all select 'the prepared transaction ' || p.gid from pg_catalog.pg_prepared_xacts p, writing where holds_back)
select holds_back or who is not null as waits, coalesce(who, 'a transaction that has just ended') as who
  from writing, (select pg_catalog.string_agg(who, ', ') as who from others) named`;

/**
 * Waits until a rewrite leaves out all that is dead by now: else it would keep dead rows in their files, old values and all. Whoever
 * holds it back may be a session which was cut and whose end the server has not noticed yet, autovacuum, or another clone's restore.
 * @throws LOCK_TIMEOUT naming them, where they stay
 */
export async function untilAlone(session: Session): Promise<void> {
  const now = await session.query(
    'select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text as next',
  );
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const { rows } = await session.query(OTHERS, [now.rows[0]?.['next']]);
    if (rows[0]?.['waits'] === false) return;
    if (Date.now() > end)
      throw new ReleaseError('LOCK_TIMEOUT', `old values are kept by ${String(rows[0]?.['who'])}`);
    await setTimeout(ASK_AGAIN_MS);
  }
}
